"""Submissions of which each meets a fault, delivered by the portal's own code in many threads. Needs Django."""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from applications.models import Application
from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit
from chaos.certificates import make_certificates
from chaos.drafts import Draft
from chaos.fault_cases import Variant
from chaos.gate import Gate, plainly, showing
from chaos.lender import Lender
from chaos.people import answers_of
from local_services.portal import API_PATH
from local_services.sockets import LOOPBACK
from merchants.models import User
from tests.factories import CredentialFactory, StoreFactory, UserFactory, ready_application

_THREADS = 24
_NOBODY = 9  # the port of "discard", which nothing serves


@dataclass(frozen=True)
class Planned:
    """One submission to come: the line of the result it counts for, and what meets which of its calls."""

    line: str
    endpoint: str
    variant: Variant
    times: int = 1


@dataclass(frozen=True)
class Delivered:
    """The same when it is over."""

    planned: Planned
    draft: Draft


class FaultyCounter:
    """Takes applications of one new person after the other, each with a merchant and credential of its own."""

    def __init__(self, lender: Lender, folder: Path, chance: random.Random) -> None:
        self._lender, self._chance = lender, chance
        self._lender_port = urlsplit(lender.url).port or 0
        self._certificates = make_certificates(folder)
        self._user: User = UserFactory(username="associate")
        self._people = 0

    def deliver(self, planned: Sequence[Planned]) -> Iterator[Delivered]:
        """All of them at once, as far as the threads go."""
        with ExitStack() as doors:
            drafts = [self._draft(self._address(one.variant.door, doors), one) for one in planned]
            for one, draft in zip(planned, drafts, strict=True):
                if one.variant.fault:
                    reference = {"reference_id": draft.reference_id, "times": one.times}
                    self._lender.control(
                        "POST", "faults", {"endpoint": one.endpoint, **one.variant.staged(), **reference}
                    )
                submit(draft, by=self._user, revision=draft.revision)
            with ThreadPoolExecutor(_THREADS) as threads:
                list(threads.map(_deliver_one, drafts))
        self._lender.control("DELETE", "faults")
        for one, draft in zip(planned, drafts, strict=True):
            yield Delivered(one, Draft(draft.pk, draft.reference_id))

    def _draft(self, base_url: str, planned: Planned) -> Application:
        self._people += 1
        answers = answers_of(self._people, middle_name=self._chance.choice(planned.variant.keys))
        flat = {name: value for values in answers.values() for name, value in values.items()}
        store = StoreFactory()
        credential = CredentialFactory(merchant=store.merchant, base_url=base_url)
        return ready_application(credential, store=store, user=self._user, **flat)

    def _address(self, door: str, doors: ExitStack) -> str:
        """The lender's base URL, behind this door."""
        if not door:
            return self._lender.base_url
        if door == "closed":
            return f"http://{LOOPBACK}:{_NOBODY}{API_PATH}"
        trusted, untrusted = showing(self._certificates.trusted), showing(self._certificates.untrusted)
        before, after = {
            "closes": (plainly, None),
            "untrusted": (untrusted, untrusted),
            "turns untrusted": (trusted, untrusted),
        }[door]
        gate = doors.enter_context(closing(Gate(self._lender_port, before=before, after=after)))
        return f"{'http' if before is plainly else 'https'}://{LOOPBACK}:{gate.port}{API_PATH}"


def _deliver_one(_: object) -> None:
    """Whichever is next: as many calls as rows deliver them all."""
    try:
        deliver_next()
    finally:
        connection.close()
