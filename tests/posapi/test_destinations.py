"""Credentials go to hosts that were allowed, and under their names to public addresses only.

The name server and the network between are staged, because none on this machine gives such answers; the lender that
must not be reached is a real one.
"""

import ipaddress
import socket
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

import pytest

from posapi import (
    Client,
    CreditApplication,
    DestinationRefused,
    Destinations,
    LedAstray,
    NotReachable,
    new_reference_id,
)
from posapi.destinations import is_public
from tests.posapi.lender import Lender

PUBLIC = "93.184.215.14"
_look_up, _connect = socket.getaddrinfo, socket.socket.connect


class NameServer:
    """Answers for posapi.flexiti.fi, one list of addresses after the other, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def look_up(self, host: str, port: int, *more: Any) -> list[Any]:
        if host not in ("posapi.flexiti.fi", "localhost"):
            return _look_up(host, port, *more)
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [answer for address in found for answer in _look_up(address, port, *more)]


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> NameServer:
    """A name server that leads to this machine unless told otherwise."""
    server = NameServer(["127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", server.look_up)
    return server


@pytest.fixture
def client(lender: Lender, name_server: NameServer, open_client: Callable[..., Client]) -> Client:
    """A client for the vendor's name, at the port of the lender on this machine."""
    allowed = Destinations(frozenset({f"posapi.flexiti.fi:{lender.port}"}))
    return open_client(f"https://posapi.flexiti.fi:{lender.port}/flexiti/pos-api/v2.5", destinations=allowed)


def refusal_of(client: Client, application: CreditApplication) -> NotReachable:
    with pytest.raises(NotReachable) as caught:
        client.flow(new_reference_id()).apply(application)
    return caught.value


@pytest.mark.parametrize(
    "address",
    [
        "https://listening.example",
        "https://posapi.flexiti.fi.listening.example",
        "https://posapi.flexiti.fi:8443",
        "https://posapi.flexiti.fi.",
        "https://169.254.169.254",
        "http://127.0.0.1:{port}",
        "http://localhost:{port}",
        "http://[::1]:{port}",
    ],
)
def test_host_that_is_not_allowed_gets_no_socket(
    lender: Lender, open_client: Callable[..., Client], address: str
) -> None:
    with pytest.raises(DestinationRefused):
        open_client(address.format(port=lender.port) + "/flexiti/pos-api/v2.5", destinations=Destinations())
    assert lender.connections == 0


def test_hosts_of_the_vendor_are_allowed_and_others_with_their_port() -> None:
    for host in ("posapi", "posapi-mi", "posapi-training"):
        assert Destinations().allow(f"https://{host}.flexiti.fi/flexiti/pos-api/v2.5")
    assert Destinations().allow("https://posapi.flexiti.fi:443/flexiti/pos-api/v2.5")
    ours = Destinations(frozenset({"gateway.example:8443"}))
    assert ours.allow("https://Gateway.example:8443/flexiti/pos-api/v2.5")
    assert not ours.allow("https://gateway.example/flexiti/pos-api/v2.5")
    assert not ours.allow("https://posapi.flexiti.fi/flexiti/pos-api/v2.5")


@pytest.mark.parametrize("answer", [["127.0.0.1"], ["10.0.0.7"], ["169.254.169.254"], [PUBLIC, "127.0.0.1"], ["::1"]])
def test_name_that_leads_into_a_private_network_gets_no_socket(
    lender: Lender, client: Client, name_server: NameServer, application: CreditApplication, answer: list[str]
) -> None:
    name_server.answers = [answer]
    problem = refusal_of(client, application)
    assert isinstance(problem, LedAstray)
    assert problem.certainly_not_processed
    assert (lender.connections, name_server.asked) == (0, 1)


def test_reading_is_not_repeated_after_a_private_address(client: Client, name_server: NameServer) -> None:
    with pytest.raises(LedAstray):
        client.flow(new_reference_id()).i18n("en")
    assert name_server.asked == 1


def test_second_answer_of_the_name_server_changes_nothing(
    lender: Lender, client: Client, name_server: NameServer, application: CreditApplication, monkeypatch: Any
) -> None:
    tried: list[str] = []

    def unreachable(_socket: socket.socket, address: tuple[str, int]) -> None:
        tried.append(address[0])
        raise OSError("no route to host")

    name_server.answers = [[PUBLIC], ["127.0.0.1"]]
    monkeypatch.setattr(socket.socket, "connect", unreachable)
    assert type(refusal_of(client, application)) is NotReachable
    assert (tried, name_server.asked, lender.connections) == ([PUBLIC], 1, 0)


def test_network_that_leads_a_public_address_elsewhere_gets_no_byte(
    lender: Lender, client: Client, name_server: NameServer, application: CreditApplication, monkeypatch: Any
) -> None:
    name_server.answers = [[PUBLIC]]
    arrived: SimpleQueue[bytes] = SimpleQueue()
    lender.on_connection(1, lambda line: arrived.put(line.sock.recv(1)))
    here = ("127.0.0.1", lender.port)
    monkeypatch.setattr(socket.socket, "connect", lambda opened, _address: _connect(opened, here))
    assert isinstance(refusal_of(client, application), LedAstray)
    assert arrived.get(timeout=5) == b""


def test_name_of_this_machine_that_leads_off_it_gets_no_socket(
    lender: Lender, open_client: Callable[..., Client], name_server: NameServer, application: CreditApplication
) -> None:
    name_server.answers = [[PUBLIC]]
    client = open_client(f"http://localhost:{lender.port}/flexiti/pos-api/v2.5")
    assert isinstance(refusal_of(client, application), LedAstray)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("64:ff9b::5db8:d70e", True),  # the public one, behind NAT64
        ("64:ff9b::a00:7", False),  # 10.0.0.7, behind NAT64
        ("0.0.0.0", False),
        ("100.64.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::ffff:10.0.0.7", False),
        ("2002:a00:7::", False),
        ("fd00::1", False),
        ("fe80::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public
