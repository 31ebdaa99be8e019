"""What a person at the counter may see. The first argument is always who is asking: no other door to an application."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from applications.models import Application
from applications.persons import PersonKeys
from applications.statuses import CONTRADICTABLE, EDITABLE, Status
from applications.verdicts import Verdict
from merchants.counter import Counter
from merchants.models import Merchant, Role, User

# By then a search has told what became of an unknown outcome, unless the lender cannot be asked.
_TOLD_BY_THEN = timedelta(minutes=15)


def applications_of(counter: Counter) -> QuerySet[Application]:
    """The applications of the store at which this person stands."""
    return Application.objects.filter(merchant=counter.merchant, store=counter.store).select_related(
        "merchant", "store", "credential__circuit", "created_by"
    )


def application_for(counter: Counter, application_id: UUID) -> Application:
    """One application, or Application.DoesNotExist when it is another store's or another merchant's."""
    return applications_of(counter).get(pk=application_id)


def open_drafts(counter: Counter, user: User) -> QuerySet[Application]:
    """What this person began and has not sent, the latest first."""
    return applications_of(counter).filter(created_by=user, status__in=EDITABLE).order_by("-updated_at")


def waiting_for_a_manager(counter: Counter, *, limit: int = 50) -> QuerySet[Application]:
    """What a manager of this store has to settle with the lender, the oldest first; for everybody else nothing.

    What no search can tell, what none has told in time, and what a late answer contradicts.
    """
    if counter.membership.role != Role.MANAGER:
        return Application.objects.none()
    overdue = Q(status=Status.UNKNOWN, updated_at__lt=timezone.now() - _TOLD_BY_THEN)
    undecided = Q(status=Status.UNKNOWN, attempts__look_verdict=Verdict.AMBIGUOUS)
    contradicted = Q(status__in=CONTRADICTABLE, attempts__look_verdict=Verdict.CONTRADICTED)
    found = applications_of(counter).filter(overdue | undecided | contradicted | Q(status=Status.NO_ACCOUNT))
    return found.distinct().order_by("updated_at")[:limit]


def recent_applications(counter: Counter, *, limit: int = 20) -> QuerySet[Application]:
    """What was sent from this store, the latest first."""
    unsent = EDITABLE | {Status.EXPIRED}
    return applications_of(counter).exclude(status__in=unsent).order_by("-updated_at")[:limit]


def applications_of_person(merchant: Merchant, keys: PersonKeys, *, besides: Application) -> QuerySet[Application]:
    """This merchant's other applications of what seems to be this person, the latest first, each with its `sent_at`.

    The same name and birth date, or the same birth date with the same phone or e-mail. Answers are not loaded, and
    the other stores' are among them: what the counter may see of those is journey/same_person.py.
    """
    same = Q(pk=None)
    for column, key in keys.as_columns().items():
        same |= Q(**{column: key}) if key else Q(pk=None)
    found = Application.objects.filter(same, merchant=merchant).exclude(pk=besides.pk)
    return found.defer("answers").annotate(sent_at=Max("attempts__sealed_at")).order_by("-sent_at")
