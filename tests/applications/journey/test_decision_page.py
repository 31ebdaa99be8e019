"""The figures of a decision: nothing is a figure too, and what the lender did not tell is not nothing."""

import pytest
from django.urls import reverse

from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit


@pytest.fixture
def told(client, ready, associate):
    """`told({"available_credit": ""}, province="QC")`: an approval in which the lender told just that."""
    client.force_login(associate)

    def run(figures, **changes):
        application = ready(middle_name="A-RR_L", **changes)
        submit(application, by=associate, revision=application.revision)
        deliver_next()
        attempt = application.latest_attempt
        attempt.answer = {**attempt.answer, **figures}
        attempt.save()
        return application

    return run


def page(client, application, name="application"):
    return client.get(reverse(name, args=[application.pk])).content.decode()


def test_zero_is_shown_as_a_figure(client, told):
    application = told({"available_credit": "0", "credit_limit": "0.00", "debt_ratio": "0"}, province="QC")
    html = page(client, application)
    assert "You have $0.00 of available credit, and your debt ratio is 0%." in html
    assert "Not told" not in html
    assert "0%" in page(client, application, "debt_ratio_document")
    assert "its $0.00 of available credit?" in page(client, application, "cancel")


@pytest.mark.parametrize("missing", ["available_credit", "credit_limit"])
@pytest.mark.parametrize("province", ["ON", "QC"])
def test_figure_that_was_not_told_says_so(client, told, province, missing):
    html = page(client, told({missing: ""}, province=province))
    assert "<h1>Approved</h1>" in html
    assert html.count("Not told") == 1
    assert "You have  of" not in html
    assert "credit limit is ," not in html


def test_debt_ratio_is_shown_also_when_no_amount_was_told(client, told):
    html = page(client, told({"available_credit": "", "credit_limit": "", "debt_ratio": "46"}, province="QC"))
    assert "46%" in html
    assert html.count("Not told") == 1


def test_no_figures_are_no_list_of_gaps(client, told):
    assert "Not told" not in page(client, told({"available_credit": "", "credit_limit": ""}))


def test_figures_that_were_not_told_are_asked_for_at_the_lender(client, told):
    nothing = {"available_credit": "", "credit_limit": "", "debt_ratio": None, "offer_types": []}
    application = told(nothing, province="QC")
    assert "Flexiti did not give us your available credit: ask them for it at" in page(client, application)
    assert "the account that was just approved? Cancelling costs nothing." in page(client, application, "cancel")
    assert "Not given" in page(client, application, "customer_copy")


def test_figures_that_were_not_told_in_french(client, told):
    html = page(client, told({"available_credit": "", "credit_limit": ""}, language="fr-CA"))
    assert "Flexiti ne nous a pas donné tous les montants de votre compte" in html
