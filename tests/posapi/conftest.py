"""A scripted lender and its clients."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from posapi import Client, Credentials, CreditApplication, Flow, InMemoryTokens, Timeouts, Token, new_reference_id
from tests.contract.examples import example
from tests.posapi.lender import HERE, Lender

PATIENT = Timeouts(connect=5, read=5, total=15)
HASTY = Timeouts(connect=0.3, read=0.3, total=0.8)
SECRET = "77xde15a-9d33-4c15-930a-3se4b3as33e9"


@pytest.fixture
def lender() -> Iterator[Lender]:
    """A lender of its own for every test."""
    lender = Lender()
    yield lender
    lender.close()


@pytest.fixture
def application() -> CreditApplication:
    """The vendor's example applicant."""
    return CreditApplication.from_body(example("apply_request"))


@pytest.fixture
def open_client() -> Iterator[Callable[..., Client]]:
    """Opens clients and closes them after the test; by default with a token already in hand."""
    opened: list[Client] = []

    def open_client(base_url: str, *, signed_in: bool = True, **options: Any) -> Client:
        credentials = Credentials(base_url, "flexitidemo", SECRET, "merchantonline", "dice-manila-purism")
        options = {"timeouts": PATIENT, "apply_timeouts": PATIENT, "destinations": HERE, **options}
        if signed_in:
            options["tokens"] = InMemoryTokens()
            token = Token("first-token", "first-refresh", 1200.0, credentials.fingerprint)
            options["tokens"].put(credentials.key, token, 1200)
        opened.append(Client(credentials, **options))
        return opened[-1]

    yield open_client
    for client in opened:
        client.close()


@pytest.fixture
def client(lender: Lender, open_client: Callable[..., Client]) -> Client:
    """A client of the scripted lender, with a token in hand: its first connection is the call's own."""
    return open_client(lender.base_url)


@pytest.fixture
def hasty_flow(lender: Lender, open_client: Callable[..., Client]) -> Flow:
    """A flow that does not wait long, for what never comes."""
    return open_client(lender.base_url, timeouts=HASTY, apply_timeouts=HASTY).flow(new_reference_id())


@pytest.fixture
def flow(client: Client) -> Flow:
    """One flow of that client."""
    return client.flow(new_reference_id())
