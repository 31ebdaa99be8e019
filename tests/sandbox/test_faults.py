"""Each fault as it is seen from the other end of the socket, and whether the request took effect behind it."""

import http.client
import json
import select
import socket
import time
from pathlib import Path

import pytest
import requests

from sandbox.errors import BUSINESS_ERRORS
from sandbox.faults import KINDS
from tests.sandbox.caller import Till, applicant, eventually

BODY = json.dumps(applicant()).encode()
PROCESSED = {"received": 1, "accepted": 1}
NOT_PROCESSED = {"received": 1, "accepted": 0}


def read_until_closed(connection: socket.socket) -> bytes:
    chunks = []
    while chunk := connection.recv(65536):
        chunks.append(chunk)
    return b"".join(chunks)


def read_some(connection: socket.socket, seconds: float) -> bytes:
    """What arrives within `seconds` while the connection stays open."""
    chunks, until = [], time.monotonic() + seconds
    while select.select([connection], [], [], max(0.0, until - time.monotonic()))[0]:
        chunk = connection.recv(65536)
        assert chunk, "the connection was closed"
        chunks.append(chunk)
    return b"".join(chunks)


@pytest.mark.parametrize(("fault", "counts"), [("reset_before", NOT_PROCESSED), ("reset_after", PROCESSED)])
def test_reset_is_a_reset_without_a_byte(till: Till, fault: str, counts: dict[str, int]):
    till.fail(fault)
    with till.raw(BODY) as connection, pytest.raises(ConnectionResetError):
        connection.recv(1)
    assert till.counts() == counts


def test_reset_before_does_not_wait_for_the_body(till: Till):
    till.fail("reset_before")
    with till.raw(b"") as unfinished, pytest.raises(ConnectionResetError):
        unfinished.recv(1)
    eventually(lambda: till.counts() == NOT_PROCESSED)


def test_close_after_is_an_end_without_a_byte(till: Till):
    till.fail("close_after")
    with till.raw(BODY) as connection:
        assert connection.recv(1) == b""
    assert till.counts() == PROCESSED


def test_silent_processes_and_says_nothing(till: Till):
    till.fail("silent")
    with till.raw(BODY) as connection:
        assert read_some(connection, 0.3) == b""
        assert till.counts() == PROCESSED
        (asked,) = [r for r in till.control("GET", "requests") if r["endpoint"] == "apply"]
        assert (asked["status"], asked["fault"]) == (None, "silent")


def test_silent_ends_after_its_seconds(till: Till):
    till.fail("silent", seconds=0.2)
    with till.raw(BODY) as connection:
        assert connection.recv(1) == b""


def test_half_open_stops_inside_the_body_and_stays(till: Till):
    till.fail("half_open")
    with till.raw(BODY) as connection:
        head, _, body = read_some(connection, 0.3).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b"vcc_number" in body
    announced = int(next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length")).split()[1])
    assert 0 < len(body) < announced
    assert till.counts() == PROCESSED


def test_cut_off_closes_inside_the_body(till: Till):
    till.fail("cut_off")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        till.apply()
    assert till.counts() == PROCESSED


def test_slow_drip_sends_a_byte_at_a_time_until_the_end(till: Till):
    till.fail("slow_drip", seconds=0.0005)
    with till.raw(BODY) as connection:
        first = connection.recv(65536)
        rest = read_until_closed(connection)
    assert len(first) < 20
    assert json.loads((first + rest).partition(b"\r\n\r\n")[2])["account_number"] == 20035156


def test_slow_drip_outlasts_a_read_timeout(till: Till):
    till.fail("slow_drip", seconds=0.05)
    with till.raw(BODY) as connection:
        assert 2 <= len(read_some(connection, 0.4)) <= 9


def test_late_answer_is_the_right_one(till: Till):
    till.fail("late_answer", seconds=0.3)
    began = time.monotonic()
    assert till.apply().status_code == 200
    assert time.monotonic() - began >= 0.3


def test_refuse_refuses_connections_and_the_control_plane_goes_on(till: Till):
    till.sign_on()
    till.fail("refuse", "*", seconds=60)
    with pytest.raises(requests.ConnectionError, match="refused"):
        till.apply()
    assert till.counts() == {}
    till.control("DELETE", "faults")
    assert till.apply().status_code == 200


def test_refuse_ends_by_itself(till: Till):
    till.sign_on()
    till.fail("refuse", "*", seconds=0.3)
    with pytest.raises(requests.ConnectionError):
        till.get("/i18n")

    def is_back() -> bool:
        try:
            return till.get("/i18n").status_code == 200
        except requests.ConnectionError:
            return False

    eventually(is_back)


def test_refuse_lets_a_running_answer_finish(till: Till):
    till.fail("late_answer", seconds=0.3)
    with till.raw(BODY) as connection:
        eventually(lambda: till.counts() == PROCESSED)
        till.fail("refuse", "*", seconds=60)
        answer = read_until_closed(connection)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"Connection: close" in answer


def test_truncated_json_is_well_formed_http(till: Till):
    till.fail("truncated_json")
    answer = till.apply()
    assert answer.status_code == 200
    assert len(answer.content) == int(answer.headers["content-length"])
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert till.counts() == PROCESSED


def test_duplicate_keys_disagree(till: Till):
    till.fail("duplicate_keys")
    pairs = json.loads(till.apply().content, object_pairs_hook=list)
    numbers = [value for name, value in pairs if name == "account_number"]
    assert numbers == [20035156, 20035157]


def test_wrong_content_type_keeps_the_content(till: Till):
    till.fail("wrong_content_type")
    answer = till.apply()
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.json()["account_number"] == 20035156


def test_empty_body_is_a_success_without_content(till: Till):
    till.fail("empty_body")
    answer = till.apply()
    assert (answer.status_code, answer.content) == (200, b"")


def test_oversized_is_over_four_megabytes(till: Till):
    till.fail("oversized")
    answer = till.apply()
    assert len(answer.content) > 4 * 1024 * 1024
    assert answer.json()["account_number"] == 20035156


def test_not_an_object_wraps_the_answer(till: Till):
    till.fail("not_an_object")
    assert till.apply().json()[0]["account_number"] == 20035156


def test_ok_without_account_lacks_only_the_number(till: Till):
    till.fail("ok_without_account")
    answer = till.apply()
    assert answer.status_code == 200
    assert "account_number" not in answer.json()
    assert answer.json()["credit_limit"] == 5000
    assert len(till.control("GET", "accounts")) == 1


def test_ok_with_error_body_opens_nothing(till: Till):
    till.fail("ok_with_error_body")
    answer = till.apply()
    assert (answer.status_code, answer.json()["error"]) == (200, "general_error")
    assert till.counts() == NOT_PROCESSED


@pytest.mark.parametrize(
    ("fault", "status", "content_type"),
    [
        ("bad_gateway_html", 502, "text/html"),
        ("service_unavailable", 503, "text/html"),
        ("internal_error", 500, "text/html"),
        ("error_code_in_500", 500, "application/json"),
        ("gateway_timeout_504", 504, "application/json"),
        ("blocked_465", 465, "text/html"),
        ("blocked_466", 466, "text/html"),
        ("blocked_467", 467, "text/html"),
        ("redirect", 302, "text/plain"),
        ("unknown_code", 409, "application/json"),
    ],
)
def test_fault_by_status(till: Till, fault: str, status: int, content_type: str):
    till.fail(fault)
    answer = till.call("POST", "/apply", json=applicant(), allow_redirects=False)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(content_type)
    assert till.counts() == (PROCESSED if fault == "gateway_timeout_504" else NOT_PROCESSED)


@pytest.mark.parametrize("code", BUSINESS_ERRORS)
def test_fault_by_documented_code(till: Till, code: str):
    till.fail(code)
    answer = till.apply()
    row = BUSINESS_ERRORS[code]
    assert answer.status_code == row.status
    assert answer.json() == {
        "url": "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply",
        "message": row.message,
        "error": code,
    }
    decided = code.startswith(("application_declined", "application_marked_pending", "customer_already"))
    assert till.counts() == (PROCESSED if decided else NOT_PROCESSED)
    assert till.control("GET", "accounts") == []


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        ("invalid_token", 401, "invalid_token"),
        ("expired_token", 401, "invalid_token"),
        ("unauthorized", 401, "Unauthorized"),
        ("invalid_client", 400, "invalid_client"),
        ("invalid_request", 400, "invalid_request"),
        ("insufficient_scope", 403, "insufficient_scope"),
    ],
)
def test_fault_in_shape_a(till: Till, fault: str, status: int, error: str):
    till.fail(fault)
    answer = till.apply()
    assert (answer.status_code, answer.json()["code"], answer.json()["error"]) == (status, status, error)


