"""Whether the database was set back to an earlier moment: what waits in it may have been sent since (decisions/0023).

Two things tell. PostgreSQL's own names of where the database is: a restore changes one of them at least. And witnesses
that have a signed checkpoint which the database does not have. Until `accept`, nothing is sent.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime

from django.db import InternalError, NotSupportedError, ProgrammingError, connection, transaction
from django.utils import timezone

from applications.monitoring.models import Mark
from audit.ahead import missing_here, witness_ahead
from audit.events import record
from audit.names import EventName
from audit.redaction import Detail

SAY_EVERY_SECONDS = 60.0

logger = logging.getLogger(__name__)

# The cluster, its line of history (each recovery to a point in time begins another), the database, and this table,
# which `pg_restore --clean` makes anew; then when the server was started.
_HERE = """
SELECT
    concat_ws(
        ' ',
        (SELECT system_identifier FROM pg_control_system()),
        left(pg_walfile_name(pg_current_wal_lsn()), 8),
        (SELECT oid FROM pg_database WHERE datname = current_database()),
        'monitoring_mark'::regclass::oid
    ),
    extract(epoch FROM pg_postmaster_start_time())::text
"""
_ONLY = 1
_said: list[float] = []


@dataclass(frozen=True)
class Here:
    """Where the database is now, and since when its server runs. Both empty where nothing tells."""

    place: str = ""
    started: str = ""

    def __str__(self) -> str:
        return f"{self.place} {self.started}"


def here() -> Here:
    """Asked each time: a database may be put back under a connection that stays."""
    if connection.vendor != "postgresql":
        return Here()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_HERE)
            return Here(*cursor.fetchone())
    except (InternalError, NotSupportedError, ProgrammingError):
        return Here()  # a server that keeps these to itself


def may_send() -> bool:
    """Whether this is the newest database, as far as can be known; after a start of its server once `look` was."""
    at = here()
    mark = _mark(at)
    return mark.set_back_at is None and (mark.place, mark.started) == (at.place, at.started)


def is_set_back() -> bool:
    """The same for pages and probes: it changes nothing, and a server that was only started again is no reason."""
    mark = Mark.objects.filter(pk=_ONLY).first()
    return mark is not None and (mark.set_back_at is not None or mark.place != here().place)


def noticed_at() -> datetime | None:
    """Since when nothing is sent; None while all is well."""
    return Mark.objects.filter(pk=_ONLY).values_list("set_back_at", flat=True).first()


def look() -> bool:
    """Notice that the database was set back, or let it be sent from. For the sweep; False while nothing may be sent."""
    at = here()
    mark = _mark(at)
    sign = mark.sign or _sign(mark, at)
    if not sign:
        Mark.objects.filter(pk=_ONLY, place=at.place, set_back_at=None).exclude(started=at.started).update(
            started=at.started
        )
        return True
    if mark.set_back_to != str(at):  # or, being held back, was put back once more
        as_seen = {name: getattr(mark, name) for name in ("place", "set_back_to", "left_behind")}  # nobody accepted it
        Mark.objects.filter(pk=_ONLY, **as_seen).update(
            set_back_at=timezone.now(), set_back_to=str(at), sign=sign[:200]
        )
    _say(sign)
    return False


@transaction.atomic
def accept(detail: dict[str, Detail]) -> None:
    """What waited was dealt with: sending goes on from here. What witnesses have beyond this database is given up."""
    at = here()
    values = {"set_back_at": None, "set_back_to": "", "sign": "", "left_behind": missing_here()}
    mark, _ = Mark.objects.update_or_create(pk=_ONLY, defaults={"place": at.place, "started": at.started, **values})
    record(EventName.SENDING_RESUMED, subject=mark, merchant_id=None, by=None, detail=detail)


def _mark(at: Here) -> Mark:
    mark = Mark.objects.filter(pk=_ONLY).first()
    if mark is None:  # a new portal
        mark, _ = Mark.objects.get_or_create(pk=_ONLY, defaults={"place": at.place, "started": at.started})
    return mark


def _sign(mark: Mark, at: Here) -> str:
    if mark.place != at.place:
        return "it is in another place than it was"
    ahead = witness_ahead(mark.left_behind)
    return f"{ahead} has a checkpoint that it does not have" if ahead else ""


def _say(sign: str) -> None:
    if not _said or time.monotonic() - _said[-1] > SAY_EVERY_SECONDS:
        _said[:] = [time.monotonic()]
        logger.error("Nothing is sent, because the database was set back or moved: %s (SendingHeldBack)", sign)
