"""Events and checkpoints. No foreign keys: an event outlives whatever it tells about."""

from collections.abc import Iterable
from typing import Any, NoReturn

from django.db import models, router, transaction
from django.utils.translation import gettext_lazy as _

from audit.chain import checkpoint_line, signed_part, written
from audit.linking import append_at_once, link
from audit.names import EventName


class EvidenceIsAppendOnly(Exception):
    """Something tried to change or delete evidence."""


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise EvidenceIsAppendOnly("Evidence is never changed or deleted; record another event instead.")


class AppendOnly(models.QuerySet[Any]):
    """Reads and appends. The database refuses the rest too (`audit/triggers.py`)."""

    update = bulk_update = delete = _refuse


class Events(AppendOnly):
    """Appends to chains."""

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
        connection = transaction.get_connection(using)
        with transaction.atomic(using, savepoint=False):
            if connection.vendor == "postgresql":
                append_at_once(self, connection)
            else:
                link([self], connection)
                super().save(using=using, force_insert=True)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused, always."""
        _refuse()


class Checkpoint(models.Model):
    """What the chains were at a moment, signed. Made by `audit.checkpoints` only.

    `up_to` is the highest number of an event that it covers, `root` that of the tree over the heads of those chains
    that changed since the checkpoint before, `previous` the hash of that one's line. `heads` are the leaves, a line
    each: no part of what is signed, but held against the root they tell which chain was changed.
    """

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    up_to = models.BigIntegerField()
    leaves = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    key_id = models.CharField(max_length=32)
    signature = models.CharField(max_length=88)
    heads = models.TextField()

    objects = AppendOnly.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"checkpoint {self.number}"

    def save(self, **kwargs: Any) -> None:
        """Insert; a checkpoint that is already kept cannot be saved again."""
        if not self._state.adding:
            _refuse()
        super().save(using=kwargs.get("using"), force_insert=True)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused, always."""
        _refuse()

    @classmethod
    def newest(cls) -> "Checkpoint | None":
        """The last one that was signed. Its list of heads is read when somebody asks for it."""
        return cls.objects.defer("heads").order_by("-number").first()

    @classmethod
    def newest_number(cls) -> int:
        """0 before the first."""
        newest = cls.newest()
        return newest.number if newest else 0

    def signed_part(self) -> bytes:
        """What its signature is made over."""
        return signed_part(self._as_written())

    def line(self) -> bytes:
        """As witnesses keep it."""
        return checkpoint_line(self._as_written())

    def _as_written(self) -> dict[str, Any]:
        return {**vars(self), "at": written(self.at)}


class Standing(models.Model):
    """How far one witness is. No evidence: where it is lost, a witness is given some checkpoints twice."""

    witness = models.CharField(max_length=200, unique=True)
    number = models.PositiveIntegerField()
    failing_since = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.witness
