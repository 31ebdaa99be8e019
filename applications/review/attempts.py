"""Each send of an application: when it was sealed, sent and answered, and what the answer was."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.answers import Answers
from applications.models import Application, SubmissionAttempt
from applications.review.answers_shown import label_of
from applications.statuses import Status
from applications.submission import decisions

# The drawing is so many units wide.
WIDTH = 1000
_LEAST = 6


@dataclass(frozen=True)
class AttemptShown:
    """One send. `waited` and `called` are widths of the drawing, which all attempts of an application share."""

    attempt: SubmissionAttempt
    waited: int
    called: int
    changed: list[str]

    @property
    def outcome(self) -> str:
        """In words; empty while it is open."""
        outcome = self.attempt.outcome
        return str(Status(outcome).label) if outcome in Status.values else outcome

    @property
    def code(self) -> str:
        """The code of the answer, with its meaning where it is one of ours."""
        return code_in_words(self.attempt.outcome_code)

    @property
    def waiting_time(self) -> str:
        """From sealing to sending."""
        return duration(self.attempt.sealed_at, self.attempt.sending_since)

    @property
    def call_time(self) -> str:
        """From sending to the answer."""
        return duration(self.attempt.sending_since, self.attempt.closed_at)


def attempts_of(application: Application) -> list[AttemptShown]:
    """Every send, the first one first."""
    attempts = list(application.attempts.select_related("submitted_by").defer("sensitive", "answer").order_by("number"))
    longest = max((_whole(attempt) for attempt in attempts), default=timedelta()) or timedelta(seconds=1)
    flat = Answers.from_json(application.answers).flat()
    return [
        AttemptShown(
            attempt=attempt,
            waited=_width(attempt.sealed_at, attempt.sending_since, longest),
            called=_width(attempt.sending_since, attempt.closed_at, longest),
            changed=_changed_since(attempt, flat),
        )
        for attempt in attempts
    ]


def code_in_words(code: str) -> str:
    """Codes of our own say what they mean; the lender's stay as they came, for the call with them."""
    return {
        decisions.LEASE_ENDED: _("the portal stopped waiting for the answer"),
        decisions.UNSENDABLE: _("what was sealed is damaged"),
        decisions.FOUND_BEFORE_SENDING: _("an account was found before sending"),
        decisions.WITHDRAWN: _("taken back"),
        decisions.EXPIRED: _("nobody decided for days"),
        decisions.LENDER_DOWN: _("Flexiti did not answer, and nobody had agreed to wait"),
        decisions.WAITED_TOO_LONG: _("waited too long"),
    }.get(code, code)


def duration(begin: datetime | None, end: datetime | None) -> str:
    """How long, in the unit that fits; empty while one of the moments is missing."""
    if begin is None or end is None:
        return ""
    seconds = max((end - begin).total_seconds(), 0)
    if seconds < 90:
        return _("%(seconds)s s") % {"seconds": number_format(seconds, 1)}
    minutes = round(seconds / 60)
    if minutes < 90:
        return _("%(minutes)s min") % {"minutes": minutes}
    hours = round(minutes / 60)
    return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}


def _whole(attempt: SubmissionAttempt) -> timedelta:
    end = attempt.closed_at or attempt.sending_since or attempt.sealed_at
    return end - attempt.sealed_at


def _width(begin: datetime | None, end: datetime | None, longest: timedelta) -> int:
    """Something that happened is never invisible."""
    if begin is None or end is None:
        return 0
    return max(round((end - begin) / longest * (WIDTH - 2 * _LEAST)), _LEAST)


def _changed_since(attempt: SubmissionAttempt, flat: dict[str, object]) -> list[str]:
    """The labels of what was sent otherwise than it is answered now."""
    names = [name for name, value in (attempt.snapshot or {}).items() if name in flat and flat[name] != value]
    return [label_of(name) for name in names if name != "language"]