def test_wrong_inputs_of_chosen_fields(till: Till):
    till.fail("wrong_inputs", field_errors=[{"param": "SIN", "msg": "wrong format"}, {"param": "piw", "msg": "length"}])
    assert till.refused_fields() == [("SIN", "wrong format"), ("piw", "length")]


def test_message_of_choice(till: Till):
    till.fail("application_declined", message="<p>Bonjour</p>")
    assert till.apply().json()["message"] == "<p>Bonjour</p>"


def test_staged_decline_follows_the_decision_switch(till: Till):
    till.switch(decision_status=200)
    till.fail("application_declined_2")
    assert till.apply().status_code == 200


def test_hostile_html_as_message_and_as_terms(till: Till):
    till.fail("hostile_html")
    assert "<script>" in till.apply().json()["message"]
    till.fail("hostile_html", "terms")
    terms = till.get("/terms-and-conditions").text
    assert terms.startswith("<div id='tcs'>")
    assert "onerror" in terms
    till.fail("hostile_html", "terms", message="<svg>")
    assert till.get("/terms-and-conditions").text == "<svg>"


def test_processed_may_be_chosen(till: Till):
    till.fail("bad_gateway_html", processed=True)
    assert till.apply().status_code == 502
    assert till.counts() == PROCESSED
    till.fail("reset_after", processed=False)
    with pytest.raises(requests.ConnectionError):
        till.apply(first_name="Anne")
    assert till.counts()["accepted"] == 1


def test_fault_hits_its_endpoint_times_and_flow_only(till: Till):
    till.fail("internal_error", times=2, skip=1, reference_id=till.reference_id)
    assert till.get("/i18n").status_code == 200
    statuses = [till.apply(first_name=name).status_code for name in ("Ann", "Bob", "Cid", "Dot")]
    assert statuses == [200, 500, 500, 200]
    till.fail("internal_error", reference_id="0" * 32)
    assert till.apply(first_name="Eve").status_code == 200
    till.control("DELETE", "faults")
    assert till.control("GET", "faults") == []


def test_fault_on_any_endpoint(till: Till):
    till.sign_on()
    till.fail("service_unavailable", "*", times=2)
    assert [till.get("/i18n").status_code, till.token().status_code, till.get("/i18n").status_code] == [503, 503, 200]


def test_connection_after_a_fault_in_the_answer_is_kept(till: Till):
    till.sign_on()
    till.fail("general_error")
    connection = till.raw(BODY)
    with connection:
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        answer.read()
        assert answer.headers["connection"] == "keep-alive"
        answer.close()


def test_every_kind_has_a_test_here():
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in KINDS if name not in BUSINESS_ERRORS and f'"{name}"' not in source] == []
