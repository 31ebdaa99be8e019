"""Writing and reading evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, router, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from audit.models import Event, Events
from audit.names import EventName
from audit.redaction import Detail, refuse_answers


@dataclass(frozen=True)
class Subject:
    """What no row stands for, a day for instance. `kind` reads like a model's label, and is none."""

    kind: str
    key: str


def record(
    name: EventName,
    *,
    subject: models.Model | Subject,
    merchant_id: str | UUID | int | None,
    by: AbstractBaseUser | None,
    detail: Mapping[str, Detail] | None = None,
) -> Event:
    """Append one event, in the transaction of the change it tells about.

    `subject` is a saved row, or a Subject where none stands for it; `by` is None for the system; `merchant_id` is None
    or "" where no merchant is involved. Raises `TransactionManagementError` outside a transaction, and `ValueError` for
    a detail that could hold an applicant's answer or a secret, an unsaved subject or a person who is not signed in.
    """
    if not transaction.get_connection(router.db_for_write(Event)).in_atomic_block:
        raise TransactionManagementError("An event is recorded in the transaction of the change it tells about.")
    if isinstance(subject, models.Model) and (subject.pk is None or subject._state.adding):
        raise ValueError(f"An event needs a saved subject, not a new {subject._meta.label}.")
    if by is not None and by.pk is None:
        raise ValueError("An event is recorded by a known person, or by None for the system.")
    refuse_answers(detail or {})
    return Event.objects.create(
        name=EventName(name).value,
        **_subject(subject),
        actor_id="" if by is None else str(by.pk),
        actor="" if by is None else str(by)[:200],
        merchant_id="" if merchant_id is None else str(merchant_id),
        at=timezone.now(),
        detail=dict(detail or {}),
    )


def timeline(subject: models.Model | Subject) -> Events:
    """Everything that happened to the subject, oldest first."""
    return Event.objects.filter(**_subject(subject)).order_by("sequence")


def _subject(subject: models.Model | Subject) -> dict[str, Any]:
    if isinstance(subject, Subject):
        return {"subject_type": subject.kind, "subject_id": subject.key}
    return {"subject_type": subject._meta.label_lower, "subject_id": str(subject.pk)}
