"""Whether a byte of `apply` was sent, for everything a network and a lender can do."""

import datetime
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from posapi import (
    Client,
    CreditApplication,
    Destinations,
    Flow,
    NotReachable,
    OutcomeUnknown,
    PosApiError,
    Timeouts,
    UnreadableAnswer,
    new_reference_id,
)
from posapi.connections import Watch, open_session, watching
from tests.contract.examples import example
from tests.posapi.conftest import HASTY
from tests.posapi.lender import Behaviour, Lender, Line, Received, answers, hangs_up_after, http

APPROVED = example("apply_rest_of_canada")
APPROVED_BYTES = http(200, APPROVED)


def refusal_of(flow: Flow, application: CreditApplication) -> PosApiError:
    with pytest.raises(PosApiError) as caught:
        flow.apply(application)
    return caught.value


def test_apply_refused_connection(lender: Lender, flow: Flow, application: CreditApplication) -> None:
    lender.hang_up()
    problem = refusal_of(flow, application)
    assert type(problem) is NotReachable
    assert problem.certainly_not_processed


def test_apply_unknown_host(
    open_client: Callable[..., Client], application: CreditApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    def know_nobody(*_arguments: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", know_nobody)
    allowed = Destinations(frozenset({"lender.invalid"}))
    client = open_client("https://lender.invalid/flexiti/pos-api/v2.5", destinations=allowed)
    assert type(refusal_of(client.flow(new_reference_id()), application)) is NotReachable


def test_apply_no_connection_in_time(open_client: Callable[..., Client], application: CreditApplication) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = socket.create_connection(full.getsockname())
        base_url = f"http://127.0.0.1:{full.getsockname()[1]}/flexiti/pos-api/v2.5"
        client = open_client(base_url, apply_timeouts=HASTY)
        problem = refusal_of(client.flow(new_reference_id()), application)
        waiting.close()
    assert type(problem) is NotReachable


def test_apply_time_up_before_connecting(
    lender: Lender, open_client: Callable[..., Client], application: CreditApplication
) -> None:
    client = open_client(lender.base_url, apply_timeouts=Timeouts(connect=1, read=1, total=0))
    assert type(refusal_of(client.flow(new_reference_id()), application)) is NotReachable
    assert not lender.connections


def test_request_time_up_once_connected(lender: Lender) -> None:
    watch = Watch(0)
    with open_session() as session, watching(watch), pytest.raises(requests.RequestException):
        session.post(lender.base_url, data=b"{}")
    assert watch.nothing_sent
    assert not lender.received


def test_apply_speaking_tls_to_a_plain_server(
    lender: Lender, open_client: Callable[..., Client], application: CreditApplication
) -> None:
    lender.on_connection(1, lambda line: line.send(b"HTTP/1.1 400 Plain\r\n\r\n"))
    client = open_client(lender.base_url.replace("http:", "https:"))
    assert type(refusal_of(client.flow(new_reference_id()), application)) is NotReachable


def test_apply_reset_during_tls_handshake(
    lender: Lender, open_client: Callable[..., Client], application: CreditApplication
) -> None:
    def reset_after_hello(line: Line) -> None:
        line.sock.recv(1)
        line.reset()

    lender.on_connection(1, reset_after_hello)
    client = open_client(lender.base_url.replace("http:", "https:"))
    assert type(refusal_of(client.flow(new_reference_id()), application)) is NotReachable


def test_apply_silence_during_tls_handshake(
    lender: Lender, open_client: Callable[..., Client], application: CreditApplication
) -> None:
    lender.on_connection(1, Line.wait)
    client = open_client(lender.base_url.replace("http:", "https:"), apply_timeouts=HASTY)
    assert type(refusal_of(client.flow(new_reference_id()), application)) is NotReachable


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + private)
    return path


def test_apply_certificate_nobody_vouches_for(
    lender: Lender, open_client: Callable[..., Client], application: CreditApplication, certificate: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def shake_hands(line: Line) -> None:
        with context.wrap_socket(line.sock, server_side=True) as secure:
            secure.recv(1)

    lender.on_connection(1, shake_hands)
    client = open_client(lender.base_url.replace("http:", "https:"))
    assert type(refusal_of(client.flow(new_reference_id()), application)) is NotReachable


def test_apply_reset_before_reading(lender: Lender, flow: Flow, application: CreditApplication) -> None:
    def reset_unread(line: Line) -> None:
        line.sock.recv(1, socket.MSG_PEEK)
        line.reset()

    lender.on_connection(1, reset_unread)
    problem = refusal_of(flow, application)
    assert type(problem) is OutcomeUnknown
    assert not problem.certainly_not_processed


def test_apply_closed_before_reading(lender: Lender, flow: Flow, application: CreditApplication) -> None:
    lender.on_connection(1, lambda line: None)
    assert type(refusal_of(flow, application)) is OutcomeUnknown


def test_apply_half_open(lender: Lender, hasty_flow: Flow, application: CreditApplication) -> None:
    lender.on_connection(1, Line.wait)
    assert type(refusal_of(hasty_flow, application)) is OutcomeUnknown


def reset_after_request(line: Line, _received: Received) -> None:
    line.reset()


def silence(line: Line, _received: Received) -> None:
    line.wait()


def drip(data: bytes) -> Behaviour:
    def drip_slowly(line: Line, _received: Received) -> None:
        for byte in data:
            if line.leaving.is_set():
                return
            line.sock.sendall(bytes([byte]))
            time.sleep(0.1)

    return drip_slowly


def send(data: bytes) -> Behaviour:
    return lambda line, _received: line.send(data)


def enormous(line: Line, _received: Received) -> None:
    line.sock.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99999999\r\n\r\n")
    while not line.leaving.is_set():
        line.sock.sendall(b" " * 100_000)


def truncated_chunk(line: Line, _received: Received) -> None:
    line.send(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{}")


UNREADABLE: dict[str, Behaviour] = {
    "reset after the request": reset_after_request,
    "silence": silence,
    "headers drip beyond the total": drip(APPROVED_BYTES),
    "body drips beyond the total": lambda line, received: (
        line.send(APPROVED_BYTES[:-30]),
        drip(APPROVED_BYTES[-30:])(line, received),
    )[0],
    "a hundred Continues": lambda line, received: drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)(line, received),
    "no HTTP at all": send(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "only headers": send(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"),
    "bad gateway in HTML": answers(502, b"<html>bad gateway</html>", content_type="text/html"),
    "gateway timeout with a declared code": answers(504, {"error": "wrong_inputs", "message": ""}),
    "500 with a decision": answers(500, {"error": "application_declined", "message": ""}),
    "truncated JSON": send(http(200, json_cut := b'{"account_number": 20035156, "credit_li', length=len(json_cut))),
    "longer content-length than body": answers(200, APPROVED, length=4000),
    "truncated chunk": truncated_chunk,
    "wrong content type": answers(200, APPROVED, content_type="text/html"),
    "no content type": answers(200, APPROVED, content_type=None),
    "error body nobody knows in a 200": answers(200, {"error": "wrong_inputs", "message": "?"}),
    "no account number": answers(200, {"credit_limit": 5000, "available_credit": 5000}),
    "blank account number": answers(200, {**APPROVED, "account_number": ""}),
    "null account number": answers(200, {**APPROVED, "account_number": None}),
    "true account number": answers(200, {**APPROVED, "account_number": True}),
    "duplicate keys": answers(200, b'{"account_number": 1, "account_number": 2, "credit_limit": 5}'),
    "NaN": answers(200, b'{"account_number": 1, "credit_limit": NaN, "available_credit": 5}'),
    "a list": answers(200, [APPROVED]),
    "nested too deep": answers(200, b"[" * 200_000),
    "empty body": answers(200, b""),
    "nothing but a 204": send(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "created": answers(201, APPROVED),
    "redirect": answers(302, b"", headers="location: /elsewhere\r\n"),
    "non-JSON 409": answers(409, b"<p>conflict</p>", content_type="text/html"),
    "409 without a code": answers(409, {"message": "?"}),
    "409 with a code nobody knows": answers(409, {"error": "moon_in_wrong_phase", "message": "?"}),
    "404 in HTML": answers(404, b"<h1>Not found</h1>", content_type="text/html"),
    "429": answers(429, {"error": "slow_down", "message": ""}),
    "enormous body": enormous,
    "gzip that is none": answers(200, b"gzip?", headers="content-encoding: gzip\r\n"),
}


@pytest.mark.parametrize("situation", UNREADABLE)
def test_apply_without_a_readable_answer(
    lender: Lender, hasty_flow: Flow, application: CreditApplication, situation: str
) -> None:
    lender.will("apply", UNREADABLE[situation])
    started = time.monotonic()
    problem = refusal_of(hasty_flow, application)
    assert type(problem) is OutcomeUnknown
    assert not problem.certainly_not_processed
    assert time.monotonic() - started < 5
    assert len(lender.asked("apply")) == 1


@pytest.mark.parametrize(
    "situation",
    [
        "reset after the request",
        "silence",
        "bad gateway in HTML",
        "500 with a decision",
        "truncated JSON",
        "error body nobody knows in a 200",
        "a list",
        "empty body",
        "nothing but a 204",
        "redirect",
        "non-JSON 409",
        "404 in HTML",
    ],
)
def test_close_without_a_readable_answer(lender: Lender, hasty_flow: Flow, situation: str) -> None:
    lender.will("accounts/20035156/close", UNREADABLE[situation])
    with pytest.raises(OutcomeUnknown) as caught:
        hasty_flow.close("20035156")
    assert not caught.value.certainly_not_processed
    assert len(lender.asked("accounts/20035156/close")) == 1


def test_close_refused_connection(lender: Lender, flow: Flow) -> None:
    lender.hang_up()
    with pytest.raises(NotReachable) as caught:
        flow.close("20035156")
    assert caught.value.certainly_not_processed


def test_reading_without_a_readable_answer(lender: Lender, hasty_flow: Flow) -> None:
    lender.will("i18n", silence)
    with pytest.raises(UnreadableAnswer) as caught:
        hasty_flow.i18n("en")
    assert caught.value.certainly_not_processed


@pytest.mark.parametrize("session_factory", [open_session, requests.Session])
def test_redirect_is_not_followed(
    lender: Lender, open_client: Callable[..., Client], session_factory: Callable[[], requests.Session]
) -> None:
    flow = open_client(lender.base_url, session_factory=session_factory).flow(new_reference_id())
    lender.will("i18n", answers(302, b"", headers=f"location: {lender.base_url}/oauth/token\r\n"))
    with pytest.raises(UnreadableAnswer):
        flow.i18n("en")
    assert [received.endpoint for received in lender.received] == ["i18n"]


def test_apply_uses_a_connection_of_its_own(lender: Lender, flow: Flow, application: CreditApplication) -> None:
    flow.i18n("en")
    flow.i18n("en")
    assert lender.connections == 1
    flow.apply(application)
    flow.apply(application)
    assert lender.connections == 3
    assert {received.headers["connection"] for received in lender.asked("apply")} == {"close"}


def test_apply_after_the_lender_closed_the_kept_connection(
    lender: Lender, flow: Flow, application: CreditApplication
) -> None:
    lender.will("i18n", hangs_up_after(answers(200, example("i18n"))))
    flow.i18n("en")
    assert flow.apply(application).account_number == "20035156"


def test_reading_after_the_lender_closed_the_kept_connection(lender: Lender, flow: Flow) -> None:
    lender.will("i18n", *[hangs_up_after(answers(200, example("i18n")))] * 2)
    flow.i18n("en")
    assert flow.i18n("en").provinces
    assert lender.connections == 2


def test_cookies_are_not_kept(lender: Lender, flow: Flow) -> None:
    lender.will("i18n", answers(200, example("i18n"), headers="set-cookie: customer=john\r\n"))
    flow.i18n("en")
    flow.i18n("en")
    assert "cookie" not in lender.received[-1].headers


def test_environment_is_not_read(
    lender: Lender, open_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    open_client(lender.base_url).flow(new_reference_id()).i18n("en")
    assert lender.received[0].headers["authorization"] == "Bearer first-token"


def test_a_session_that_watches_nothing_proves_nothing(
    lender: Lender, open_client: Callable[..., Client], application: CreditApplication
) -> None:
    client = open_client(lender.base_url, session_factory=requests.Session)
    lender.hang_up()
    assert type(refusal_of(client.flow(new_reference_id()), application)) is OutcomeUnknown
