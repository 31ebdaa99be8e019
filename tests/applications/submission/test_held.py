"""The lender has an account already: what the associate decides, once."""

import pytest

from applications.answers import Answers
from applications.consents import Consent
from applications.models import ConsentKind, CustomerConsent, DeviceHolder
from applications.statuses import Status
from applications.submission.delivery import deliver_next
from applications.submission.held import (
    NotHeld,
    change_answers,
    held_attempt,
    mark_of,
    send_all_the_same,
    use_existing_account,
)
from applications.submission.sealing import submit
from audit.events import timeline
from merchants.credentials.sessions import client_for
from posapi import CreditApplication, new_reference_id
from tests.applications.people import submit_told

CONSENT = Consent(ConsentKind.ANOTHER_INQUIRY, DeviceHolder.CUSTOMER)


@pytest.fixture
def delivered(ready, associate):
    """Submit and deliver an application; it, as the database has it afterwards."""

    def run(**changes):
        application = ready(**changes)
        submit_told(application, by=associate)
        deliver_next()
        application.refresh_from_db()
        return application

    return run


@pytest.fixture
def held(delivered):
    """An application of somebody who has an account since a moment ago."""
    delivered(middle_name="A-RR_L")
    application = delivered(middle_name="A-RR_L")
    assert application.status == Status.HELD
    return application


def mark(application):
    return mark_of(held_attempt(application))


def names(application):
    return list(timeline(application).values_list("name", flat=True))


def test_existing_account_is_used_and_nothing_is_sent(held, associate, sandbox):
    use_existing_account(held, mark=mark(held), by=associate)
    held.refresh_from_db()
    attempt = held.latest_attempt
    assert held.status == Status.ALREADY_CUSTOMER
    assert (attempt.outcome, attempt.outcome_code) == ("failed", "found_before_sending")
    assert attempt.closed_at
    assert attempt.sending_since is None
    assert held.reference_id not in sandbox.applies()
    assert names(held) == ["submitted", "held", "existing_account_used", "purged"]


def test_existing_account_purges_what_could_hurt_the_customer(held, associate):
    use_existing_account(held, mark=mark(held), by=associate)
    held.refresh_from_db()
    assert held.latest_attempt.sensitive is None
    assert not {"sin", "security_answer", "piw", "govid_number"} & set(Answers.from_json(held.answers).flat())


def test_answers_are_changed_and_another_person_is_sent(held, associate, sandbox):
    before = held.revision
    change_answers(held, mark=mark(held), by=associate)
    held.refresh_from_db()
    assert (held.status, held.latest_attempt.outcome_code) == (Status.DRAFT, "withdrawn")
    assert held.revision > before
    answers = Answers.from_json(held.answers)
    identity = {**answers.saved["identity"], "dob": "1988-04-10"}
    held.answers = answers.with_step("identity", identity, identity).to_json()
    held.save()
    submit(held, by=associate, revision=held.revision)
    deliver_next()
    held.refresh_from_db()
    assert held.status == Status.APPROVED
    assert [attempt.outcome for attempt in held.attempts.order_by("number")] == ["failed", "approved"]
    assert sandbox.applies()[held.reference_id]["received"] == 1


def test_sending_all_the_same_keeps_the_consent_and_passes_the_account(held, associate, sandbox):
    send_all_the_same(held, mark=mark(held), consent=CONSENT, by=associate)
    held.refresh_from_db()
    assert held.status == Status.QUEUED
    sandbox.control("PUT", "switches", {"duplicate_check": False})
    consent = CustomerConsent.objects.get()
    assert (consent.attempt, consent.kind, consent.language) == (held.latest_attempt, "another_inquiry", "en")
    assert (consent.recorded_by, consent.device_holder) == (associate, "customer")
    deliver_next()
    held.refresh_from_db()
    assert held.status == Status.APPROVED
    assert sandbox.applies()[held.reference_id]["received"] == 1
    assert names(held) == ["submitted", "held", "consent_given", "released", "sent", "answered", "purged"]


def test_sending_all_the_same_may_still_be_refused_as_a_duplicate(held, associate):
    send_all_the_same(held, mark=mark(held), consent=CONSENT, by=associate)
    deliver_next()
    held.refresh_from_db()
    assert (held.status, held.latest_attempt.outcome_code) == (Status.ALREADY_CUSTOMER, "customer_already_exists")


def test_account_opened_since_the_consent_is_held_again(held, credential, associate, sandbox):
    page = mark(held)
    sandbox.control("PUT", "switches", {"duplicate_check": False})
    send_all_the_same(held, mark=page, consent=CONSENT, by=associate)
    with client_for(credential) as client:  # somewhere else, at the same moment
        client.flow(new_reference_id()).apply(CreditApplication.from_body(held.latest_attempt.body))
    deliver_next()
    held.refresh_from_db()
    assert (held.status, len(held.latest_attempt.found)) == (Status.HELD, 2)
    with pytest.raises(NotHeld):
        send_all_the_same(held, mark=page, consent=CONSENT, by=associate)


def test_decision_about_an_older_page_is_refused(held, associate):
    for decide in (use_existing_account, change_answers):
        with pytest.raises(NotHeld):
            decide(held, mark="1 2026-01-01T00:00:00+00:00", by=associate)
    held.refresh_from_db()
    assert held.status == Status.HELD


def test_second_decision_changes_nothing(held, associate):
    page = mark(held)
    use_existing_account(held, mark=page, by=associate)
    with pytest.raises(NotHeld):
        use_existing_account(held, mark=page, by=associate)
    with pytest.raises(NotHeld):
        change_answers(held, mark=page, by=associate)
    with pytest.raises(NotHeld):
        send_all_the_same(held, mark=page, consent=CONSENT, by=associate)
    held.refresh_from_db()
    assert held.status == Status.ALREADY_CUSTOMER
    assert not CustomerConsent.objects.exists()
