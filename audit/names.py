"""What can happen, in the words of a timeline."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EventName(TextChoices):
    """A stored name is never renamed: old events keep it for ever."""

    APPLICATION_STARTED = "application_started", _("Application started")
    STEP_SAVED = "step_saved", _("Step saved")
    LICENCE_SCANNED = "licence_scanned", _("Driver’s licence scanned")
    TERMS_SHOWN = "terms_shown", _("Terms shown")
    TERMS_LANGUAGE_CHOSEN = "terms_language_chosen", _("Language of the terms chosen")
    TERMS_ACCEPTED = "terms_accepted", _("Terms accepted")
    TERMS_VOIDED = "terms_voided", _("Acceptance of the terms voided by a change")
    SUBMITTED = "submitted", _("Application submitted")
    HELD = "held", _("Held: Flexiti already has an account for this person")
    EXISTING_ACCOUNT_USED = "existing_account_used", _("Not sent: the customer uses the account there is")
    TAKEN_BACK = "taken_back", _("Taken back before it was sent, to change the answers")
    RELEASED = "released", _("Sent all the same, with the customer’s consent")
    CONSENT_GIVEN = "consent_given", _("Customer’s consent recorded")
    SENT = "sent", _("Sent to Flexiti")
    ANSWERED = "answered", _("Flexiti answered")
    OUTCOME_UNKNOWN = "outcome_unknown", _("No readable answer from Flexiti: outcome unknown")
    LOOKED = "looked", _("Searched for an account at Flexiti")
    NO_ACCOUNT = "no_account", _("No account after repeated searches")
    SETTLED = "settled", _("Outcome settled")
    ANSWER_CONTRADICTS = "answer_contradicts", _("A late answer of Flexiti contradicts what was settled")
    CORRECTION_REQUESTED = "correction_requested", _("Flexiti asked for a correction")
    APPROVAL_KEPT = "approval_kept", _("Customer kept the account")
    CANCELLATION_REQUESTED = "cancellation_requested", _("Customer asked to cancel")
    CANCELLATION_SENT = "cancellation_sent", _("Cancellation sent to Flexiti")
    CANCELLATION_ANSWERED = "cancellation_answered", _("Flexiti answered the cancellation")
    VIEWED = "viewed", _("Application viewed")
    PRINTED = "printed", _("Document printed")
    PURGED = "purged", _("Sensitive answers erased")
    DRAFT_EXPIRED = "draft_expired", _("Draft expired and erased")
    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    SIGNED_OUT = "signed_out", _("Signed out")
    SESSION_OPENED = "session_opened", _("Merchant session opened with Flexiti")
    SESSION_REFUSED = "session_refused", _("Merchant session refused by Flexiti")
    STORE_CHOSEN = "store_chosen", _("Store chosen")
    CREDENTIAL_CREATED = "credential_created", _("Credential created")
    CREDENTIAL_CHANGED = "credential_changed", _("Credential changed")
    CREDENTIAL_TESTED = "credential_tested", _("Credential tested")
    CIRCUIT_OPENED = "circuit_opened", _("Flexiti stopped answering: submissions held back")
    CIRCUIT_CLOSED = "circuit_closed", _("Flexiti answers again: submissions go out")
