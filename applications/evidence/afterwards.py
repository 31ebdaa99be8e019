"""What was corrected and what was erased since, in sentences of the active language. Never a value."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _

from applications.evidence.clock import Clock
from applications.purge import ON_REQUEST
from applications.review.answers_shown import label_of
from audit.models import Event
from audit.names import EventName


def corrections_told(events: Sequence[Event], clock: Clock) -> list[str]:
    """A sentence for each correction that the customer asked for. What it says stays in the portal."""
    return [_correction(one, clock) for one in events if one.name == EventName.CORRECTION_NOTED]


def erasures_told(events: Sequence[Event], clock: Clock) -> list[str]:
    """What went, when, and why; and what the customer's wish to be erased came to."""
    return [_WORDS[one.name](one) % {"at": clock.aloud(one.at)} for one in events if one.name in _WORDS]


def is_erased(events: Sequence[Event]) -> bool:
    """Whether the answers are gone, on the record."""
    return any(one.name in (EventName.ERASED, EventName.DRAFT_EXPIRED) for one in events)


def _correction(event: Event, clock: Clock) -> str:
    what = {"at": clock.aloud(event.at), "person": event.actor}
    if field := event.detail.get("field"):
        words = _("On %(at)s, for the customer, %(person)s noted a correction of one answer: %(field)s.")
        return words % {**what, "field": label_of(str(field))}
    return _("On %(at)s, for the customer, %(person)s noted a correction.") % what


def _purged(_event: Event) -> str:
    return _(
        "On %(at)s, the social insurance number, security answer, identification word and full ID number were "
        "erased: they are kept no longer than sending needs them, because with them somebody could pass for the "
        "customer."
    )


def _erased(event: Event) -> str:
    if event.detail.get("why") == ON_REQUEST:
        return _(
            "On %(at)s, everything that said who the customer was, was erased, because the customer asked for it "
            "and nobody has to keep it."
        )
    return _(
        "On %(at)s, everything that said who the customer was, was erased, because its period was over: it is kept "
        "long enough for the customer to ask for it, and no longer."
    )


def _expired(_event: Event) -> str:
    return _("On %(at)s, the answers of the draft were erased: nothing was decided with them.")


def _asked(event: Event) -> str:
    if event.detail.get("came_to") == "erased":
        return _("On %(at)s, the customer asked for erasure.")
    return _("On %(at)s, the customer asked for erasure. What the law wants kept is kept until its period is over.")


_WORDS: Mapping[str, Callable[[Event], str]] = {
    EventName.PURGED: _purged,
    EventName.ERASED: _erased,
    EventName.DRAFT_EXPIRED: _expired,
    EventName.ERASURE_ASKED: _asked,
}
