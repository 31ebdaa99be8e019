"""The form on which a manager writes down what the lender said."""

import pytest
from django.urls import reverse

from applications.models import Application, Settlement, SubmissionAttempt
from applications.statuses import Status
from applications.submission.by_person import settle_as_told
from applications.submission.decisions import Decision
from applications.submission.settlement import decision_of
from merchants.models import Role
from tests.applications.journey.conftest import person, signed_in
from tests.applications.people import another_person
from tests.applications.submission.unsettled import UNTIL_NO_ACCOUNT, open_account
from tests.factories import StoreFactory

CALLED = "Spoke to Marie at 16:10, call 4471"


@pytest.fixture
def manager(store):
    return person("Daniel Wong", store, Role.MANAGER)


@pytest.fixture
def manager_client(manager):
    return signed_in(manager)


def settle(client, application, **data):
    return client.post(reverse("settle", args=[application.pk]), data, follow=True)


def form(client, application):
    return client.get(reverse("settle", args=[application.pk]))


def html_of(answer):
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("told", "heading"),
    [
        ("declined", "Not approved"),
        ("pending", "Under review at Flexiti"),
        ("no_account", "Flexiti has no account for this application"),
    ],
)
def test_settling_is_written_down_and_told(manager_client, manager, unknown, told, heading):
    application = unknown("reset_before")
    html = html_of(settle(manager_client, application, told=told, reason=CALLED))
    assert f"<h1>{heading}</h1>" in html
    assert "Settled by Daniel Wong on" in html
    assert f"Reason: {CALLED}" in html
    settlement = Settlement.objects.get()
    assert (settlement.outcome, settlement.settled_by, settlement.reason) == (told, manager, CALLED)


def test_reason_is_for_managers_only(manager_client, unknown, associate):
    application = unknown("reset_before")
    settle(manager_client, application, told="declined", reason=CALLED)
    html = html_of(signed_in(associate).get(reverse("application", args=[application.pk])))
    assert "Settled by Daniel Wong on" in html
    assert CALLED not in html


def test_approval_in_quebec_is_told_with_what_is_missing_and_can_be_cancelled(manager_client, unknown):
    application = unknown("reset_before", province="QC")
    html = html_of(settle(manager_client, application, told="approved", account_number="2003 5156", reason=CALLED))
    assert "<h1>Approved</h1>" in html
    assert "Flexiti did not give us your available credit: ask them for it at" in html
    assert "There is no debt ratio document" in html
    assert "Card ending in" not in html
    assert reverse("cancel", args=[application.pk]) in html
    application.refresh_from_db()
    assert decision_of(application).account_number == "20035156"


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"reason": CALLED}, "Choose what Flexiti said."),
        ({"told": "declined"}, "Write down how you know"),
        ({"told": "declined", "reason": "   "}, "Write down how you know"),
        ({"told": "approved", "reason": CALLED}, "An approval has an account number."),
        ({"told": "approved", "reason": CALLED, "account_number": "20O35156"}, "Enter the digits only"),
        ({"told": "approved", "reason": CALLED, "account_number": "1" * 15}, "Enter the digits only"),
        ({"told": "declined", "reason": CALLED, "account_number": "2"}, "Only an approval has an account number."),
        ({"told": "cancelled", "reason": CALLED}, "Select a valid choice."),
    ],
)
def test_form_says_what_is_missing(manager_client, unknown, data, complaint):
    application = unknown("reset_before")
    answer = settle(manager_client, application, **data)
    assert answer.status_code == 422
    assert complaint in html_of(answer)
    assert not Settlement.objects.exists()


def test_account_of_another_application_is_refused(manager_client, unknown, associate):
    other, application = unknown("reset_before", **another_person(2)), unknown("reset_before")
    settle_as_told(other, Status.APPROVED, account_number="20035156", reason=CALLED, by=associate)
    answer = settle(manager_client, application, told="approved", account_number="20035156", reason=CALLED)
    assert (answer.status_code, application.settlements.count()) == (422, 0)
    assert "Another application brought this account, or the customer had it before." in html_of(answer)


def test_settled_meanwhile_writes_nothing_down(manager_client, unknown, associate):
    application = unknown("reset_before")
    assert form(manager_client, application).status_code == 200
    settle_as_told(application, Status.PENDING, reason="A colleague called", by=associate)
    html = html_of(settle(manager_client, application, told="declined", reason=CALLED))
    assert "<h1>Under review at Flexiti</h1>" in html
    assert Settlement.objects.count() == 1


def test_missing_account_may_be_settled_but_not_as_missing_again(manager_client, unknown, searched):
    application = searched(unknown("reset_before"), *UNTIL_NO_ACCOUNT)
    assert 'value="no_account"' not in html_of(form(manager_client, application))
    assert "<h1>Not approved</h1>" in html_of(settle(manager_client, application, told="declined", reason=CALLED))


