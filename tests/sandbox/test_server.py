"""The server as a process and as HTTP: start, stop, log, keep-alive, odd requests."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.clients import parse_client
from sandbox.server import Sandbox
from tests.sandbox.caller import Till, applicant
from tests.sandbox.vendor_examples import TOKEN_REQUEST

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def process(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`python -m sandbox` with its base URL."""
    command = [sys.executable, "-W", "error", "-m", "sandbox", "--port", "0", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout
        ready = child.stdout.readline()
        try:
            assert ready.startswith("sandbox ready http://127.0.0.1:")
            assert ready.endswith("/flexiti/pos-api/v2.5\n")
            yield child, ready.removeprefix("sandbox ready ").strip()
        finally:
            child.kill()


def test_process_says_what_to_do_where_the_port_is_taken():
    with process() as (_, url):
        command = [sys.executable, "-m", "sandbox", "--port", str(urlsplit(url).port)]
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode == 2
    assert "cannot listen: Address already in use. Give another --host, --port" in second.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_process_stops_cleanly_on_a_signal_even_while_it_answers(number: signal.Signals):
    with process("--apply-latency", "60", "60") as (child, url):
        address = urlsplit(url)
        waiting = HTTPConnection(address.hostname or "", address.port or 0, timeout=5)
        token = requests.post(f"{url}/oauth/token", TOKEN_REQUEST, headers={"x-reference-id": "a" * 32}, timeout=5)
        waiting.request(
            "POST",
            f"{address.path}/client-id/flexitidemo/apply",
            json.dumps(applicant()),
            {
                "authorization": f"Bearer {token.json()['access_token']}",
                "x-reference-id": "a" * 32,
                "content-type": "application/json",
            },
        )
        time.sleep(0.1)
        began = time.monotonic()
        os.kill(child.pid, number)
        assert child.wait(5) == 0
        assert time.monotonic() - began < 2
        assert child.stderr
        assert "Traceback" not in child.stderr.read()
        waiting.close()


def test_log_has_method_path_status_and_reference_id_only():
    with process("--apply-latency", "0", "0") as (child, url):
        headers = {"x-reference-id": "c" * 32}
        token = requests.post(f"{url}/oauth/token", TOKEN_REQUEST, headers=headers, timeout=5).json()
        headers["authorization"] = f"Bearer {token['access_token']}"
        requests.post(f"{url}/client-id/flexitidemo/apply", json=applicant(), headers=headers, timeout=5)
        query = {"first_name": "John", "last_name": "Doe", "dob": "1990-01-01"}
        requests.get(f"{url}/client-id/flexitidemo/customers/search", query, headers=headers, timeout=5)
        requests.get(f"{url}/x", headers={"x-reference-id": "John Doe"}, timeout=5)
        child.terminate()
        out, log = child.communicate(timeout=5)
    assert out == ""
    path = "/flexiti/pos-api/v2.5"
    assert log.splitlines() == [
        f"POST {path}/oauth/token 200 {'c' * 32}",
        f"POST {path}/client-id/flexitidemo/apply 200 {'c' * 32}",
        f"GET {path}/client-id/flexitidemo/customers/search 200 {'c' * 32}",
        f"GET {path}/x 404 -",
    ]


def test_command_line_sets_token_life_latency_and_clients():
    arguments = ["--token-life", "7", "--client", "newshop:s3cret:New Shop:500", "--quiet"]
    with process("--apply-latency", "0.2", "0.2", *arguments) as (_, url):
        headers = {"x-reference-id": "a" * 32}
        keys = {"client_id": "newshop", "client_secret": "s3cret"}
        token = requests.post(f"{url}/oauth/token", keys, headers=headers, timeout=5).json()
        assert token["expires_in"] == 7
        headers["authorization"] = f"Bearer {token['access_token']}"
        login = requests.post(f"{url}/client-id/newshop/merchants/login", headers=headers, timeout=5).json()
        assert (login["merchant_name"], login["merchant_id"]) == ("New Shop", "500")
        began = time.monotonic()
        requests.post(f"{url}/client-id/newshop/apply", json=applicant(), headers=headers, timeout=5)
        assert 0.2 <= time.monotonic() - began < 0.9


@pytest.mark.parametrize("text", ["", "id:secret:Name", "id:secret::5", "a:b:c:d:e"])
def test_client_on_the_command_line_must_be_whole(text: str):
    with pytest.raises(ValueError, match="id:secret:Name:merchant_id"):
        parse_client(text)


def test_secrets_are_not_in_the_repr_of_a_client():
    assert "s3cret" not in repr(parse_client("newshop:s3cret:New Shop:500"))


def test_one_connection_serves_many_requests(till: Till, running_sandbox: Sandbox):
    till.sign_on()
    address = urlsplit(running_sandbox.api_url)
    connection = HTTPConnection(address.hostname or "", address.port or 0, timeout=5)
    headers = {"authorization": f"Bearer {till.bearer}", "x-reference-id": till.reference_id}
    connection.connect()
    first = connection.sock
    for method, path in [("GET", "i18n"), ("GET", "nothing"), ("HEAD", "i18n"), ("POST", "apply"), ("GET", "i18n")]:
        body = "[]" if method == "POST" else None
        connection.request(method, f"{address.path}/client-id/flexitidemo/{path}", body, headers)
        answer = connection.getresponse()
        answer.read()
        assert connection.sock is first
    assert answer.status == 200
    connection.close()


def test_connection_close_is_respected(till: Till):
    answer = till.call("GET", "/i18n", headers={"connection": "close"})
    assert answer.headers["connection"] == "close"


def test_chunked_request_body_is_read(till: Till):
    whole = json.dumps(applicant()).encode()
    answer = till.call(
        "POST", "/apply", data=iter([whole[:100], whole[100:]]), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 200


def test_body_over_a_megabyte_is_not_read(till: Till):
    answer = till.call("POST", "/apply", data=b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413


def test_broken_sandbox_says_so_and_shows_no_value(till: Till, running_sandbox: Sandbox, monkeypatch, capfd):
    def broken(*_: object) -> None:
        raise RuntimeError("John Doe")

    monkeypatch.setattr(running_sandbox.lender.accounts, "knows", broken)
    answer = till.apply()
    assert (answer.status_code, answer.text) == (500, "sandbox broke\n")
    log = capfd.readouterr().err
    assert "RuntimeError at test_server.py:" in log
    assert "John" not in log
