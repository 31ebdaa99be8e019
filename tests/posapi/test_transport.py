"""Repeats with pauses, limits on time and size, one line in the log."""

import logging
import time
from collections.abc import Callable

import pytest

from posapi import Client, CreditApplication, Flow, NotReachable, Timeouts, UnreadableAnswer, new_reference_id
from posapi.transport import LARGEST_ANSWER
from tests.contract.examples import example
from tests.posapi.lender import Lender, Line, Received, answers

GOOD = answers(200, example("i18n"))
PATIENT = Timeouts(connect=0.5, read=0.5, total=3)


def reset(line: Line, _received: Received) -> None:
    line.reset()


@pytest.fixture
def patient(lender: Lender, open_client: Callable[..., Client]) -> Flow:
    """A flow with time for two repeats."""
    return open_client(lender.base_url, timeouts=PATIENT).flow(new_reference_id())


@pytest.mark.parametrize("fault", [answers(502, b""), answers(503, b""), answers(504, b""), reset])
def test_reading_is_repeated_twice(lender: Lender, patient: Flow, fault: Callable[..., None]) -> None:
    lender.will("i18n", fault, fault, GOOD)
    started = time.monotonic()
    assert patient.i18n("en").provinces
    assert time.monotonic() - started >= 0.8


def test_reading_gives_up_after_two_repeats(lender: Lender, patient: Flow) -> None:
    lender.will("i18n", *[answers(503, b"")] * 4)
    with pytest.raises(UnreadableAnswer) as caught:
        patient.i18n("en")
    assert caught.value.http_status == 503
    assert len(lender.asked("i18n")) == 3


def test_token_call_is_repeated(lender: Lender, open_client: Callable[..., Client]) -> None:
    lender.will("oauth/token", answers(502, b""))
    client = open_client(lender.base_url, signed_in=False, timeouts=PATIENT)
    assert client.flow(new_reference_id()).i18n("en").provinces
    assert len(lender.asked("oauth/token")) == 2


def test_reading_from_nobody_is_repeated_within_the_total(lender: Lender, patient: Flow) -> None:
    lender.hang_up()
    started = time.monotonic()
    with pytest.raises(NotReachable):
        patient.i18n("en")
    assert 0.8 <= time.monotonic() - started < 1.5


def test_repeats_end_with_the_total(lender: Lender, open_client: Callable[..., Client]) -> None:
    lender.will("i18n", *[answers(503, b"")] * 4)
    client = open_client(lender.base_url, timeouts=Timeouts(0.3, 0.3, total=0.4))
    with pytest.raises(UnreadableAnswer):
        client.flow(new_reference_id()).i18n("en")
    assert len(lender.asked("i18n")) == 2


@pytest.mark.parametrize("fault", [answers(500, b""), lambda line, _received: line.wait(1)])
def test_reading_is_not_repeated_after_silence_or_a_500(
    lender: Lender, patient: Flow, fault: Callable[..., None]
) -> None:
    lender.will("i18n", fault, GOOD)
    with pytest.raises(UnreadableAnswer):
        patient.i18n("en")
    assert len(lender.asked("i18n")) == 1


def test_a_scan_is_not_repeated(lender: Lender, patient: Flow) -> None:
    lender.will("customers/driverslicense", answers(503, b""), answers(200, {}))
    with pytest.raises(UnreadableAnswer):
        patient.decode_licence("@\n")
    assert len(lender.asked("customers/driverslicense")) == 1


def test_answer_of_the_largest_size(lender: Lender, patient: Flow) -> None:
    for extra, fits in ((0, True), (1, False)):
        lender.will("terms-and-conditions", answers(200, b"x" * (LARGEST_ANSWER + extra), content_type="text/html"))
        if fits:
            assert len(patient.terms("en", "ON").content) == LARGEST_ANSWER
        else:
            with pytest.raises(UnreadableAnswer, match="too large"):
                patient.terms("en", "ON")


def test_longest_apply_covers_every_wait(client: Client) -> None:
    assert client.longest_apply_seconds == pytest.approx(2 * (0.8 + 0.8))


def test_log_line(lender: Lender, flow: Flow, application: CreditApplication, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="posapi"):
        flow.apply(application)
    (line,) = caplog.messages
    assert line.startswith("apply: HTTP 200 in 0.")
    assert line.endswith(f"reference {flow.reference_id}")
