"""The same person's other applications: one under way keeps another from being sent, an answered one is told first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from applications.answers import Answers
from applications.models import Application, ConsentKind
from applications.persons import KeysToFind, is_among, person_keys_to_find
from applications.selectors import applications_of_person
from applications.statuses import FINAL, UNDER_WAY, Status
from merchants.models import Merchant
from vault.digests import keyed_digest

# The lender has answered, or all that can be known is known.
ANSWERED = FINAL | {Status.NO_ACCOUNT}


class PersonKnown(Exception):
    """This person has other applications of which the associate must be told before anything is sent."""


class PersonUnderWay(PersonKnown):
    """Another application of the same person is on its way to the lender, or its outcome is not known."""


class PersonAppliedBefore(PersonKnown):
    """Another application of the same person is answered, and the customer has not agreed to one more after it."""


@dataclass(frozen=True)
class OthersOfPerson:
    """This merchant's other applications of a person, looked up anew each time they are asked for.

    `since`: what was answered before is too long ago, or the customer has agreed to another inquiry after it.
    """

    application: Application
    keys: KeysToFind
    since: datetime

    @classmethod
    def of(cls, application: Application) -> "OthersOfPerson":
        """To be made before the application's own keys and consent are written: both tell what was asked before."""
        keys = person_keys_to_find(Answers.from_json(application.answers).flat())
        recently = timezone.now() - timedelta(days=settings.SAME_PERSON_DAYS)
        return cls(application, keys, max(recently, _agreed_at(application, keys) or recently))

    @property
    def under_way(self) -> QuerySet[Application]:
        """What the lender has, or may have, or is about to get."""
        return self._all().filter(status__in=UNDER_WAY)

    @property
    def answered(self) -> QuerySet[Application]:
        """What the customer is asked about before another one is sent."""
        return self._all().filter(status__in=ANSWERED, updated_at__gte=self.since)

    def ensure_told(self, told: str) -> None:
        """Let the application go out only if none is under way and `told` is the mark of those that are answered.

        Called in the sealing transaction, after the move. The merchant's row is locked until its end: of two
        applications of one person that are sealed at the same moment the second one to come here sees the first.
        Raises PersonUnderWay and PersonAppliedBefore.
        """
        Merchant.objects.select_for_update(no_key=True).get(pk=self.application.merchant_id)
        if self.under_way.exists():
            raise PersonUnderWay
        if mark_of(self.answered) != told:
            raise PersonAppliedBefore

    def _all(self) -> QuerySet[Application]:
        return applications_of_person(self.application.merchant, self.keys, besides=self.application)


def mark_of(answered: Iterable[Application]) -> str:
    """Tells what a page showed from what it would show now. Empty where there is nothing to tell."""
    lines = sorted(f"{one.pk} {one.status}" for one in answered)
    return keyed_digest("\n".join(lines).encode(), purpose="same-person-shown") if lines else ""


def _agreed_at(application: Application, keys: KeysToFind) -> datetime | None:
    """When this very person last agreed to another inquiry, in an earlier send of this application."""
    if not all(is_among(getattr(application, column), every) for column, every in keys.items()):
        return None  # the answers were changed since: perhaps it is somebody else now
    given = application.consents.filter(kind=ConsentKind.ANOTHER_INQUIRY)
    return given.order_by("-given_at").values_list("given_at", flat=True).first()
