"""Repeats with pauses, limits on time and size, one line in the log."""

import logging
import time
from collections.abc import Callable, Iterator

import pytest

from posapi import Client, CreditApplication, Flow, NotReachable, Timeouts, UnreadableAnswer, new_reference_id
from posapi.calls import Call, Request
from posapi.transport import LARGEST_ANSWER, Transport
from tests.contract.examples import example
from tests.posapi.conftest import HASTY, PATIENT
from tests.posapi.lender import HERE, Lender, Line, Received, answers

GOOD = answers(200, example("i18n"))
READ = Request(Call("i18n", "GET", "client-id/flexitidemo/i18n", repeatable=True), new_reference_id())


def reset(line: Line, _received: Received) -> None:
    line.reset()


@pytest.fixture
def pauses() -> list[float]:
    """The pauses that were asked for, none of them made."""
    return []


@pytest.fixture
def transport(lender: Lender, pauses: list[float]) -> Iterator[Transport]:
    """A transport to the scripted lender that does not really pause."""
    transport = Transport(lender.base_url, destinations=HERE, pause=pauses.append)
    yield transport
    transport.close()


@pytest.mark.parametrize("fault", [answers(502, b""), answers(503, b""), answers(504, b""), reset])
def test_reading_is_repeated_twice(
    lender: Lender, transport: Transport, pauses: list[float], fault: Callable[..., None]
) -> None:
    lender.will("i18n", fault, fault, GOOD)
    assert transport.exchange(READ, PATIENT).status == 200
    assert pauses == [0.2, 0.6]


def test_reading_gives_up_after_two_repeats(lender: Lender, transport: Transport) -> None:
    lender.will("i18n", *[answers(503, b"")] * 4)
    assert transport.exchange(READ, PATIENT).status == 503
    assert len(lender.asked("i18n")) == 3


def test_reading_from_nobody_is_repeated(lender: Lender, transport: Transport, pauses: list[float]) -> None:
    lender.hang_up()
    with pytest.raises(NotReachable):
        transport.exchange(READ, PATIENT)
    assert pauses == [0.2, 0.6]


def test_repeats_end_with_the_total(lender: Lender, transport: Transport, pauses: list[float]) -> None:
    lender.will("i18n", *[answers(503, b"")] * 4)
    assert transport.exchange(READ, Timeouts(0.3, 0.3, total=0.5)).status == 503
    assert pauses == [0.2]


def test_repeats_really_pause(lender: Lender, flow: Flow) -> None:
    lender.will("i18n", answers(503, b""))
    started = time.monotonic()
    assert flow.i18n("en").provinces
    assert time.monotonic() - started >= 0.2


def test_token_call_is_repeated(lender: Lender, open_client: Callable[..., Client]) -> None:
    lender.will("oauth/token", answers(502, b""))
    assert open_client(lender.base_url, signed_in=False).flow(new_reference_id()).i18n("en").provinces
    assert len(lender.asked("oauth/token")) == 2


@pytest.mark.parametrize("fault", [answers(500, b""), lambda line, _received: line.wait()])
def test_reading_is_not_repeated_after_silence_or_a_500(
    lender: Lender, hasty_flow: Flow, fault: Callable[..., None]
) -> None:
    lender.will("i18n", fault, GOOD)
    with pytest.raises(UnreadableAnswer):
        hasty_flow.i18n("en")
    assert len(lender.asked("i18n")) == 1


def test_a_scan_is_not_repeated(lender: Lender, flow: Flow) -> None:
    lender.will("customers/driverslicense", answers(503, b""), answers(200, {}))
    with pytest.raises(UnreadableAnswer):
        flow.decode_licence("@\n")
    assert len(lender.asked("customers/driverslicense")) == 1


def test_answer_of_the_largest_size(lender: Lender, flow: Flow) -> None:
    for extra, fits in ((0, True), (1, False)):
        lender.will("terms-and-conditions", answers(200, b"x" * (LARGEST_ANSWER + extra), content_type="text/html"))
        if fits:
            assert len(flow.terms("en", "ON").content) == LARGEST_ANSWER
        else:
            with pytest.raises(UnreadableAnswer, match="too large"):
                flow.terms("en", "ON")


def test_longest_apply_covers_token_and_call_twice(open_client: Callable[..., Client]) -> None:
    client = open_client("https://posapi.flexiti.fi/flexiti/pos-api/v2.5", timeouts=PATIENT, apply_timeouts=HASTY)
    assert client.longest_apply_seconds == 2 * (PATIENT.total + HASTY.total)


def test_log_line(lender: Lender, flow: Flow, application: CreditApplication, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="posapi"):
        flow.apply(application)
    (line,) = caplog.messages
    assert line.startswith("apply: HTTP 200 in 0.")
    assert line.endswith(f"reference {flow.reference_id}")
