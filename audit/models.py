"""One table of events. No foreign keys: an event outlives whatever it tells about."""

from collections.abc import Iterable
from typing import Any, NoReturn

from django.db import models, router, transaction
from django.utils.translation import gettext_lazy as _

from audit.linking import link
from audit.names import EventName


class EvidenceIsAppendOnly(Exception):
    """Something tried to change or delete an event."""


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise EvidenceIsAppendOnly("Audit events are never changed or deleted; record another event instead.")


class Events(models.QuerySet["Event"]):
    """Reads and appends. The database refuses the rest too (`audit/triggers.py`)."""

    update = bulk_update = delete = _refuse

    def bulk_create(
        self,
        objs: Iterable[Any],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        *args: Any,
        **kwargs: Any,
    ) -> list[Any]:
        """Append several, each to its subject's chain; nothing may be skipped or overwritten."""
        if ignore_conflicts or update_conflicts:
            _refuse()
        events = list(objs)
        with transaction.atomic(self.db, savepoint=False):
            link(events, transaction.get_connection(self.db))
            return super().bulk_create(events, batch_size, *args, **kwargs)


class Event(models.Model):
    """What happened to one subject. Written by `audit.events.record` only."""

    # Not a field with choices: a name that is no longer in EventName must still be read.
    name = models.CharField(_("event"), max_length=40)
    subject_type = models.CharField(_("kind of subject"), max_length=100)
    subject_id = models.CharField(_("subject"), max_length=64)
    actor_id = models.CharField(max_length=64, blank=True)
    actor = models.CharField(_("by"), max_length=200, blank=True)
    merchant_id = models.CharField(_("merchant"), max_length=64, blank=True)
    at = models.DateTimeField(_("at"))
    detail = models.JSONField(_("detail"), default=dict, blank=True)
    sequence = models.PositiveIntegerField(_("number in its chain"), editable=False)
    previous = models.CharField(_("hash of the event before"), max_length=64, editable=False)
    hash = models.CharField(_("hash"), max_length=64, editable=False)

    objects = Events.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id", "sequence"], name="audit_event_in_chain"),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "id"], name="audit_event_of_merchant"),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.subject_type} {self.subject_id}"

    @property
    def label(self) -> str:
        """The event in words, in the reader's language."""
        return str(EventName(self.name).label) if self.name in EventName.values else self.name

    def save(self, **kwargs: Any) -> None:
        """Insert at the end of the subject's chain; an event that is already kept cannot be saved again."""
        if not self._state.adding:
            _refuse()
        using = kwargs.get("using") or router.db_for_write(Event, instance=self)
        with transaction.atomic(using, savepoint=False):
            link([self], transaction.get_connection(using))
            super().save(using=using, force_insert=True)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused, always."""
        _refuse()