def test_form_shows_the_accounts_that_no_search_could_tell_apart(manager_client, unknown, searched, sandbox):
    application = unknown(middle_name="A-RR_L")
    sandbox.control("PUT", "switches", {"duplicate_check": False})
    open_account(sandbox, application)
    searched(application, 10)
    html = html_of(form(manager_client, application))
    assert "Account 2 of 2 at Flexiti" in html
    assert html.count("European Restorations") >= 2


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.DRAFT])
def test_late_answer_about_what_is_over_or_open_again_can_be_settled(manager_client, unknown, associate, status):
    application = unknown("reset_before")
    settle_as_told(application, Status.DECLINED, reason=CALLED, by=associate)
    attempt = application.attempts.get()
    attempt.look_verdict, attempt.outcome = "contradicted", Status.APPROVED
    attempt.answer = Decision(status=Status.APPROVED, account_number="20035156").to_json()
    attempt.save()
    Application.objects.filter(pk=application.pk).update(status=status)
    for listed in ("counter", "worklist_unknown"):
        page = html_of(manager_client.get(reverse(listed)))
        assert reverse("settle" if status == Status.DRAFT else "application", args=[application.pk]) in page or (
            listed == "worklist_unknown" and reverse("settle", args=[application.pk]) in page
        )
    assert "A late answer says: Approved." in page
    html = html_of(form(manager_client, application))
    assert "It says: Approved, account number ••• 56. It stays as it is until" in html
    assert "20035156" not in html
    assert f"It stays as it is: {status.label}" in html
    assert ('value="approved"' in html) is (status == Status.DRAFT)
    assert ("ask them to close it" in html) is (status == Status.CANCELLED)
    settle(manager_client, application, told=status, reason=CALLED)
    application.refresh_from_db()
    assert (application.status, application.attempts.get().look_verdict) == (status, "overruled")
    assert "A late answer" not in html_of(manager_client.get(reverse("worklist_unknown")))


def test_account_number_of_a_late_answer_is_masked_in_french_too(manager_client, unknown, associate):
    application = unknown("reset_before")
    settle_as_told(application, Status.DECLINED, reason=CALLED, by=associate)
    answer = Decision(status=Status.APPROVED, account_number="20035156")
    attempt = application.attempts.get()
    attempt.look_verdict, attempt.outcome, attempt.answer = "contradicted", Status.APPROVED, answer.to_json()
    attempt.save()
    manager_client.cookies["language"] = "fr"
    html = html_of(form(manager_client, application))
    assert "Elle dit : Approuvée, numéro de compte ••• 56. La demande reste telle quelle" in html
    assert "20035156" not in html


def test_form_tells_what_a_later_send_was_answered(manager_client, unknown, associate):
    application = unknown("reset_before")
    first = application.attempts.get()
    SubmissionAttempt.objects.create(
        application=application,
        number=2,
        acceptance=first.acceptance,
        store=first.store,
        credential=first.credential,
        submitted_by=associate,
        snapshot={},
        closed_at=first.closed_at,
        outcome=Status.ALREADY_CUSTOMER,
        answer=Decision(status=Status.ALREADY_CUSTOMER, http_status=409).to_json(),
    )
    html = html_of(form(manager_client, application))
    assert "Already a Flexiti customer. That may be because the first one did arrive" in html
    assert 'value="already_customer"' in html


def test_associate_reads_who_may_settle(unknown, associate, manager):
    application = unknown("reset_before")
    answer = form(signed_in(associate), application)
    assert answer.status_code == 403
    assert "These managers of the store can settle it: Daniel Wong." in html_of(answer)
    assert settle(signed_in(associate), application, told="declined", reason=CALLED).status_code == 403
    assert not Settlement.objects.exists()


def test_store_without_a_manager_sends_to_the_administrator(unknown, associate):
    assert "Tell your administrator." in html_of(form(signed_in(associate), unknown("reset_before")))


def test_manager_of_another_store_finds_nothing(unknown, store):
    elsewhere = StoreFactory(merchant=store.merchant)
    client = signed_in(person("other", elsewhere, Role.MANAGER))
    assert form(client, unknown("reset_before")).status_code == 404


def test_what_is_known_is_not_settled(manager_client, ready):
    application = ready()
    assert form(manager_client, application).status_code == 302


def test_form_in_french(manager_client, unknown):
    manager_client.cookies["language"] = "fr"
    html = html_of(form(manager_client, unknown("reset_before")))
    assert "Établir le résultat" in html
    assert "Qu’a dit Flexiti?" in html
