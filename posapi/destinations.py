"""Where calls may go: to hosts that were allowed, and under their names to public addresses only.

A credential goes to whoever answers at its base URL, so the URL is not enough to go by: its host has to be on a list,
and what the name leads to at the moment of the call has to be an address of the Internet and not of this network.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from urllib3.exceptions import HTTPError
from urllib3.util.connection import allowed_gai_family, create_connection

TRAINING = "posapi-training.flexiti.fi"
MERCHANT_INTEGRATION = "posapi-mi.flexiti.fi"
PRODUCTION = "posapi.flexiti.fi"
VENDOR_HOSTS = (TRAINING, MERCHANT_INTEGRATION, PRODUCTION)  # contract §1.1

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # NAT64: an IPv4 address in its last 32 bits (RFC 6052)
_HTTPS_PORT = 443


class DestinationRefused(ValueError):
    """The host of a base URL is not among those to which calls may go."""


class AddressRefused(HTTPError):
    """A name leads somewhere else than it may: into a private network, or from this machine's name off it."""


@dataclass(frozen=True)
class Destinations:
    """The hosts to which calls may go, as `host` (port 443) or `host:port`; and whether this machine is one."""

    hosts: frozenset[str] = frozenset(VENDOR_HOSTS)
    this_machine: bool = False

    def allow(self, base_url: str) -> bool:
        """Whether calls to this base URL may be made."""
        try:
            parts = urlsplit(base_url.strip())
            host, port = parts.hostname or "", parts.port or _HTTPS_PORT
        except ValueError:
            return False
        if is_this_machine(host):
            return self.this_machine
        names = {f"{host}:{port}", host} if port == _HTTPS_PORT else {f"{host}:{port}"}
        return parts.scheme == "https" and bool(names & self.hosts)

    def check(self, base_url: str) -> None:
        """Raise DestinationRefused unless calls to this base URL may be made."""
        if not self.allow(base_url):
            raise DestinationRefused("The host of the base URL is not among those to which calls may go.")


VENDOR = Destinations()


def is_this_machine(host: str) -> bool:
    """Whether a host is written as this machine: `localhost` or a loopback address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def connect(host: str, port: int, **options: object) -> socket.socket:
    """A socket to a host, after one look-up of its name; raises AddressRefused before anything could be sent.

    Every address of the name is checked before the first is tried, and these very addresses are connected to, so that
    a second answer of the name server changes nothing. What the socket is connected to in the end is checked as well:
    a network may lead a public address elsewhere. `options` are those of urllib3's `create_connection`.
    """
    host = host.strip("[]")
    problem: OSError = OSError("the name has no address")
    for address in _addresses(host, port):
        try:
            opened = create_connection((address, port), **options)  # type: ignore[arg-type]
        except OSError as found:
            problem = found
            continue
        return _checked(opened, host)
    raise problem


def _addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(where[0]) for *_, where in found))
    for address in addresses:
        _check(host, address)
    return addresses


def _checked(opened: socket.socket, host: str) -> socket.socket:
    try:
        _check(host, str(opened.getpeername()[0]))
    except (AddressRefused, OSError):
        opened.close()
        raise
    return opened


def _check(host: str, address: str) -> None:
    """The name of this machine leads to this machine, every other name to a public address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if not (found.is_loopback if is_this_machine(host) else is_public(found)):
        raise AddressRefused("the name leads to an address that it must not lead to")


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one host of the Internet: not private, shared, link-local, reserved, or a tunnel's."""
    if address.version == 6 and address in _TRANSLATED:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if isinstance(address, ipaddress.IPv6Address) and (address not in _GLOBAL_UNICAST or address.sixtofour):
        return False
    return address.is_global and not address.is_multicast
