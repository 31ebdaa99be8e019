"""What it takes to erase an application: who it was, and later that it was. Each leaves its event, never a value."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from applications.answers import Answers
from applications.models import Application, Cancellation, SubmissionAttempt
from applications.persons import KEYS_OF_A_PERSON
from applications.review.models import FollowUp
from applications.statuses import Status
from applications.verdicts import Verdict
from audit.events import record
from audit.names import EventName
from audit.redaction import Detail
from merchants.models import User

# The outcome is known, or all that can be known is. What is unknown, pending, in line or held is kept until it is
# settled, however long that takes: settling needs it.
_ERASABLE = frozenset(
    {
        Status.APPROVED,
        Status.DECLINED,
        Status.ALREADY_CUSTOMER,
        Status.CANCELLED,
        Status.NO_ACCOUNT,
        Status.EXPIRED,
    }
)
_SEALED_OF_A_SEND = ("snapshot", "sensitive", "found", "known_accounts", "answer")


def with_nothing_open(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Those that are over, with no search planned, no contradiction to look into and no cancellation under way."""
    sends = SubmissionAttempt.objects.filter(application=OuterRef("pk"))
    open_sends = Q(closed_at=None) | Q(next_look_at__isnull=False) | Q(look_verdict=Verdict.CONTRADICTED)
    for_a_person = Q(look_verdict=Verdict.AMBIGUOUS, application__status=Status.NO_ACCOUNT)
    cancellations = Cancellation.objects.filter(application=OuterRef("pk"), closed_at=None)
    return applications.filter(
        ~Exists(sends.filter(open_sends | for_a_person)), ~Exists(cancellations), status__in=sorted(_ERASABLE)
    )


def erase_answers(application: Application, *, why: str, by: User | None = None) -> None:
    """Whatever says who the customer was goes, in answers, sends, decisions, notes and blind indexes.

    `why`: BY_PERIOD or ON_REQUEST. Call it in a transaction, with the application locked.
    """
    detail: dict[str, Detail] = {
        "why": why,
        "attempts": application.attempts.update(**dict.fromkeys(_SEALED_OF_A_SEND)),
        "settlements": application.settlements.update(answer=None, reason=None),
        "reveals": application.reveals.update(reason=None),
        "corrections": application.corrections.update(text=None),
        "notes": application.notes.all().delete()[0],
    }
    application.answers = Answers().to_json()
    for column in (*KEYS_OF_A_PERSON, "account_key"):
        setattr(application, column, "")
    application.erased_at = timezone.now()
    application.save(update_fields=["answers", *KEYS_OF_A_PERSON, "account_key", "erased_at"])
    _record(EventName.ERASED, application, detail, by=by)


def delete_evidence(application: Application) -> None:
    """The rows go, after the last event of their chain. Call it in a transaction, with the application locked."""
    in_order: dict[str, Any] = {
        "notes": application.notes,
        "reveals": application.reveals,
        "corrections": application.corrections,
        "settlements": application.settlements,
        "consents": application.consents,
        "cancellations": application.cancellations,
        "attempts": application.attempts,
        "acceptances": application.acceptances,
    }
    counts: dict[str, Detail] = {name: rows.count() for name, rows in in_order.items()}
    _record(EventName.EVIDENCE_DELETED, application, {"reference_id": application.reference_id, **counts})
    FollowUp.objects.filter(application=application).delete()
    for rows in in_order.values():
        rows.all().delete()
    application.delete()


def _record(name: EventName, application: Application, detail: dict[str, Detail], *, by: User | None = None) -> None:
    record(name, subject=application, merchant_id=application.merchant_id, by=by, detail=detail)
