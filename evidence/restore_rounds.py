"""One round of the restore drill (restoring.py). Needs Django."""

import http.client
import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

from applications.models import Application
from applications.statuses import IN_FLIGHT, Status
from audit.models import Checkpoint, Event
from chaos.books import keep_books
from chaos.drafts import Draft, make_drafts
from chaos.lender import Flow
from chaos.measure import Run
from chaos.submitting import Submitting
from evidence.mortal import Mortal
from evidence.restore_kinds import SUBMISSIONS, Found, Kind

_LATER = 4  # submitted while nothing is sent
PEOPLE = SUBMISSIONS + _LATER
_ASSOCIATES = ("associate",) * 3 + ("manager",) * 2
_HELD_FOR = 11.0  # seconds: two sweeps at least
_WITHIN = 120.0
# PostgreSQL begins 32 numbers later over files that were not shut down, which looks like events that were taken out.
_OLDER = ("\nrolled back:", "\ntail cut:")


class Round:
    """One of them. Begins and ends with a running portal."""

    def __init__(self, given: Run, portal: Mortal, kind: Kind, found: Found, *, first: int) -> None:
        self._given, self._portal, self._kind, self._found = given, portal, kind, found
        self._backup = given.folder / ("files" if kind == Kind.FILES else "backup.pgc")
        self._first = first
        self._drafts = make_drafts(SUBMISSIONS, given.random, username="associate", first=first)
        self._before: set[Draft] = set()
        self._restored: dict[Draft, str] = {}

    def go(self) -> None:
        """All of it; adds to what was found."""
        self._found.rounds += 1
        self._submitted_and_backed_up()
        self._until_witnessed()
        self._portal.die()
        self._forget_connections()
        self._put_back()
        self._read_what_came_back()
        self._verify_first()
        later = self._operate()
        self._until(self._is_settled, "settled")
        self._verify_again()
        self._reckon(later)

    def _submitted_and_backed_up(self) -> None:
        for draft in self._drafts[::10]:
            self._portal.lender.fail("apply", "reset_after", reference_id=draft.reference_id, processed=True)
        submitting = Submitting(self._portal.url, _ASSOCIATES, self._drafts)
        submitting.start()
        if self._kind != Kind.NEWEST:
            self._until(lambda: len(submitting.acknowledged) > SUBMISSIONS / 3, "submitting")
            self._before = set(submitting.acknowledged)
            self._back_up()
        self._until(lambda: submitting.is_over, "submitted")
        self._until(lambda: self._statuses().isdisjoint({"queued", "sending"}), "sent")
        if self._kind == Kind.NEWEST:
            self._until(self._is_settled, "settled before")
            self._before = set(submitting.acknowledged)
            self._back_up()

    def _back_up(self) -> None:
        if self._kind == Kind.FILES:
            shutil.rmtree(self._backup, ignore_errors=True)
            self._portal.copy_files(self._backup)
        else:
            self._portal.back_up(self._backup)

    def _until_witnessed(self) -> None:
        """The witness has a checkpoint from after the last sending, where the backup is older than that."""
        if self._kind == Kind.NEWEST:
            return
        last = Event.objects.filter(name="sent").latest("id").pk
        covering = Checkpoint.objects.filter(up_to__gte=last)
        self._until(covering.exists, "signed")
        line = covering.earliest("number").line()
        self._until(lambda: line in self._portal.witness.read_bytes(), "witnessed")

    def _put_back(self) -> None:
        if self._kind == Kind.FILES:
            shutil.copytree(self._backup, self._portal.database.cluster)
            self._portal.database.cluster.chmod(0o700)
        self._portal.come_up()
        if self._kind != Kind.FILES:
            self._portal.restore(self._backup)

    def _read_what_came_back(self) -> None:
        rows = self._rows()
        flows = self._portal.lender.flows()
        self._restored = {draft: rows.get(draft.id, "missing") for draft in self._drafts}
        sent = {draft for draft in self._drafts if draft.reference_id in flows}
        self._found.in_backup += Counter(self._restored.values())
        self._found.in_line_but_sent += sum(self._restored[draft] == "queued" for draft in sent)
        self._found.drafts_again += sum(self._restored[draft] == "draft" for draft in sent)

    def _verify_first(self) -> None:
        said = self._portal.verify()
        self._found.said_ok += "\nOK. Witnesses that agree" in said
        self._found.said_rolled_back += any(kind in said for kind in _OLDER)

    def _operate(self) -> list[Draft]:
        """From the restored database to a portal that sends. Gives what was submitted while it did not."""
        later: list[Draft] = []
        if self._kind == Kind.CONTROL:
            self._portal.manage("resume_sending", "--nothing-was-lost")
        if self._kind in (Kind.BY_THE_BOOK, Kind.NEWEST):
            self._step()
        flows = self._portal.lender.flows()
        self._portal.serve()
        if self._kind in (Kind.FORGOTTEN, Kind.FILES):
            later = self._held_back(flows)
            self._step()
        return later

    def _step(self) -> None:
        self._found.presumed += len(self._portal.manage("presume_sent", "--after-a-restore").split())

    def _held_back(self, flows: Mapping[str, Flow]) -> list[Draft]:
        """The step is forgotten, and people submit more: the portal has to notice, and to keep everything."""
        self._until(lambda: "sending" in self._readiness() and self._readiness()["sending"] != "ok", "noticed")
        later = make_drafts(_LATER, self._given.random, username="associate", first=self._first + SUBMISSIONS)
        submitting = Submitting(self._portal.url, _ASSOCIATES[:1], later)
        submitting.start()
        self._until(lambda: submitting.is_over, "submitted meanwhile")
        time.sleep(_HELD_FOR)
        self._found.sent_while_held += sum(
            flow.received - flows[key].received if key in flows else flow.received
            for key, flow in self._portal.lender.flows().items()
        )
        self._found.held += 1
        return later

    def _verify_again(self) -> None:
        if self._kind != Kind.NEWEST:
            self._portal.begin_new_witness()
        self._found.ok_in_the_end += "\nOK. Witnesses that agree" in self._portal.verify()

    def _reckon(self, later: list[Draft]) -> None:
        came_back = {draft for draft, status in self._restored.items() if status not in ("draft", "missing")}
        books = keep_books([*self._drafts, *later], {*came_back, *later}, self._portal.lender.flows())
        gone = [draft for draft in self._before if self._restored[draft] in ("draft", "missing")]
        not_there = [draft for draft in self._drafts if self._restored[draft] == "missing"]
        self._found.lost += books.lost + len({*gone, *not_there})
        self._found.twice += books.people_with_more_than_one_apply
        self._found.wrong += books.wrong
        self._found.unsettled += sum(books.statuses.get(one, 0) for one in {*IN_FLIGHT, Status.UNKNOWN})

    def _statuses(self) -> set[str]:
        return set(self._rows().values())

    def _rows(self) -> dict[Any, str]:
        return dict(Application.objects.values_list("pk", "status"))

    def _is_settled(self) -> bool:
        return self._statuses().isdisjoint({"queued", "sending", "unknown"})

    def _until(self, reached: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + _WITHIN
        while not reached():
            if time.monotonic() > until:
                told_ = dict(Counter(self._rows().values()))
                raise RuntimeError(f"{self._kind}: not {what} within {_WITHIN:.0f} s, but {told_}")
            self._portal.processes.check()
            time.sleep(0.1)

    def _readiness(self) -> dict[str, str]:
        caller = http.client.HTTPConnection(urlsplit(self._portal.url).netloc, timeout=10)
        try:
            caller.request("GET", "/readyz")
            parts: dict[str, str] = json.loads(caller.getresponse().read())["parts"]
            return parts
        finally:
            caller.close()

    def _forget_connections(self) -> None:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
