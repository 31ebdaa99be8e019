"""What Flexiti answered, in sentences: from the events, which stay when the answers are erased."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.evidence.clock import Clock
from applications.models import Application
from applications.review.timeline_details import Known
from applications.review.timeline_words import sentence_of
from applications.statuses import Status
from audit.models import Event
from audit.names import EventName

_OF_THE_OUTCOME = frozenset(
    {
        EventName.SUBMITTED,
        EventName.HELD,
        EventName.EXISTING_ACCOUNT_USED,
        EventName.TAKEN_BACK,
        EventName.SENT,
        EventName.NOT_SENT,
        EventName.ANSWERED,
        EventName.OUTCOME_UNKNOWN,
        EventName.NO_ACCOUNT,
        EventName.SETTLED,
        EventName.ANSWER_CONTRADICTS,
        EventName.CORRECTION_REQUESTED,
        EventName.APPROVAL_KEPT,
        EventName.CANCELLATION_REQUESTED,
        EventName.CANCELLATION_ANSWERED,
    }
)
MEANING: Mapping[str, str | Promise] = {
    Status.DRAFT: _("Nothing is decided: the application is not finished."),
    Status.NEEDS_CORRECTION: _("Nothing is decided: Flexiti asked for a correction."),
    Status.FAILED: _("Nothing is decided: the application did not reach Flexiti, or Flexiti did not process it."),
    Status.EXPIRED: _("Nothing was decided: the application was left unfinished, and its answers were erased."),
    Status.QUEUED: _("Nothing is decided yet: the application waits to be sent to Flexiti."),
    Status.HELD: _("Nothing is decided yet: the application waits for a decision at the counter."),
    Status.SENDING: _("Nothing is known yet: the application is being sent to Flexiti."),
    Status.APPROVED: _("Flexiti approved the application."),
    Status.CANCELLING: _("Flexiti approved the application. The customer then asked for the account to be cancelled."),
    Status.CANCELLED: _("Flexiti approved the application. The customer then cancelled, and the account was closed."),
    Status.DECLINED: _("Flexiti declined the application. The reasons are Flexiti’s to give."),
    Status.PENDING: _("Flexiti has not decided: a person there looks at the application."),
    Status.ALREADY_CUSTOMER: _("Flexiti opened no second account: the customer has one already."),
    Status.UNKNOWN: _("What Flexiti decided is not known: it gave no answer that says so. This is no refusal."),
    Status.NO_ACCOUNT: _("What Flexiti decided is not known: searches found no account. This is no refusal."),
}


def meaning_of(application: Application) -> str:
    """What became of it, in one sentence that can be read aloud."""
    return str(MEANING[application.status])


def outcome_told(application: Application, events: Sequence[Event], clock: Clock) -> list[tuple[str, str]]:
    """When, and what happened, from being submitted to the last answer."""
    known = Known.of(application, opening=False)
    return [(clock.aloud(one.at), sentence_of(one, known)) for one in events if one.name in _OF_THE_OUTCOME]
