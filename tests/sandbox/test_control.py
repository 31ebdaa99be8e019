"""The control plane: what it shows, what it changes, what it refuses."""

import socket
import threading
import time
from typing import Any

import pytest
import requests

from sandbox.lender import Lender
from sandbox.server import Listener, Sandbox
from tests.sandbox.caller import Till


def test_addresses(till: Till, running_sandbox: Sandbox):
    shown = till.control("GET", "")
    assert shown == {"api": running_sandbox.api_url, "control": running_sandbox.control_url}


def test_control_plane_answers_on_the_api_port_too(till: Till, running_sandbox: Sandbox):
    root = running_sandbox.api_url.removesuffix("/flexiti/pos-api/v2.5")
    assert till.session.get(f"{root}/_sandbox/applies", timeout=5).json() == {}


def test_control_plane_is_not_on_an_api_listener_open_to_others(till: Till):
    with Sandbox(Lender(), host="0.0.0.0", quiet=True) as sandbox:
        port = sandbox.api_url.split(":")[2].split("/")[0]
        answer = till.session.get(f"http://127.0.0.1:{port}/_sandbox/applies", timeout=5)
        assert answer.status_code == 404
        assert till.session.get(f"{sandbox.control_url}/applies", timeout=5).status_code == 200
        assert sandbox.control_url.startswith("http://127.0.0.1:")


def test_api_is_not_on_the_control_port(till: Till, running_sandbox: Sandbox):
    root = running_sandbox.control_url.removesuffix("/_sandbox")
    assert till.session.post(f"{root}/flexiti/pos-api/v2.5/oauth/token", timeout=5).status_code == 404


def test_requests_show_what_arrived_without_values(till: Till):
    till.approved()
    till.get("/customers/search", first_name="John", last_name="Doe", dob="1990-01-01")
    token, apply, search = till.control("GET", "requests")
    assert (token["endpoint"], token["body"]["client_secret"]) == ("token", 36)
    assert (apply["method"], apply["status"], apply["reference_id"]) == ("POST", 200, till.reference_id)
    assert apply["path"] == "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply"
    assert (apply["body"]["first_name"], apply["body"]["sin"]) == (4, 9)
    assert search["query"] == {"first_name": 4, "last_name": 3, "dob": 10}


def test_requests_with_bodies_on_demand_but_never_secrets(till: Till):
    till.approved()
    token, apply = till.control("GET", "requests?bodies=1")
    assert token["body"]["client_secret"] == 36
    assert apply["body"]["first_name"] == "John"


def test_requests_of_one_flow(till: Till):
    till.get("/i18n")
    till.reference_id = "0" * 32
    till.get("/i18n")
    assert len(till.control("GET", f"requests?reference_id={till.reference_id}")) == 1


def test_control_calls_are_not_among_the_requests(till: Till):
    till.control("GET", "switches")
    assert till.control("GET", "requests") == []


def test_applies_count_what_arrived_and_what_was_adjudicated(till: Till):
    till.apply(phone_number=None)
    till.apply(middle_name="P-CREDIT")
    till.apply()
    till.call("POST", "/apply", headers={"authorization": "Bearer old"})
    assert till.control("GET", "applies") == {till.reference_id: {"received": 4, "accepted": 2}}


def test_flows_tell_what_came_of_each_reference_id(till: Till):
    account = till.approved()["account_number"]
    approved, till.reference_id = till.reference_id, "1" * 32
    till.apply()
    till.fail("application_declined", "apply")
    till.apply(first_name="Jane")
    refused, till.reference_id = till.reference_id, "2" * 32
    till.apply(phone_number=None)
    flows = till.control("GET", "flows")
    assert flows[approved]["decided"] == ["approved"]
    assert flows[approved]["accounts"] == [account]
    assert flows[refused]["decided"] == ["customer_already_exists", "application_declined"]
    assert (flows[refused]["received"], flows[refused]["accepted"], flows[refused]["accounts"]) == (2, 2, [])
    assert (flows["2" * 32]["received"], flows["2" * 32]["accepted"], flows["2" * 32]["decided"]) == (1, 0, [])


def test_flows_know_a_person_again_without_telling_names(till: Till):
    till.apply(first_name="Zoé")
    first, till.reference_id = till.reference_id, "1" * 32
    till.apply(first_name=" ZOÉ ", email="another@example.test")
    till.reference_id = "2" * 32
    till.apply(first_name="Zoë")
    flows = till.control("GET", "flows")
    assert flows[first]["person"] == flows["1" * 32]["person"] != flows["2" * 32]["person"]
    assert "zo" not in str(flows).casefold()


def test_flow_of_a_request_that_was_never_read_has_no_person(till: Till):
    till.fail("reset_before", "apply")
    with pytest.raises(requests.ConnectionError):
        till.apply()
    assert till.control("GET", "flows")[till.reference_id]["person"] == ""


def test_latency_delays_an_endpoint_and_the_effect_is_there_at_once(till: Till):
    till.sign_on()
    till.control("PUT", "latency", {"apply": [0.5, 0.6]})
    began = time.monotonic()
    waiting = threading.Thread(target=till.apply)
    waiting.start()
    while not till.control("GET", "accounts"):
        assert time.monotonic() - began < 0.45
    waiting.join()
    assert 0.5 <= time.monotonic() - began < 3


