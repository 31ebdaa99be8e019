"""Searches, answers, managers and clicks that meet: whoever comes first, the outcome is settled once and rightly."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from applications.models import Application, SettledBy, SubmissionAttempt
from applications.statuses import Status
from applications.submission import look_times
from applications.submission.again import send_again
from applications.submission.by_person import settle_as_told
from applications.submission.claims import begin_sending, claim_next
from applications.submission.decisions import Decision
from applications.submission.reconciliation import look_for_what_is_due
from applications.submission.recording import give_up, record_decision
from applications.submission.sealing import submit
from applications.submission.settlement import decision_of, settle
from audit.events import timeline
from tests.applications.people import another_person
from tests.applications.submission.test_again import CONSENT
from tests.applications.submission.unsettled import UNTIL_NO_ACCOUNT

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

FOUND = Decision(status=Status.APPROVED, account_number="20035156")
OWN_ANSWER = Decision(status=Status.APPROVED, account_number="20035156", debt_ratio="38.2", http_status=200)


@pytest.fixture
def lost(ready, associate):
    """An attempt whose worker is taken for dead in the middle of the call."""

    def make(**changes):
        application = ready(**changes)
        submit(application, by=associate, revision=application.revision)
        begin_sending(attempt := claim_next())
        give_up(attempt)
        return attempt

    return make


def at_once(*works):
    """Run these at the same moment, each with a connection of its own; the names of what they raised."""
    raised, start = [], threading.Barrier(len(works))

    def run(work):
        try:
            start.wait()
            work()
        except Exception as problem:
            raised.append(type(problem).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_eight_lookers_search_once_for_each_row(unknown, sandbox, settings, monkeypatch):
    # No second look is due meanwhile, however slow the machine.
    settings.RECONCILE_LOOKS_SECONDS = [3600]
    monkeypatch.setattr(look_times, "_CATCHING_UP", timedelta(hours=1))
    applications = [unknown("reset_before", **another_person(number)) for number in range(24)]
    asked_before = len(searches(sandbox))
    SubmissionAttempt.objects.update(next_look_at=timezone.now())
    while SubmissionAttempt.objects.filter(next_look_at__lte=timezone.now()).exists():
        assert at_once(*[look_for_what_is_due] * 8) == []
    assert len(searches(sandbox)) - asked_before == len(applications)
    assert set(SubmissionAttempt.objects.values_list("absent_looks", flat=True)) == {1}


@pytest.mark.parametrize("round_", range(6))
def test_search_and_the_own_answer_meet(lost, round_):
    attempt = lost()
    raised = at_once(
        lambda: settle(attempt, FOUND, how=SettledBy.SEARCH),
        lambda: record_decision(attempt, OWN_ANSWER),
    )
    application = Application.objects.get()
    assert raised in ([], ["AlreadySettled"])
    assert application.status == Status.APPROVED
    assert decision_of(application) == OWN_ANSWER
    assert timeline(application).filter(name="answer_contradicts").count() == 0
    assert timeline(application).filter(name="purged").count() == 1


@pytest.mark.parametrize("round_", range(6))
def test_manager_and_the_own_answer_that_says_otherwise_meet(lost, associate, round_):
    attempt = lost()
    raised = at_once(
        lambda: settle_as_told(attempt.application, Status.DECLINED, reason="Called", by=associate),
        lambda: record_decision(attempt, OWN_ANSWER),
    )
    application = Application.objects.get()
    is_manager_first = raised == []
    assert application.status == (Status.DECLINED if is_manager_first else Status.APPROVED)
    assert timeline(application).filter(name="answer_contradicts").exists() is is_manager_first


def test_two_managers_settle_once(lost, associate):
    attempt = lost()
    told = (Status.DECLINED, Status.PENDING)
    raised = at_once(
        *(lambda one=one: settle_as_told(attempt.application, one, reason="Called", by=associate) for one in told)
    )
    assert raised == ["AlreadySettled"]
    assert attempt.settlements.count() == 1


def test_two_clicks_send_again_once(unknown, searched, associate):
    application = searched(unknown("reset_before"), *UNTIL_NO_ACCOUNT)
    copies = [Application.objects.get(pk=application.pk) for _ in range(4)]
    raised = at_once(*(lambda copy=copy: send_again(copy, CONSENT, by=associate) for copy in copies))
    assert raised == ["AlreadySettled"] * 3
    assert application.attempts.count() == 2
    assert application.consents.count() == 1


def searches(sandbox):
    return [request for request in sandbox.requests() if request["path"].endswith("/search")]
