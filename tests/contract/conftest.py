"""The real sandbox in a process of its own, and clients of it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from posapi import Client, Credentials, CreditApplication, Flow, Timeouts, new_reference_id
from tests.contract.examples import example
from tests.posapi.lender import HERE, Lender

ROOT = Path(__file__).resolve().parents[2]
PATIENT = Timeouts(connect=5, read=5, total=15)
HASTY = Timeouts(connect=5, read=0.5, total=1.5)


@dataclass
class Sandbox:
    """Its API for the client, and its control plane on a port that faults do not touch."""

    base_url: str
    control_url: str
    session: requests.Session

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Call the control plane; anything but a success is the test's mistake."""
        response = self.session.request(method, f"{self.control_url}/{path}", json=body, timeout=5)
        response.raise_for_status()
        return response.json()

    def applies(self, reference_id: str) -> dict[str, int]:
        """How many `apply` arrived under a reference id, and how many were processed."""
        nothing = {"received": 0, "accepted": 0}
        return dict(self.control("GET", "applies").get(reference_id, nothing))

    def count(self, path_end: str) -> int:
        """How many requests arrived whose path ends so."""
        return sum(entry["path"].endswith(path_end) for entry in self.control("GET", "requests"))


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    """One sandbox for all contract tests."""
    command = [sys.executable, "-m", "sandbox", "--port", "0"]
    with (
        requests.Session() as session,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process,
    ):
        assert process.stdout
        base_url = process.stdout.readline().strip().removeprefix("sandbox ready ")
        try:
            where = session.get(base_url.partition("/flexiti")[0] + "/_sandbox/", timeout=5).json()
            yield Sandbox(base_url, where["control"], session)
        finally:
            process.terminate()


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """The sandbox as it starts, but without its pauses."""
    running_sandbox.control("DELETE", "faults")
    running_sandbox.control("POST", "reset")
    running_sandbox.control("PUT", "latency", {"apply": 0})
    return running_sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    """The demonstration merchant's client."""
    with Client(demonstration(sandbox), destinations=HERE, timeouts=PATIENT, apply_timeouts=PATIENT) as client:
        yield client


@pytest.fixture
def flow(client: Client) -> Flow:
    """One flow of that client."""
    return client.flow(new_reference_id())


@pytest.fixture
def hasty_flow(sandbox: Sandbox) -> Iterator[Flow]:
    """A flow that does not wait long for `apply`."""
    with Client(demonstration(sandbox), destinations=HERE, timeouts=PATIENT, apply_timeouts=HASTY) as client:
        yield client.flow(new_reference_id())


def demonstration(sandbox: Sandbox) -> Credentials:
    """The credentials of the vendor's examples."""
    known, signing_in = example("token_request"), example("login_request")
    return Credentials(sandbox.base_url, known["client_id"], known["client_secret"], *signing_in.values())


@pytest.fixture
def application() -> CreditApplication:
    """The vendor's example applicant."""
    return CreditApplication.from_body(example("apply_request"))


@pytest.fixture
def lender() -> Iterator[Lender]:
    """A scripted lender, for what the documents print and no request provokes."""
    lender = Lender()
    yield lender
    lender.close()
