"""What the associate and the customer read after the submission, one page for every state."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from applications.models import TermsAcceptance
from applications.statuses import Status
from applications.submission.cancellation import deliver_close
from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit
from audit.events import timeline
from merchants.models import Store


@pytest.fixture
def decided(client, ready, associate):
    """`decided(middle_name="P-CREDIT")`: submitted and answered, with the associate signed in."""
    client.force_login(associate)

    def run(**changes):
        application = ready(**changes)
        submit(application, by=associate, revision=application.revision)
        deliver_next()
        application.refresh_from_db()
        return application

    return run


def page(client, application, name="application", **extra):
    response = client.get(reverse(name, args=[application.pk]), **extra)
    assert response.status_code == 200
    return response.content.decode()


def test_approved_shows_limit_card_and_offers_in_no_other_words(client, decided):
    html = page(client, decided(middle_name="A-RR_L"))
    assert "<h1>Approved</h1>" in html
    assert "Flexiti has approved your application. Your credit limit is $2,500.00" in html
    assert "•••• " in html
    assert "Cancel the account" not in html


def test_quebec_approval_shows_debt_ratio_with_available_credit(client, decided, sandbox):
    sandbox.control("PUT", "adjudication", {"debt_ratio": 38.2})
    html = page(client, decided(province="QC", language="fr-CA", middle_name="A-RR_L"))
    assert "38.2%" in html
    assert "votre ratio d’endettement est de 38,2\u00a0%" in html
    assert "Keep the account" in html
    assert "Cancel the account" in html
    assert "above 45%" not in html


@pytest.mark.parametrize(("ratio", "is_high"), [("44.99", False), ("45", False), ("45.01", True)])
def test_quebec_debt_ratio_above_45_carries_the_french_warning(client, decided, sandbox, ratio, is_high):
    sandbox.control("PUT", "adjudication", {"debt_ratio": float(ratio)})
    application = decided(province="QC", middle_name="A-RR_L")
    assert ("above 45%" in page(client, application)) is is_high
    assert ("Avertissement" in page(client, application, "debt_ratio_document")) is is_high


def test_debt_ratio_document_is_quebecs_only(client, decided):
    application = decided(middle_name="A-RR_L")
    assert client.get(reverse("debt_ratio_document", args=[application.pk])).status_code == 404


@pytest.mark.parametrize(
    ("key", "heading", "words"),
    [
        ("P-CREDIT", "Under review at Flexiti", "It is neither approved nor refused."),
        ("P-EXIST_CUST", "Under review at Flexiti", "It is neither approved nor refused."),
        ("D-FRAUD", "Not approved", "Flexiti is not able to approve your application today."),
        ("D-MISSING_INFO", "Not approved", "Flexiti is not able to approve your application today."),
        ("D-NO_HIT", "Not approved", "Flexiti could not find a credit history in your name"),
        ("D-EMAIL_DBL_TIMEOUT", "Flexiti gave no clear answer", "we will not send it a second time"),
    ],
)
def test_every_answer_has_its_words_and_the_lenders_message(client, decided, key, heading, words):
    html = page(client, decided(middle_name=key))
    assert f"<h1>{heading}</h1>" in html
    assert words in html
    _, _, lenders = html.partition("The lender’s own message")
    assert "1-877-259-3750" in lenders


def test_existing_customer_is_not_told_declined(client, decided, sandbox):
    sandbox.fail("apply", "customer_already_exists")
    html = page(client, decided(middle_name="A-RR_L"))
    assert "you already have an account with them" in html
    assert "Not approved" not in html


def test_lender_message_is_shown_without_its_markup(client, decided, sandbox):
    html = page(client, decided(middle_name="D-NO_HIT"))
    assert "no-break" not in html
    assert "Unfortunately we can’t seem to find a credit history for you." in html


def test_correction_leads_to_the_very_field(client, decided):
    application = decided(sin="12345")
    html = page(client, application)
    address = reverse("step", args=[application.pk, "income"])
    assert f'href="{address}#id_sin"' in html
    step = client.get(address).content.decode()
    assert 'id="id_sin_error"' in step


def test_failure_to_reach_says_it_is_safe_and_sends_again(client, decided, credential, sandbox, associate):
    credential.base_url = "http://127.0.0.1:9/flexiti/pos-api/v2.5"
    credential.save()
    application = decided(middle_name="A-RR_L")
    html = page(client, application)
    assert "it is safe to send it again" in html
    assert application.merchant.support_contact in html
    client.post(reverse("send_again", args=[application.pk]))
    application.refresh_from_db()
    assert application.status == Status.QUEUED


def test_send_again_of_an_unknown_outcome_does_nothing(client, decided, sandbox):
    sandbox.fail("apply", "reset_after")
    application = decided()
    client.post(reverse("send_again", args=[application.pk]))
    application.refresh_from_db()
    assert application.status == Status.UNKNOWN
    assert application.attempts.count() == 1


def test_waiting_page_moves_on_by_itself(client, ready, associate):
    client.force_login(associate)
    application = ready(middle_name="A-RR_L")
    submit(application, by=associate, revision=application.revision)
    html = page(client, application)
    assert '<meta http-equiv="refresh"' in html
    status = reverse("application_status", args=[application.pk])
    assert client.get(status).status_code == 204
    deliver_next()
    assert client.get(status)["HX-Redirect"] == reverse("application", args=[application.pk])


def test_cancel_is_asked_twice_and_recorded(client, decided):
    application = decided(province="QC", middle_name="A-RR_L")
    address = reverse("cancel", args=[application.pk])
    assert "Cancel this account?" in client.get(address).content.decode()
    application.refresh_from_db()
    assert application.status == Status.APPROVED
    client.post(address)
    assert "The cancellation is under way" in page(client, application)
    deliver_close(application.cancellations.get().pk)
    assert "The account is cancelled" in page(client, application)


def test_cancel_without_confirmation_says_so(client, decided, sandbox):
    application = decided(province="QC", middle_name="A-RR_L")
    client.post(reverse("cancel", args=[application.pk]))
    sandbox.fail("close", "reset_after")
    deliver_close(application.cancellations.get().pk)
    html = page(client, application)
    assert "The cancellation is not confirmed" in html
    assert "Ask Flexiti again" in html


def test_keeping_the_account_is_evidence(client, decided):
    application = decided(province="QC", middle_name="A-RR_L")
    response = client.post(reverse("keep", args=[application.pk]))
    assert response["Location"] == reverse("customer_copy", args=[application.pk])
    assert timeline(application).filter(name="approval_kept").count() == 1


@pytest.mark.parametrize(
    ("staff", "language", "plan"),
    [("fr", "en-CA", "Equal Payments, No Interest"), ("en", "fr-CA", "Versements égaux, sans intérêt")],
)
def test_offered_plans_are_marked_with_the_language_of_their_names(client, decided, staff, language, plan):
    client.cookies["language"] = staff
    html = page(client, decided(province="QC", language=language, middle_name="A-RR_L"))
    assert f'<span lang="{language[:2]}">{plan}</span>' in html


def test_customer_copy_is_in_the_customers_language_with_the_terms(client, decided):
    application = decided(province="QC", language="fr-CA", middle_name="A-RR_L")
    html = page(client, application, "customer_copy")
    assert "Votre demande de crédit" in html
    assert "Votre droit de résolution" in html
    assert "Cardholder agreement" in html
    assert '<article class="document" lang="fr">' in html


def test_customer_copy_has_the_hour_at_the_store_and_numbers_in_the_customers_language(client, decided):
    application = decided(language="fr-CA", middle_name="A-RR_L")
    TermsAcceptance.objects.filter(application=application).update(accepted_at=datetime(2026, 11, 21, 1, 5, tzinfo=UTC))
    Store.objects.filter(pk=application.store.pk).update(time_zone="America/St_Johns")
    html = page(client, application, "customer_copy")
    assert "Acceptées le 20 novembre 2026, 21\u00a0h\u00a035." in html
    assert "1\u00a0877\u00a0259-3750" in html
    assert "2\u00a0500,00\u00a0$" in html


@pytest.mark.parametrize(
    "name", ["application", "application_status", "customer_copy", "debt_ratio_document", "cancel"]
)
def test_another_merchants_associate_sees_nothing(stranger_client, decided, name):
    application = decided(province="QC", middle_name="A-RR_L")
    assert stranger_client.get(reverse(name, args=[application.pk])).status_code == 404


@pytest.mark.parametrize("key", ["A-RR_L", "P-CREDIT", "D-FRAUD", "D-NO_HIT", "D-EMAIL_DBL_TIMEOUT"])
def test_every_outcome_page_is_whole_in_french(client, decided, key):
    client.cookies["language"] = "fr"
    html = page(client, decided(middle_name=key, province="QC", language="fr-CA"))
    assert "À dire au client" in html


def test_viewing_a_decision_leaves_a_trace(client, decided):
    application = decided(middle_name="A-RR_L")
    page(client, application)
    page(client, application, "customer_copy")
    names = list(timeline(application).values_list("name", flat=True))
    assert names[-2:] == ["viewed", "printed"]
