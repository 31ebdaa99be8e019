"""The sentence of each event that can happen to an application. An event that is not listed says its own name."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.journey.steps import step_named
from applications.models import ConsentKind, DeviceHolder, SettledBy
from applications.purge import ON_REQUEST
from applications.review.answers_shown import label_of
from applications.review.models import StatedOutcome
from applications.review.timeline_details import Known
from applications.statuses import OPEN_AGAIN, OVER, Status
from applications.verdicts import Verdict
from audit.models import Event
from audit.names import EventName
from merchants.models import Role

Words = Callable[[dict[str, Any], Known], str]


def sentence_of(event: Event, known: Known) -> str:
    """What happened, in a sentence."""
    words = SENTENCES.get(event.name)
    return words(event.detail, known) if words else event.label


def _step_saved(detail: dict[str, Any], _known: Known) -> str:
    if "language" in detail:
        return _("The customer’s language was changed to %(language)s.") % {"language": _language(detail["language"])}
    step = step_named(detail["step"])
    return _("The step “%(step)s” was saved.") % {"step": step.title if step else detail["step"]}


def _scanned(detail: dict[str, Any], _known: Known) -> str:
    number = int(detail.get("fields", 0))
    return ngettext(
        "A driver’s licence was scanned: %(number)s answer filled in.",
        "A driver’s licence was scanned: %(number)s answers filled in.",
        number,
    ) % {"number": number}


def _terms_shown(detail: dict[str, Any], _known: Known) -> str:
    return _("The terms were shown to the customer: %(version)s.") % {"version": _version(detail)}


def _terms_accepted(detail: dict[str, Any], _known: Known) -> str:
    return _("The customer accepted the terms: %(version)s. Who held the device: %(holder)s.") % {
        "version": _version(detail),
        "holder": _holder(detail),
    }


def _submitted(detail: dict[str, Any], _known: Known) -> str:
    if detail.get("attempt", 1) > 1:
        return _("Submitted again, as attempt %(attempt)s.") % detail
    return _("The application was submitted and sealed.")


def _consent_given(detail: dict[str, Any], _known: Known) -> str:
    kind = ConsentKind(detail["kind"]).label if detail.get("kind") in ConsentKind.values else detail.get("kind")
    return _("The customer’s consent was recorded: %(kind)s. Who held the device: %(holder)s.") % {
        "kind": kind,
        "holder": _holder(detail),
    }


def _answered(detail: dict[str, Any], _known: Known) -> str:
    if "settled_as" in detail:
        return _(
            "Flexiti’s own answer to attempt %(attempt)s came late and agrees with what was settled: %(outcome)s."
        ) % {
            "attempt": detail["attempt"],
            "outcome": _status(detail["outcome"]),
        }
    return _("Flexiti answered attempt %(attempt)s: %(outcome)s.") % {
        "attempt": detail.get("attempt", 1),
        "outcome": _status(detail.get("outcome")),
    }


def _contradicts(detail: dict[str, Any], _known: Known) -> str:
    if detail.get("settled_as") in (*OPEN_AGAIN, *OVER):
        words = _("A late answer to attempt %(attempt)s says %(outcome)s, but the application stood at: %(settled)s.")
    else:
        words = _("A late answer to attempt %(attempt)s says %(outcome)s, but it was settled as %(settled)s.")
    return words % {
        "attempt": detail.get("attempt"),
        "outcome": _status(detail.get("outcome")),
        "settled": _status(detail.get("settled_as")),
    }


def _looked(detail: dict[str, Any], _known: Known) -> str:
    said: dict[str, str] = {
        Verdict.FOUND: _("Flexiti was searched: the account of this application was found."),
        Verdict.ABSENT: _("Flexiti was searched: there was no account for this application."),
        Verdict.AMBIGUOUS: _("Flexiti was searched: accounts that may or may not come from this application."),
    }
    return said.get(str(detail.get("verdict")), _("Flexiti was searched for an account."))


def _settled(detail: dict[str, Any], _known: Known) -> str:
    if detail.get("left"):
        return _("A manager asked Flexiti about the late answer: it stays as it is.")
    how = SettledBy(detail["how"]).label if detail.get("how") in SettledBy.values else ""
    return _("The outcome was settled: %(outcome)s. Known from: %(how)s.") % {
        "outcome": _status(detail.get("outcome")),
        "how": how,
    }


def _cancellation_answered(detail: dict[str, Any], _known: Known) -> str:
    return {
        "closed": _("Flexiti closed the account."),
        "refused": _("Flexiti refused to close the account."),
    }.get(str(detail.get("outcome")), _("Flexiti gave no clear answer to the cancellation."))


def _viewed(detail: dict[str, Any], _known: Known) -> str:
    if detail.get("role") == Role.MANAGER:
        return _("A manager opened the application.")
    return _("The application was opened at the counter.")


def _printed(detail: dict[str, Any], _known: Known) -> str:
    return {
        "customer_copy": _("The customer’s copy was opened for printing."),
        "debt_ratio": _("The debt ratio document was opened for printing."),
        "terms": _("The accepted terms were opened again for printing."),
        "terms_bytes": _("The exact bytes of the accepted terms were downloaded."),
    }.get(str(detail.get("document")), _("A document was opened for printing."))


def _revealed(detail: dict[str, Any], _known: Known) -> str:
    return _("One value was shown in full: %(field)s.") % {"field": label_of(str(detail["field"]))}


def _follow_up_changed(detail: dict[str, Any], known: Known) -> str:
    due = known.clock(detail["due"])
    if detail.get("opened_again"):
        return _("Due %(due)s: the follow-up was opened again.") % {"due": due}
    if not detail.get("owner"):
        return _("Due %(due)s: the follow-up belongs to nobody.") % {"due": due}
    return _("Due %(due)s: the follow-up belongs to %(owner)s.") % {"owner": detail["owner"], "due": due}


def _follow_up_closed(detail: dict[str, Any], _known: Known) -> str:
    outcome = str(detail.get("outcome"))
    stated = StatedOutcome(outcome).label if outcome in StatedOutcome.values else _status(outcome)
    return _("The follow-up was closed: %(outcome)s.") % {"outcome": stated}


def _purged(_detail: dict[str, Any], _known: Known) -> str:
    return _("Social insurance number, security answer, identification word and full ID number were erased.")


def _erased(detail: dict[str, Any], _known: Known) -> str:
    if detail.get("why") == ON_REQUEST:
        return _("What said who the customer was has been erased, because they asked for it.")
    return _("What said who the customer was has been erased: its period is over.")


def _correction_noted(detail: dict[str, Any], _known: Known) -> str:
    if not detail.get("field"):
        return _("A correction was noted beside what was sent, for the customer.")
    return _("A correction of one answer was noted beside what was sent, for the customer: %(field)s.") % {
        "field": label_of(str(detail["field"]))
    }


def _erasure_asked(detail: dict[str, Any], _known: Known) -> str:
    return {
        "erased": _("The customer asked for erasure: what nobody has to keep was erased."),
        "under_way": _("The customer asked for erasure: kept while the application is with Flexiti."),
    }.get(
        str(detail.get("came_to")),
        _("The customer asked for erasure: what has to be kept is kept until its period is over."),
    )


def _says(text: Callable[[], str]) -> Words:
    """A sentence without particulars."""
    return lambda _detail, _known: text()


def _of_attempt(text: Callable[[], str]) -> Words:
    """A sentence with nothing but the number of the attempt."""
    return lambda detail, _known: text() % {"attempt": detail.get("attempt", 1)}


SENTENCES: Mapping[str, Words] = {
    EventName.APPLICATION_STARTED: _says(lambda: _("The application was begun.")),
    EventName.STEP_SAVED: _step_saved,
    EventName.LICENCE_SCANNED: _scanned,
    EventName.TERMS_SHOWN: _terms_shown,
    EventName.TERMS_LANGUAGE_CHOSEN: _says(
        lambda: _("Having been given the French terms, the customer expressly asked for the English ones.")
    ),
    EventName.TERMS_ACCEPTED: _terms_accepted,
    EventName.TERMS_VOIDED: _says(
        lambda: _("The acceptance of the terms was voided: the customer’s language or province changed.")
    ),
    EventName.SUBMITTED: _submitted,
    EventName.HELD: _of_attempt(
        lambda: _("Attempt %(attempt)s was held: Flexiti already has an account for this person.")
    ),
    EventName.EXISTING_ACCOUNT_USED: _says(
        lambda: _("It was not sent: the customer uses the account there is already.")
    ),
    EventName.TAKEN_BACK: _of_attempt(
        lambda: _("Attempt %(attempt)s was taken back before it was sent, to change the answers.")
    ),
    EventName.RELEASED: _of_attempt(
        lambda: _("Attempt %(attempt)s goes out all the same, with the customer’s consent.")
    ),
    EventName.CONSENT_GIVEN: _consent_given,
    EventName.SENT: _of_attempt(lambda: _("Attempt %(attempt)s was sent to Flexiti.")),
    EventName.NOT_SENT: _of_attempt(lambda: _("Attempt %(attempt)s was not processed by Flexiti.")),
    EventName.BACK_IN_LINE: _of_attempt(lambda: _("Flexiti was not reached: attempt %(attempt)s went back in line.")),
    EventName.HANDED_OVER: _of_attempt(
        lambda: _("The credential was replaced: attempt %(attempt)s was not processed and went back in line.")
    ),
    EventName.ANSWERED: _answered,
    EventName.OUTCOME_UNKNOWN: _of_attempt(
        lambda: _("Flexiti gave no readable answer to attempt %(attempt)s: the outcome is not known.")
    ),
    EventName.LOOKED: _looked,
    EventName.NO_ACCOUNT: _says(
        lambda: _("Repeated searches found no account. Declined, under review or never received: nobody can tell.")
    ),
    EventName.SETTLED: _settled,
    EventName.ANSWER_CONTRADICTS: _contradicts,
    EventName.CORRECTION_REQUESTED: _of_attempt(lambda: _("Flexiti asked for a correction of attempt %(attempt)s.")),
    EventName.APPROVAL_KEPT: _says(lambda: _("The customer saw the debt ratio and kept the account.")),
    EventName.CANCELLATION_REQUESTED: _says(lambda: _("The customer asked for the account to be cancelled.")),
    EventName.CANCELLATION_SENT: _says(lambda: _("The cancellation was sent to Flexiti.")),
    EventName.CANCELLATION_ANSWERED: _cancellation_answered,
    EventName.VIEWED: _viewed,
    EventName.PRINTED: _printed,
    EventName.REVEALED: _revealed,
    EventName.EVIDENCE_EXPORTED: _says(lambda: _("The evidence was exported, to be checked outside the portal.")),
    EventName.FOLLOW_UP_CHANGED: _follow_up_changed,
    EventName.FOLLOW_UP_NOTED: _says(lambda: _("A note was added.")),
    EventName.CUSTOMER_CALLED: _says(lambda: _("The customer was called.")),
    EventName.FOLLOW_UP_CLOSED: _follow_up_closed,
    EventName.PURGED: _purged,
    EventName.ERASED: _erased,
    EventName.EVIDENCE_DELETED: _says(lambda: _("The rows were deleted: their period is over.")),
    EventName.ACCESS_ANSWERED: _says(lambda: _("Everything held on the customer was written out for them.")),
    EventName.CORRECTION_NOTED: _correction_noted,
    EventName.ERASURE_ASKED: _erasure_asked,
    EventName.DRAFT_EXPIRED: _says(lambda: _("The draft was too old: its answers were erased.")),
}


def _status(value: Any) -> str:
    return str(Status(value).label) if value in Status.values else str(value)


def _holder(detail: dict[str, Any]) -> str:
    holder = detail.get("device_holder")
    return str(DeviceHolder(holder).label) if holder in DeviceHolder.values else str(holder)


def _language(code: Any) -> str:
    return _("French") if str(code).startswith("fr") else _("English")


def _version(detail: dict[str, Any]) -> str:
    """Which of the lender's documents: `French, QC`."""
    return f"{_language(detail.get('language'))}, {detail.get('province')}"
