"""Sending again after no account was found: with consent, after a last look, once."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from applications.answers import Answers
from applications.consents import Consent
from applications.models import Application, ConsentKind, CustomerConsent, DeviceHolder, TermsAcceptance
from applications.retention.purging import purge_by_the_hour
from applications.statuses import Status
from applications.submission import again
from applications.submission.again import AnswersGone, may_send_again, send_again
from applications.submission.delivery import deliver_next
from applications.submission.reconciliation import look_for_what_is_due
from applications.submission.same_person import OthersOfPerson, PersonAppliedBefore, PersonUnderWay, mark_of
from applications.submission.sealing import NotReadyToSubmit
from applications.submission.settlement import AlreadySettled, decision_of
from applications.verdicts import Verdict
from audit.events import timeline
from merchants.credentials.circuits import LenderNotAnswering
from merchants.models import Circuit, CircuitState
from posapi import errors
from tests.applications.people import submit_told
from tests.applications.submission.unsettled import UNTIL_NO_ACCOUNT, open_account

CONSENT = Consent(ConsentKind.ANOTHER_INQUIRY, DeviceHolder.CUSTOMER)


@pytest.fixture
def no_account(unknown, searched):
    """`no_account(middle_name="A-RR_L")`: the request was lost, and searched for in vain."""

    def make(fault="reset_before", **changes):
        return searched(unknown(fault, **changes), *UNTIL_NO_ACCOUNT)

    return make


def test_send_again_sends_what_was_sent_before(no_account, associate, sandbox):
    application = no_account(middle_name="A-RR_L")
    assert may_send_again(application)
    assert send_again(application, CONSENT, by=associate) == Verdict.ABSENT
    deliver_next()
    application.refresh_from_db()
    first, second = application.attempts.order_by("number")
    assert application.status == Status.APPROVED
    assert (second.snapshot, second.digest, second.acceptance) == (first.snapshot, first.digest, first.acceptance)
    assert (first.sensitive, second.sensitive) == (None, None)
    body = sandbox.requests(reference_id=application.reference_id, bodies="1")[-1]["body"]
    assert (body["sin"], body["security_answer"]) == ("046454286", "Mrs Horse")
    assert sandbox.applies()[application.reference_id]["accepted"] == 1


def test_send_again_keeps_the_consent_with_the_attempt(no_account, associate):
    application = no_account(language="fr-CA", province="QC")
    send_again(application, CONSENT, by=associate)
    consent = CustomerConsent.objects.get()
    assert consent.attempt == application.latest_attempt
    assert (consent.kind, consent.language, consent.recorded_by) == ("another_inquiry", "fr", associate)
    names = list(timeline(application).values_list("name", flat=True))
    assert names[-3:] == ["looked", "consent_given", "submitted"]


def test_send_again_looks_once_more_and_settles_what_it_finds(no_account, associate, sandbox):
    application = no_account()
    open_account(sandbox, application)
    assert send_again(application, CONSENT, by=associate) == Verdict.FOUND
    application.refresh_from_db()
    assert (application.status, application.attempts.count()) == (Status.APPROVED, 1)
    assert not CustomerConsent.objects.exists()


def test_send_again_leaves_several_accounts_to_a_manager(no_account, associate, sandbox):
    application = no_account()
    sandbox.control("PUT", "switches", {"duplicate_check": False})
    for _ in range(2):
        open_account(sandbox, application)
    assert send_again(application, CONSENT, by=associate) == Verdict.AMBIGUOUS
    application.refresh_from_db()
    assert application.status == Status.NO_ACCOUNT
    assert not may_send_again(application)


def test_send_again_sends_nothing_while_the_lender_cannot_be_asked(no_account, associate, sandbox):
    application = no_account()
    sandbox.fail("search", "internal_error")
    with pytest.raises(errors.UnreadableAnswer):
        send_again(application, CONSENT, by=associate)
    assert application.attempts.count() == 1


def test_send_again_does_not_wait_for_a_lender_that_is_down(no_account, associate, credential):
    application = no_account()
    Circuit.objects.update_or_create(credential=credential, defaults={"state": CircuitState.OPEN})
    with pytest.raises(LenderNotAnswering):
        send_again(Application.objects.get(pk=application.pk), CONSENT, by=associate)


def test_send_again_where_nobody_may_search_takes_a_persons_word(no_account, associate, sandbox):
    application = no_account(middle_name="A-RR_L")
    sandbox.fail("search", "insufficient_scope", times=2)
    assert send_again(application, CONSENT, by=associate) == Verdict.ABSENT
    deliver_next()
    application.refresh_from_db()
    assert application.status == Status.APPROVED


def test_send_again_twice_is_one_attempt(no_account, associate):
    first = no_account()
    second = Application.objects.get(pk=first.pk)
    send_again(first, CONSENT, by=associate)
    with pytest.raises(AlreadySettled):
        send_again(second, CONSENT, by=associate)
    assert (first.attempts.count(), CustomerConsent.objects.count()) == (2, 1)


def test_consent_is_to_one_more_send_only(no_account, associate, sandbox, searched):
    application = no_account()
    send_again(application, CONSENT, by=associate, after=1)
    sandbox.fail("apply", "reset_before")
    deliver_next()
    application = searched(application, *UNTIL_NO_ACCOUNT)
    with pytest.raises(AlreadySettled):
        send_again(application, CONSENT, by=associate, after=1)
    assert (application.attempts.count(), CustomerConsent.objects.count()) == (2, 1)


def test_send_again_notices_one_that_went_out_during_its_last_search(no_account, associate, sandbox, monkeypatch):
    """The other click's send was not processed, so that the first send is the one in question as before."""
    application = no_account()

    def search_slowly(attempt):
        monkeypatch.undo()
        send_again(Application.objects.get(), CONSENT, by=associate)
        sandbox.fail("apply", "invalid_role")
        deliver_next()
        return Verdict.ABSENT

    monkeypatch.setattr(again, "look_now", search_slowly)
    with pytest.raises(AlreadySettled):
        send_again(application, CONSENT, by=associate)
    assert Application.objects.get().status == Status.NO_ACCOUNT
    assert (application.attempts.count(), CustomerConsent.objects.count()) == (2, 1)