def test_latency_of_apply_is_one_to_two_seconds_unless_told_otherwise():
    assert Lender().latencies.as_json() == {"apply": [1.0, 2.0]}
    assert all(1 <= Lender().latencies.pick("apply") <= 2 for _ in range(50))


def test_reset_forgets_everything(till: Till):
    till.approved()
    till.switch(decision_status=200)
    till.control("PUT", "latency", {"terms": 3})
    till.control("PUT", "adjudication", {"debt_ratio": 50})
    till.control("PUT", "tokens", {"life_seconds": 5})
    till.control("PUT", "options", {"remove": {"occupation_ids": ["FE"]}})
    till.fail("internal_error", "*")
    till.control("POST", "reset")
    assert till.control("GET", "requests") == till.control("GET", "accounts") == till.control("GET", "faults") == []
    assert till.control("GET", "applies") == {}
    assert till.control("GET", "switches") == Lender().switchboard.now.as_json() | {"registered_locations": []}
    assert till.control("GET", "latency") == {"apply": [0, 0]}
    assert till.control("GET", "adjudication") == {"debt_ratio": None, "credit_limit": None}
    assert till.control("GET", "tokens") == {"life_seconds": 1200}
    assert till.get("/i18n").status_code == 401
    till.sign_on()
    assert "FE" in till.get("/i18n").json()["occupation_ids"]["options"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "nothing", None, 404),
        ("POST", "switches", {}, 405),
        ("PUT", "switches", {"nothing": 1}, 400),
        ("PUT", "switches", {"decision_status": 500}, 400),
        ("PUT", "switches", {"decision_status": True}, 400),
        ("PUT", "switches", {"duplicate_check": 0}, 400),
        ("PUT", "switches", {"registered_locations": "00-1"}, 400),
        ("PUT", "latency", {"nothing": 1}, 400),
        ("PUT", "latency", {"apply": [2, 1]}, 400),
        ("PUT", "latency", {"apply": -1}, 400),
        ("PUT", "latency", {"apply": "1"}, 400),
        ("PUT", "tokens", {"life_seconds": 0}, 400),
        ("PUT", "tokens", {}, 400),
        ("PUT", "options", {"remove": {"nothing": ["x"]}}, 400),
        ("PUT", "options", {"lang": "de"}, 400),
        ("PUT", "adjudication", {"debt_ratio": "46"}, 400),
        ("POST", "faults", {"fault": "nothing"}, 400),
        ("POST", "faults", {"fault": "silent", "endpoint": "nothing"}, 400),
        ("POST", "faults", {"fault": "silent", "second": 3}, 400),
        ("POST", "faults", ["silent"], 400),
    ],
)
def test_wrong_request_says_what_is_wrong(
    till: Till, running_sandbox: Sandbox, method: str, path: str, body: Any, status: int
):
    answer = till.session.request(method, f"{running_sandbox.control_url}/{path}", json=body, timeout=5)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_many_tills_at_once_open_one_account_per_person(running_sandbox: Sandbox, till: Till):
    tills = [Till(running_sandbox) for _ in range(12)]
    for other in tills:
        other.sign_on()
    answers: list[int] = []
    start = threading.Barrier(len(tills))

    def hurry(other: Till) -> None:
        start.wait()
        answers.append(other.apply().status_code)
        answers.append(other.apply(first_name=other.reference_id).status_code)
        other.session.close()

    threads = [threading.Thread(target=hurry, args=(other,)) for other in tills]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 13 + [409] * 11
    numbers = [account["account_number"] for account in till.control("GET", "accounts")]
    assert numbers == list(range(20035156, 20035156 + 13))
    assert set(map(str, till.control("GET", "applies").values())) == {"{'received': 2, 'accepted': 2}"}


def test_two_sandboxes_share_nothing(till: Till):
    with Sandbox(Lender(apply_latency=(0, 0)), quiet=True) as other:
        till.approved()
        assert other.lender.accounts.all() == []


@pytest.fixture
def listener():
    """A listener on a port of its own that answers nothing."""
    listener = Listener("127.0.0.1", 0, lambda environ, start_response: [], quiet=True)
    yield listener
    listener.close()


def is_open(listener: Listener) -> bool:
    """Whether a connection to it is taken."""
    try:
        socket.create_connection((listener.host, listener.port), 5).close()
    except ConnectionRefusedError:
        return False
    return True


def test_listener_keeps_its_port_when_it_reopens(listener: Listener):
    port = listener.port
    for _ in range(20):
        listener.refuse(60)
        assert not is_open(listener)
        listener.reopen()
        assert is_open(listener)
    assert listener.port == port


def test_nobody_is_given_the_port_of_a_listener_that_refuses(listener: Listener):
    listener.refuse(60)
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((listener.host, listener.port))


def test_port_that_somebody_listens_on_is_not_taken(listener: Listener):
    with pytest.raises(OSError, match="in use"):
        Listener(listener.host, listener.port, lambda environ, start_response: [], quiet=True)
