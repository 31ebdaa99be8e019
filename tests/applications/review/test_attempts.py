"""When each attempt was sealed, sent and answered, in numbers and drawn."""

from datetime import UTC, datetime, timedelta

import pytest

from applications.models import SubmissionAttempt
from applications.review.attempts import WIDTH, attempts_of, code_in_words, duration
from applications.submission.decisions import LEASE_ENDED

BEGIN = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0.0 s"), (2.34, "2.3 s"), (89, "89.0 s"), (600, "10 min"), (7200, "2 hours")]
)
def test_duration_is_told_in_the_unit_that_fits(seconds, words):
    assert duration(BEGIN, BEGIN + timedelta(seconds=seconds)) == words


def test_duration_without_an_end_is_none():
    assert duration(BEGIN, None) == ""


def test_drawing_keeps_the_proportions_and_its_frame(decided):
    application = decided(middle_name="D-FRAUD")
    sent = BEGIN + timedelta(seconds=6)
    SubmissionAttempt.objects.update(sealed_at=BEGIN, sending_since=sent, closed_at=sent + timedelta(seconds=2))
    (shown,) = attempts_of(application)
    assert (shown.waiting_time, shown.call_time) == ("6.0 s", "2.0 s")
    assert shown.waited == pytest.approx(3 * shown.called, abs=2)
    assert shown.waited + shown.called <= WIDTH


def test_what_took_no_time_is_still_drawn(decided):
    application = decided(middle_name="D-FRAUD")
    SubmissionAttempt.objects.update(sealed_at=BEGIN, sending_since=BEGIN, closed_at=BEGIN + timedelta(hours=9))
    (shown,) = attempts_of(application)
    assert shown.waited > 0
    assert shown.waited + shown.called <= WIDTH


def test_answers_changed_since_are_named_and_not_told(decided):
    application = decided(middle_name="D-FRAUD")
    saved = application.answers
    saved["saved"]["contact"]["city"] = "Laval"
    application.answers = saved
    application.save()
    assert attempts_of(application)[0].changed == ["City"]


def test_codes_of_our_own_are_words_and_the_lenders_stay():
    assert code_in_words(LEASE_ENDED) == "the portal stopped waiting for the answer"
    assert code_in_words("application_declined_2") == "application_declined_2"
