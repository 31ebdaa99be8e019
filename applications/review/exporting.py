"""Writing an export: a piece at a time, so that neither memory nor the first byte depends on how long the list is.

How far it is stands in its row after every piece, outside of any transaction, where a second window reads it. The audit
chain says that it began, and of which list, before a byte leaves the house; and, however it ends, how many rows left.
Where a process is killed, the beginning stands there alone.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.review.export_rows import BYTE_ORDER_MARK, headings, lines
from applications.review.listing import Listing
from applications.review.models import Export
from audit.events import record
from audit.names import EventName
from audit.redaction import Detail
from merchants.models import User

ROWS_AT_ONCE = 1000
# Beyond that nobody waits for a number before the first row.
COUNTED_AT_MOST = 100_000
# Once begun, it can be asked for again so long: a download breaks off, a file is lost.
AGAIN_WITHIN = timedelta(hours=1)
# Not begun by then, it is asked for anew: filters and reasons are of their day.
BEGUN_WITHIN = timedelta(hours=24)


class State(TextChoices):
    """How far an export is."""

    NOT_DOWNLOADED = "not_downloaded", _("Not downloaded")
    BEING_WRITTEN = "being_written", _("Being written")
    COMPLETE = "complete", _("Complete")
    BROKEN_OFF = "broken_off", _("Broken off")

    @property
    def tone(self) -> str:
        """As a status pill shows it."""
        tones = {State.BEING_WRITTEN: "info", State.COMPLETE: "success", State.BROKEN_OFF: "warning"}
        return tones.get(self, "neutral")


def state_of(export: Export) -> State:
    """Where nothing was ever said of an end, the process died: nobody waits for it longer than it may be asked for."""
    if export.began_at is None:
        return State.NOT_DOWNLOADED
    if export.ended_at:
        return State.COMPLETE if export.is_complete else State.BROKEN_OFF
    return State.BEING_WRITTEN if may_be_downloaded(export) else State.BROKEN_OFF


def may_be_downloaded(export: Export) -> bool:
    """Whether its time is not over."""
    if export.began_at:
        return timezone.now() - export.began_at < AGAIN_WITHIN
    return timezone.now() - export.requested_at < BEGUN_WITHIN


def written(
    export: Export, listing: Listing, *, by: User, may_go_on: Callable[[], bool] = lambda: True
) -> Iterator[bytes]:
    """The file, in pieces. Closing the iterator early is an end too, and recorded as one.

    Rows are counted before they go out: where the connection breaks within a piece, all of it may have been read.
    `may_go_on` is asked before each piece; a long file outlives the right to it.
    """
    _begin(export, by=by)
    language, with_names = export.language, export.with_names
    try:
        yield BYTE_ORDER_MARK + headings(language=language, with_names=with_names)
        _note(export, rows_expected=listing.counted(most=COUNTED_AT_MOST))
        position = None
        while piece := listing.positions(limit=ROWS_AT_ONCE, older_than=position):
            if not may_go_on():
                return
            text = lines(listing.opened(piece), language=language, with_names=with_names)
            _note(export, rows_written=export.rows_written + len(piece))
            yield text
            position = piece[-1]
        export.is_complete = True
    finally:
        _end(export, by=by)


def _note(export: Export, **columns: object) -> None:
    for name, value in columns.items():
        setattr(export, name, value)
    export.save(update_fields=list(columns))


@transaction.atomic
def _begin(export: Export, *, by: User) -> None:
    began = export.began_at or timezone.now()
    _note(export, began_at=began, ended_at=None, rows_expected=None, rows_written=0, is_complete=False)
    _record(EventName.EXPORT_BEGUN, export, {}, by=by)


@transaction.atomic
def _end(export: Export, *, by: User) -> None:
    _note(export, ended_at=timezone.now(), is_complete=export.is_complete)
    _record(EventName.EXPORTED, export, {"rows": export.rows_written, "complete": export.is_complete}, by=by)


def _record(name: EventName, export: Export, detail: dict[str, Detail], *, by: User) -> None:
    filters = [f"{field}={value}" for field, value in QueryDict(export.query).items()]
    what: dict[str, Detail] = {"with_names": export.with_names, "filters": filters}
    record(name, subject=export, merchant_id=export.merchant_id, by=by, detail={**what, **detail})
