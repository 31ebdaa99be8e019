"""Taking an application's evidence out of the portal.

That it is taken out is an event first, signed with all the others before a byte leaves the house: so the bundle tells
of itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from applications.evidence.page import page_of
from applications.evidence.record import record_of
from applications.evidence.terms import files_of, terms_of
from applications.models import Application
from audit.bundle.proofs import Files, chain_of, proof_files
from audit.bundle.writing import complete
from audit.bundle.writing import write as write_files
from audit.checkpoints import AlwaysAppending, catch_up
from audit.events import record, timeline
from audit.models import Event
from audit.names import EventName
from merchants.models import User

_TIMES = 5


@dataclass(frozen=True)
class Bundle:
    """The files of one bundle, and when they were put together."""

    application: Application
    files: Files
    at: datetime

    @property
    def name(self) -> str:
        """Of its folder, and of the ZIP file without its ending."""
        return f"evidence-{self.application.reference_id}"

    def write(self, path: Path) -> None:
        """As one ZIP file that only its owner may read. Raises FileExistsError."""
        write_files(path, self.files, folder=self.name, at=timezone.localtime(self.at, self.application.store.tzinfo))


def export(application: Application, *, command: str, operator: str, by: User | None) -> Bundle:
    """Everything about this application until now. `operator` is the account of the machine that asked for it.

    Raises AlwaysAppending while no checkpoint can be made that covers all of it.
    """
    with transaction.atomic():
        record(
            EventName.EVIDENCE_EXPORTED,
            subject=application,
            merchant_id=application.merchant_id,
            by=by,
            detail={"command": command, "operator": operator[:200]},
        )
    for _ in range(_TIMES):
        catch_up()
        events = chain_of(application)
        proofs = proof_files(events)  # reads every checkpoint there is: nobody waits for that
        with transaction.atomic():
            Application.objects.select_for_update().values_list("pk").get(pk=application.pk)
            if len(events) == timeline(application).count():
                return _put_together(application, events, proofs, timezone.now())
    raise AlwaysAppending("Something is recorded about this application all the time.")


def _put_together(application: Application, events: Sequence[Event], proofs: Files, at: datetime) -> Bundle:
    """While the application is locked, so that its rows are those that the events tell of."""
    terms = terms_of(application, events)
    files = {
        **proofs,
        **files_of(terms),
        "record.json": json.dumps(record_of(application, terms), indent=1, ensure_ascii=False).encode(),
        "index.html": page_of(application, events, proofs, terms, at),
    }
    return Bundle(application, complete(files, events[-1], at=at), at)
