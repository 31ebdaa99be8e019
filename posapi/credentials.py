"""A merchant's keys to the POS API in one environment, and the flow's reference id."""

import hashlib
import re
import uuid
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from posapi.destinations import is_this_machine

PATH = "/flexiti/pos-api/v2.5"
# Nothing that is turned into another name on the way: "posapi%2eflexiti.fi" is the lender's production host.
_HOST = re.compile(r"[a-z0-9.:-]+")
# urlsplit drops some of them, so that what is checked would not be what is called.
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f]")


def new_reference_id() -> str:
    """A fresh id for one application flow: a GUID as 32 hex digits (contract §1.2)."""
    return uuid.uuid4().hex


@dataclass(frozen=True)
class Credentials:
    """Where the API is and who we are there (vendor doc 003).

    `base_url` ends in `/flexiti/pos-api/v2.5` and is HTTPS unless the host is this machine; anything else
    is a ValueError that says what to change. The merchant user name and password are optional.
    """

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    merchant_username: str = field(default="", repr=False)
    merchant_password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", _checked(self.base_url))
        if not self.client_id.strip() or not self.client_secret.strip():
            raise ValueError("The client id and the client secret must not be blank.")

    @property
    def key(self) -> str:
        """Names this client at this environment in a token store; no secret goes into it."""
        return hashlib.sha256(f"{self.base_url}\n{self.client_id}".encode()).hexdigest()[:32]

    def merchant_sign_in(self) -> dict[str, str]:
        """The merchant's user name and password under the API's names, as far as they are set."""
        signing_in = {
            "merchant_username": self.merchant_username,
            "merchant_password": self.merchant_password,
        }
        return {name: value for name, value in signing_in.items() if value}

    @property
    def fingerprint(self) -> str:
        """Changes with the secret. It stays beside the token, so a token of a replaced secret is not used."""
        return hashlib.sha256(f"{self.key}\n{self.client_secret}".encode()).hexdigest()


def _checked(base_url: str) -> str:
    url = base_url.strip().rstrip("/")
    if _UNSEEN.search(url):
        raise ValueError("The base URL must be one word, without spaces, tabs or line breaks.")
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("The base URL must begin with https:// and name a host.")
    if not _HOST.fullmatch(parts.hostname) or not _has_possible_port(parts):
        raise ValueError(
            "The host must be written with plain letters, digits, dots and hyphens, and a port below 65536."
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("The base URL must hold no user name, password, query or fragment.")
    if parts.path != PATH:
        raise ValueError(f"The base URL must end in {PATH} straight after the host.")
    if parts.scheme == "http" and not is_this_machine(parts.hostname):
        raise ValueError("The base URL must begin with https://; plain http is for this machine only.")
    return url


def _has_possible_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False
