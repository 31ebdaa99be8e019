"""Where a page of a long list begins: after a row, and not after so many rows, so that a late page costs no more."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID

from django.db.models import Q

NEWEST_FIRST = ("-created_at", "-id")
OLDEST_FIRST = ("created_at", "id")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BYTES_OF_TIME, _BYTES_OF_ID = 8, 16


class BadCursor(Exception):
    """The part of the address that says where a page begins was not made here."""


@dataclass(frozen=True, order=True)
class Position:
    """The place of an application among all, by when it was begun. Its cursor holds nothing else."""

    created_at: datetime
    id: UUID

    @classmethod
    def from_cursor(cls, cursor: str) -> Self:
        """Raises BadCursor."""
        try:
            raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
            moment = _EPOCH + int.from_bytes(raw[:_BYTES_OF_TIME], "big", signed=True) * _MICROSECOND
            return cls(moment, UUID(bytes=raw[_BYTES_OF_TIME:]))
        except (binascii.Error, ValueError, OverflowError) as problem:
            raise BadCursor from problem

    @property
    def cursor(self) -> str:
        """For an address: 32 characters."""
        moment = (self.created_at - _EPOCH) // _MICROSECOND
        raw = moment.to_bytes(_BYTES_OF_TIME, "big", signed=True) + self.id.bytes
        return base64.urlsafe_b64encode(raw).decode()

    @property
    def older(self) -> Q:
        """Everything before it. The first condition is a range of an index, the second only breaks ties."""
        return Q(created_at__lte=self.created_at) & (Q(created_at__lt=self.created_at) | Q(id__lt=self.id))

    @property
    def newer(self) -> Q:
        """Everything after it."""
        return Q(created_at__gte=self.created_at) & (Q(created_at__gt=self.created_at) | Q(id__gt=self.id))
