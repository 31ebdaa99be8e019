"""The same person twice at our own counter: what exists already, and whether the customer wants another one sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from applications.answers import Answers
from applications.models import Application
from applications.persons import KeysToFind, is_among, person_keys_to_find
from applications.selectors import applications_of_person
from applications.statuses import UNDER_WAY, Status
from applications.submission.same_person import ANSWERED, OthersOfPerson, mark_of
from merchants.counter import Counter


@dataclass(frozen=True)
class Earlier:
    """An application of the same person. Of another store's, `here` is None and no more is told than this."""

    sent_at: datetime
    is_under_way: bool
    here: Application | None
    has_same_name: bool

    @property
    def status(self) -> str:
        """In words; of another store's only whether it is answered."""
        if self.here is not None:
            return str(self.here.get_status_display())
        return _("On its way") if self.is_under_way else _("Answered")

    @property
    def advice(self) -> str:
        """Why another application now helps nobody, as far as this store may know."""
        known = _advice().get(Status(self.here.status)) if self.here is not None else None
        if known:
            return known
        if self.is_under_way:
            return _("Flexiti’s answer is awaited.")
        return _("It is answered. A second one soon after is usually declined as a duplicate.")


def _advice() -> dict[Status, str]:
    """What the store's own statuses mean for a second application."""
    return {
        Status.HELD: _("Open it: it waits for a decision at the counter."),
        Status.UNKNOWN: _("Flexiti gave no clear answer, and may have it. It is being looked for."),
        Status.APPROVED: _("The customer has an account to use."),
        Status.ALREADY_CUSTOMER: _("Flexiti has an account for this customer."),
        Status.PENDING: _("A person at Flexiti is reviewing it. A second one is not faster."),
        Status.DECLINED: _("Flexiti declined it. A second one soon after is usually declined as a duplicate."),
        Status.NO_ACCOUNT: _("Its outcome was never known: declined, still under review, or not received."),
    }


@dataclass(frozen=True)
class SamePerson:
    """What stands in the way of sending an application, the latest first. `mark` tells one answer from another."""

    under_way: list[Earlier]
    to_ask_about: list[Earlier]
    mark: str

    @property
    def is_known(self) -> bool:
        """Whether the associate is told before anything is sent."""
        return bool(self.under_way or self.to_ask_about)

    @property
    def told(self) -> list[Earlier]:
        """What the page tells of: while one is under way nothing else matters."""
        return self.under_way or self.to_ask_about


def look_for_same_person(counter: Counter, application: Application) -> SamePerson:
    """This person's other applications that are under way, or were answered within SAME_PERSON_DAYS.

    Those the customer has agreed about before, in a send of which nothing came, are not asked about again.
    """
    others = OthersOfPerson.of(application)
    answered = list(others.answered)
    return SamePerson(
        under_way=[_earlier(counter, one, others.keys) for one in others.under_way],
        to_ask_about=[_earlier(counter, one, others.keys) for one in answered],
        mark=mark_of(answered),
    )


def application_before(counter: Counter, application: Application) -> Earlier | None:
    """The last application of this person that was sent before this one, within SAME_PERSON_DAYS."""
    attempt = application.latest_attempt
    if attempt is None:
        return None
    since = attempt.sealed_at - timedelta(days=settings.SAME_PERSON_DAYS)
    keys = person_keys_to_find(Answers.from_json(application.answers).flat())
    found = applications_of_person(counter.merchant, keys, besides=application)
    others = [_earlier(counter, one, keys) for one in found.filter(status__in=ANSWERED | UNDER_WAY)]
    return next((one for one in others if since <= one.sent_at < attempt.sealed_at), None)


def _earlier(counter: Counter, application: Application, keys: KeysToFind) -> Earlier:
    is_here = counter.store is not None and application.store_id == counter.store.pk
    return Earlier(
        sent_at=application.sent_at,  # type: ignore[attr-defined]  # annotated by the selector
        is_under_way=application.status in UNDER_WAY,
        here=application if is_here else None,
        has_same_name=is_among(application.person_key, keys["person_key"]),
    )
