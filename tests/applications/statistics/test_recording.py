"""What is counted when: each test reads as one person's doing, and the figures it leaves."""

from datetime import timedelta

import pytest
from django.db.models import F

from applications.drafting import expire, save_step, switch_language
from applications.models import Application, CustomerLanguage, SettledBy, SubmissionAttempt
from applications.statistics.checking import differences, figures
from applications.statistics.models import Change, Measure
from applications.statuses import Status
from applications.submission.claims import begin_sending, claim_next
from applications.submission.decisions import Decision
from applications.submission.delivery import deliver_next
from applications.submission.recording import give_up, record_decision
from applications.submission.sealing import submit
from applications.submission.settlement import settle
from merchants.models import Store
from tests.factories import SAVED


@pytest.fixture
def submitted(answered, associate):
    application = answered()
    submit(application, by=associate, revision=application.revision)
    return application


@pytest.fixture
def lost(submitted):
    """Sent, and its lease ended without an answer."""
    attempt = claim_next()
    begin_sending(attempt)
    give_up(attempt)
    return attempt


def counted(measure, *columns):
    """What stands, by some columns, of the days alone."""
    found = {}
    for (is_month, kind), count in figures(Store.objects.get()).items():
        if not is_month and kind.measure == measure and count:
            found[tuple(getattr(kind, column) for column in columns)] = count
    return found


def test_start_counts_a_draft_of_its_day_person_and_language(begin, associate, store):
    application = begin()
    row = Change.objects.get()
    assert (row.store, row.measure, row.day, row.key) == (store, "status", application.day, "draft")
    assert (row.associate, row.language, row.count, row.tenths) == (associate.pk, "en-CA", 1, 0)


def test_move_takes_the_count_along(submitted):
    assert counted(Measure.STATUS, "key") == {("queued",): 1}
    deliver_next()
    assert counted(Measure.STATUS, "key") == {("approved",): 1}


def test_language_takes_the_count_along(begin, associate):
    application = switch_language(begin(), CustomerLanguage.FRENCH, by=associate)
    assert counted(Measure.STATUS, "key", "language") == {("draft", "fr-CA"): 1}
    values = {**SAVED["start"], "language": "en-CA"}
    save_step(application, "start", values, by=associate, revision=application.revision)
    assert counted(Measure.STATUS, "key", "language") == {("draft", "en-CA"): 1}


def test_language_of_a_draft_that_was_sent_takes_its_submission_along(submitted, associate):
    attempt = claim_next()
    begin_sending(attempt)
    record_decision(attempt, Decision(status=Status.FAILED))
    switch_language(submitted, CustomerLanguage.FRENCH, by=associate)
    assert counted(Measure.SUBMITTED, "language") == {("fr-CA",): 1}
    assert counted(Measure.STATUS, "key", "language") == {("failed", "fr-CA"): 1}


def test_submission_counts_once_however_often_it_is_sent(submitted, associate):
    attempt = claim_next()
    begin_sending(attempt)
    record_decision(attempt, Decision(status=Status.FAILED))
    submit(submitted, by=associate, revision=submitted.revision)
    assert counted(Measure.SUBMITTED, "associate", "language") == {(associate.pk, "en-CA"): 1}


def test_decision_counts_the_time_since_it_was_sealed(submitted):
    SubmissionAttempt.objects.update(sealed_at=F("sealed_at") - timedelta(seconds=61))
    deliver_next()
    (tenths,) = counted(Measure.DECIDED, "tenths")
    assert tenths[0] in (610, 620, 630)


@pytest.mark.parametrize("status", ["failed", "needs_correction", "unknown"])
def test_answer_that_decides_nothing_is_no_decision(submitted, status):
    attempt = claim_next()
    begin_sending(attempt)
    record_decision(attempt, Decision(status=Status(status)))
    assert not counted(Measure.DECIDED)


def test_settlement_is_a_decision_and_what_comes_after_it_is_none(lost):
    settle(lost, Decision(status=Status.APPROVED, account_number="20035156"), how=SettledBy.SEARCH)
    assert counted(Measure.DECIDED) == {(): 1}
    record_decision(lost, Decision(status=Status.DECLINED, http_status=409))
    assert counted(Measure.DECIDED) == {(): 1}
    assert not differences()


def test_no_account_is_no_decision(lost):
    settle(lost, Decision(status=Status.NO_ACCOUNT), how=SettledBy.PERSON)
    assert not counted(Measure.DECIDED)


def test_step_counts_the_time_since_the_one_before(begin, associate):
    application = begin()
    Application.objects.update(step_saved_at=F("step_saved_at") - timedelta(seconds=45))
    application = save_step(application, "start", SAVED["start"], by=associate, revision=0)
    Application.objects.update(step_saved_at=F("step_saved_at") - timedelta(hours=9))
    save_step(application, "identity", SAVED["identity"], by=associate, revision=application.revision)
    assert counted(Measure.STEP, "key", "tenths") == {("start", 450): 1, ("identity", 35480): 1}


def test_purged_draft_counts_by_the_step_it_had_come_to(begin, associate):
    application = save_step(begin(), "start", SAVED["start"], by=associate, revision=0)
    expire(application)
    expire(begin())
    assert counted(Measure.ABANDONED, "key") == {("start",): 1, ("",): 1}
    assert counted(Measure.STATUS, "key") == {("expired",): 2}
