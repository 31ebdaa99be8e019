"""What could hurt a customer goes in the transaction of the final answer, on whichever way that comes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.answers import SENSITIVE_FIELDS, Answers
from applications.models import Application, SettledBy, SubmissionAttempt
from applications.retention.purging import purge_by_the_hour
from applications.statuses import FINAL, Status
from applications.submission.by_person import settle_as_told
from applications.submission.claims import begin_sending, claim_next
from applications.submission.decisions import Decision
from applications.submission.delivery import deliver_next
from applications.submission.held import held_attempt, mark_of, use_existing_account
from applications.submission.recording import give_up, record_decision
from applications.submission.settlement import settle
from audit.events import timeline
from tests.applications.people import submit_told
from tests.applications.submission.unsettled import UNTIL_NO_ACCOUNT


def keeps(application):
    """Whether a SIN, a security answer, an identification word or a full ID number is left anywhere."""
    application = Application.objects.get(pk=application.pk)
    flat = Answers.from_json(application.answers).flat()
    snapshots = [attempt.snapshot or {} for attempt in application.attempts.all()]
    in_the_clear = any(SENSITIVE_FIELDS & set(body) for body in (flat, *snapshots))
    return in_the_clear or application.attempts.filter(sensitive__isnull=False).exists()


def purges(application):
    return timeline(application).filter(name="purged").count()


@pytest.fixture
def sending(ready, associate):
    def make(**changes):
        application = ready(**changes)
        submit_told(application, by=associate)
        attempt = claim_next()
        begin_sending(attempt)
        assert keeps(application)
        return application, attempt

    return make


@pytest.mark.parametrize("status", sorted(FINAL - {Status.CANCELLING, Status.CANCELLED}))
def test_every_final_answer_of_a_call(sending, status):
    application, attempt = sending()
    record_decision(attempt, Decision(status=status))
    assert not keeps(application)
    assert purges(application) == 1


@pytest.mark.parametrize("status", [Status.FAILED, Status.NEEDS_CORRECTION, Status.UNKNOWN])
def test_answer_that_is_not_final_leaves_what_is_still_needed(sending, status):
    application, attempt = sending()
    record_decision(attempt, Decision(status=status))
    assert keeps(application)
    assert purges(application) == 0


@pytest.mark.parametrize("told", [Status.APPROVED, Status.DECLINED, Status.PENDING])
def test_settled_by_a_person(sending, manager, told):
    application, attempt = sending()
    give_up(attempt)
    assert keeps(application)
    settle_as_told(application, told, reason="Flexiti said so.", by=manager)
    assert not keeps(application)


def test_settled_by_a_search(sending):
    application, attempt = sending()
    give_up(attempt)
    found = Decision(status=Status.APPROVED, account_number="12345678")
    settle(SubmissionAttempt.objects.get(pk=attempt.pk), found, how=SettledBy.SEARCH)
    assert not keeps(application)


def test_late_answer_settles_it(sending):
    application, attempt = sending()
    give_up(attempt)
    record_decision(attempt, Decision(status=Status.DECLINED))
    assert not keeps(application)


def test_no_account_keeps_it_for_a_second_send_and_no_longer(unknown, searched, settings):
    application = unknown("reset_before")
    application = searched(application, *UNTIL_NO_ACCOUNT)
    assert application.status == Status.NO_ACCOUNT
    purge_by_the_hour()
    assert keeps(application)
    Application.objects.update(updated_at=timezone.now() - timedelta(hours=settings.DRAFT_HOURS, minutes=1))
    purge_by_the_hour()
    assert not keeps(application)


def test_customer_uses_the_account_there_is(ready, associate, sandbox):
    first = ready(middle_name="A-RR_L")
    submit_told(first, by=associate)
    deliver_next()
    second = ready(middle_name="A-RR_L")
    submit_told(second, by=associate)
    deliver_next()
    second.refresh_from_db()
    assert second.status == Status.HELD
    assert keeps(second)
    use_existing_account(second, mark=mark_of(held_attempt(second)), by=associate)
    assert not keeps(second)


def test_earlier_sends_lose_it_with_the_last_one(sending, associate):
    application, attempt = sending()
    record_decision(attempt, Decision(status=Status.FAILED))
    application.refresh_from_db()
    submit_told(application, by=associate)
    second = claim_next()
    begin_sending(second)
    assert application.attempts.filter(sensitive__isnull=False).count() == 2
    record_decision(second, Decision(status=Status.DECLINED))
    assert not keeps(application)


def test_send_with_its_own_late_answer_loses_it_though_the_application_is_a_draft_by_then(sending):
    application, attempt = sending()
    give_up(attempt)
    Application.objects.filter(pk=application.pk).update(status=Status.FAILED)
    record_decision(attempt, Decision(status=Status.DECLINED))
    assert SubmissionAttempt.objects.get(pk=attempt.pk).sensitive is None
    assert keeps(application)  # the draft has it, for as long as a draft may
    assert purges(application) == 1