@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.APPROVED, Status.DRAFT])
def test_send_again_is_for_no_account_only(no_account, associate, status):
    application = no_account()
    Application.objects.filter(pk=application.pk).update(status=status)
    application.refresh_from_db()
    assert not may_send_again(application)
    with pytest.raises(AlreadySettled):
        send_again(application, CONSENT, by=associate)


def test_send_again_needs_the_terms_accepted(no_account, associate):
    application = no_account()
    TermsAcceptance.objects.update(voided_at=timezone.now())
    with pytest.raises(NotReadyToSubmit):
        send_again(application, CONSENT, by=associate)
    assert application.attempts.count() == 1


def test_send_again_waits_for_another_application_of_the_person(no_account, ready, associate):
    application = no_account()
    submit_told(ready(), by=associate)
    with pytest.raises(PersonUnderWay):
        send_again(application, CONSENT, by=associate)
    application.refresh_from_db()
    assert (application.status, CustomerConsent.objects.count()) == (Status.NO_ACCOUNT, 0)


def test_send_again_is_refused_for_an_answer_of_which_nobody_was_told(no_account, ready, associate):
    application, other = no_account(), ready()
    submit_told(other, by=associate)
    Application.objects.filter(pk=other.pk).update(status=Status.DECLINED)
    with pytest.raises(PersonAppliedBefore):
        send_again(application, CONSENT, by=associate)
    assert (application.attempts.count(), CustomerConsent.objects.count()) == (1, 0)
    told = mark_of(OthersOfPerson.of(application).answered)
    assert send_again(application, CONSENT, by=associate, told=told) == Verdict.ABSENT


def test_second_send_that_is_not_processed_leaves_the_first_one_open(no_account, associate, sandbox):
    application = no_account()
    send_again(application, CONSENT, by=associate)
    assert application.unsettled_attempt.next_look_at is None
    sandbox.fail("apply", "invalid_role")
    deliver_next()
    application.refresh_from_db()
    assert (application.status, decision_of(application).error) == (Status.NO_ACCOUNT, "RoleNotProvisioned")
    assert application.unsettled_attempt.number == 1
    assert application.unsettled_attempt.next_look_at > timezone.now()
    assert may_send_again(application)


def test_second_send_whose_answer_is_lost_is_searched_for(no_account, associate, sandbox, searched):
    application = no_account(middle_name="A-RR_L")
    send_again(application, CONSENT, by=associate)
    sandbox.fail("apply", "reset_after")
    deliver_next()
    application.refresh_from_db()
    assert (application.status, application.unsettled_attempt.number) == (Status.UNKNOWN, 2)
    assert searched(application, 10).status == Status.APPROVED


def test_second_send_gives_way_to_an_account_that_the_first_one_opened(no_account, associate, sandbox):
    application = no_account()
    send_again(application, CONSENT, by=associate)
    open_account(sandbox, application)
    deliver_next()
    application.refresh_from_db()
    assert application.status == Status.NO_ACCOUNT
    look_for_what_is_due()
    application.refresh_from_db()
    assert application.status == Status.APPROVED
    assert sandbox.applies()[application.reference_id] == {"received": 1, "accepted": 0}


def test_answers_are_kept_for_as_long_as_a_draft_and_then_erased(no_account, associate):
    application = no_account()
    purge_by_the_hour()
    assert may_send_again(application)
    old = timezone.now() - timedelta(hours=settings.DRAFT_HOURS, minutes=1)
    Application.objects.update(updated_at=old)
    purge_by_the_hour()
    purge_by_the_hour()
    application.refresh_from_db()
    assert "sin" not in Answers.from_json(application.answers).flat()
    assert not may_send_again(application)
    with pytest.raises(AnswersGone):
        send_again(application, CONSENT, by=associate)
    assert timeline(application).filter(name="purged").count() == 1


def test_erased_answers_are_still_looked_for(no_account, searched, sandbox):
    application = no_account()
    open_account(sandbox, application)
    Application.objects.update(updated_at=timezone.now() - timedelta(days=30))
    purge_by_the_hour()
    assert searched(application, 3360).status == Status.APPROVED
