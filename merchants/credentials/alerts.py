"""What is wrong with a merchant's connection to the lender, in words, and whom to tell.

Everything is read from the row: a page that shows an alert needs no network.
"""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from merchants.credentials import validity
from merchants.credentials.circuits import circuit_of, is_open
from merchants.models import Credential, Merchant, SessionOutcome


def for_staff(merchant: Merchant, credential: Credential | None) -> str:
    """What an associate reads at the counter; empty when nothing is wrong."""
    told = {"contact": merchant.contact}
    if credential is None:
        return (
            _("No connection to Flexiti has been set up yet, so applications cannot be sent. Tell %(contact)s.") % told
        )
    return (_staff_text(_known_now(credential)) or validity.text_for_staff(credential)) % told


def is_felt(credential: Credential | None) -> bool:
    """Whether associates read an alert too."""
    if credential is None:
        return True
    return bool(_staff_text(_known_now(credential))) or validity.has_expired(credential)


def _known_now(credential: Credential) -> SessionOutcome:
    """The last session's outcome, unless what was heard since says better whether the lender answers."""
    outcome = SessionOutcome(credential.session_outcome)
    if outcome == SessionOutcome.REFUSED:
        return outcome
    if is_open(credential):
        return SessionOutcome.UNREACHABLE
    if outcome == SessionOutcome.UNREACHABLE and _has_answered_since(credential):
        return SessionOutcome.OPEN
    return outcome


def _has_answered_since(credential: Credential) -> bool:
    circuit, checked_at = circuit_of(credential), credential.session_checked_at
    return bool(circuit and circuit.answered_at and checked_at and circuit.answered_at > checked_at)


def _staff_text(outcome: SessionOutcome) -> str:
    match outcome:
        case SessionOutcome.OPEN:
            return ""
        case SessionOutcome.REFUSED:
            return _(
                "Flexiti does not accept this merchant’s credentials, so applications cannot be sent. "
                "Tell %(contact)s. You can still open your drafts."
            )
        case SessionOutcome.UNREACHABLE:
            return _(
                "Flexiti is not answering at the moment. Fill in applications as usual; a finished one can wait "
                "here, if the customer agrees. If it goes on, tell %(contact)s."
            )
        case SessionOutcome.UNREADABLE:
            return _(
                "Flexiti answers, but in a way this portal cannot read, so applications cannot be sent. "
                "Tell %(contact)s. You can still open your drafts."
            )
        case SessionOutcome.NEVER:
            return _(
                "The connection to Flexiti has not been tried yet. Try it now; if this message stays, tell %(contact)s."
            )


def for_administrators(merchant: Merchant, credential: Credential | None) -> str:
    """The same with what an administrator needs to act on it: environment, when, error code, reference id."""
    if credential is None:
        return _("%(merchant)s: no POS API credential is in use. Add one.") % {"merchant": merchant}
    said = []
    if text := _administrator_text(_known_now(credential)):
        said += [text, _evidence(credential)]
    said.append(validity.text_for_administrators(credential))
    text = " ".join(filter(None, said))
    return _("%(credential)s: %(text)s") % {"credential": credential, "text": text} if text else ""


def _administrator_text(outcome: SessionOutcome) -> str:
    match outcome:
        case SessionOutcome.OPEN:
            return ""
        case SessionOutcome.REFUSED:
            return _("Flexiti refused the credentials. Check them, then use Test connection.")
        case SessionOutcome.UNREACHABLE:
            return _("Flexiti is not answering at this base address. Use Test connection to see where it stops.")
        case SessionOutcome.UNREADABLE:
            return _("Flexiti gave an answer that cannot be read. Check the base address, then use Test connection.")
        case SessionOutcome.NEVER:
            return _("The connection has not been tried yet. Use Test connection.")


def _evidence(credential: Credential) -> str:
    if credential.session_checked_at is None:
        return ""
    return _("Last tried %(when)s, error code %(code)s, reference id %(reference_id)s.") % {
        "when": date_format(timezone.localtime(credential.session_checked_at), "SHORT_DATETIME_FORMAT"),
        "code": credential.session_error_code or "–",
        "reference_id": credential.session_reference_id or "–",
    }
