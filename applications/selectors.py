"""What a person at the counter may see. The first argument is always who is asking: no other door to an application."""

from uuid import UUID

from django.db.models import Max, Q, QuerySet

from applications.models import Application
from applications.persons import KeysToFind
from applications.statuses import EDITABLE, SENT
from applications.to_settle import ToSettle
from merchants.counter import Counter
from merchants.models import Merchant, Role, User


def applications_of(counter: Counter) -> QuerySet[Application]:
    """The applications of the store at which this person stands, but those of which nothing is left to serve."""
    kept = Application.objects.filter(merchant=counter.merchant, store=counter.store, erased_at=None)
    return kept.select_related("merchant", "store", "credential__circuit", "created_by")


def application_for(counter: Counter, application_id: UUID) -> Application:
    """One application, or Application.DoesNotExist when it is another store's or another merchant's."""
    return applications_of(counter).get(pk=application_id)


def open_drafts(counter: Counter, user: User) -> QuerySet[Application]:
    """What this person began and has not sent, the latest first."""
    return applications_of(counter).filter(created_by=user, status__in=EDITABLE).order_by("-updated_at")


def waiting_for_a_manager(counter: Counter, *, limit: int = 50) -> list[Application]:
    """What a manager of this store has to settle with the lender; for everybody else nothing.

    First what only a person can tell, the oldest first. Then those without an account, the latest first: they may stay
    so for good, and must not push the others off the list.
    """
    if counter.membership.role != Role.MANAGER or counter.store is None:
        return []
    waiting = ToSettle.in_stores([counter.store], limit=limit)
    keys = list(dict.fromkeys([*waiting.urgent, *waiting.missing]))[:limit]
    found = applications_of(counter).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def recent_applications(counter: Counter, *, limit: int = 20) -> QuerySet[Application]:
    """What was sent from this store, the latest first."""
    return applications_of(counter).filter(status__in=sorted(SENT)).order_by("-updated_at")[:limit]


def applications_of_person(merchant: Merchant, keys: KeysToFind, *, besides: Application) -> QuerySet[Application]:
    """This merchant's other applications of what seems to be this person, the latest first, each with its `sent_at`.

    The same name and birth date, or the same birth date with the same phone or e-mail. Answers are not loaded, and
    the other stores' are among them: what the counter may see of those is journey/same_person.py.
    """
    same = Q(pk=None)
    for column, every in keys.items():
        same |= Q(**{f"{column}__in": every}) if every else Q(pk=None)
    found = Application.objects.filter(same, merchant=merchant).exclude(pk=besides.pk)
    return found.defer("answers").annotate(sent_at=Max("attempts__sealed_at")).order_by("-sent_at")
