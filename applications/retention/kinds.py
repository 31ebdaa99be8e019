"""The one table of what is kept: which kind of data, for how long, counted from when, why, and what then happens.

docs/privacy.md shows it, and a test holds the two together; another one fails for a model that is in none of the lists.
Periods are settings, because they are choices to make with counsel; the reasons are those of canada.md §4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from applications.spans import UNITS, before


@dataclass(frozen=True)
class Kind:
    """One kind of data. `setting` names its period, whose `unit` is part of the name; without one it is not a time.

    `holds` are the models, or columns of one (`review.Reveal.reason`). `at_most` bounds the setting where a longer
    period would contradict the reason.
    """

    name: str
    what: str
    holds: tuple[str, ...]
    setting: str
    counts_from: str
    then: str
    reason: str
    at_most: int | None = None

    @property
    def unit(self) -> str:
        """hours, days, months, years or seconds; empty where there is no period."""
        return self.setting.rpartition("_")[2].lower() if self.setting else ""

    @property
    def period(self) -> int:
        """In units; 0 where there is none."""
        return int(getattr(settings, self.setting)) if self.setting else 0

    @property
    def is_of_known_unit(self) -> bool:
        return not self.setting or self.unit in UNITS

    def ended_by(self, now: datetime) -> datetime:
        """What was there before this moment has had its period."""
        return before(now, self.period, self.unit)


_TO_DECIDE_AND_TO_ACCESS = (
    "What was used for a decision is kept long enough for the customer to ask for it, and no longer (PIPEDA 4.5; 25 "
    "months is the figure of a large lender)."
)
_EVIDENCE = (
    "That the terms were shown and accepted, and what was sent when, may have to be proved for years; seven is the "
    "usual limit, to be chosen with counsel."
)

SENSITIVE = Kind(
    name="sensitive",
    what="social insurance number, security answer, identification word, full ID number",
    holds=("applications.Application.answers", "applications.SubmissionAttempt.sensitive"),
    setting="",
    counts_from="the final answer, in the same transaction",
    then="erased; the keyed digest of what was sent stays",
    reason="The lender needs them once, and with them somebody could pass for the customer.",
)
UNSETTLED_SENSITIVE = Kind(
    name="unsettled",
    what="the same, while no final answer has come",
    holds=("applications.SubmissionAttempt.sensitive",),
    setting="DRAFT_HOURS",
    counts_from="the outcome becoming unknown",
    then="erased; sending it again then takes a new application",
    reason="Needed only to send it again with the customer’s consent; otherwise as above.",
    at_most=72,
)
DRAFTS = Kind(
    name="drafts",
    what="answers of an application that the lender has not got",
    holds=("applications.Application.answers", "applications.SubmissionAttempt.snapshot"),
    setting="DRAFT_HOURS",
    counts_from="the last change",
    then="erased with their blind indexes; that there was a draft stays",
    reason="Nothing was decided with them: 24 to 72 hours are enough to come back with a missing paper.",
    at_most=72,
)
ANSWERS = Kind(
    name="content",
    what="answers, what was sent, decision and account number, notes, reasons, corrections, blind indexes",
    holds=(
        "applications.Application.answers",
        "applications.SubmissionAttempt.snapshot",
        "applications.SubmissionAttempt.found",
        "applications.SubmissionAttempt.known_accounts",
        "applications.SubmissionAttempt.answer",
        "applications.Settlement.answer",
        "applications.Settlement.reason",
        "review.FollowUpNote",
        "review.Reveal.reason",
        "review.Correction.text",
    ),
    setting="KEEP_ANSWERS_MONTHS",
    counts_from="the last change of status, once the outcome is known and nothing is open",
    then="erased: the rows say no more who it was",
    reason=_TO_DECIDE_AND_TO_ACCESS,
)
EVIDENCE = Kind(
    name="evidence",
    what="the rows of an application: terms accepted, consents, sends with their digests, settlements, cancellations, "
    "follow-up, who was shown a value",
    holds=(
        "applications.Application",
        "applications.TermsAcceptance",
        "applications.CustomerConsent",
        "applications.SubmissionAttempt",
        "applications.Settlement",
        "applications.Cancellation",
        "review.FollowUp",
        "review.Reveal",
        "review.Correction",
    ),
    setting="KEEP_EVIDENCE_YEARS",
    counts_from="the last change of status",
    then="deleted; sums of figures stay",
    reason=_EVIDENCE,
)
EXPORTS = Kind(
    name="exports",
    what="that a list was exported, by whom, and the reason given for one with names (never the list itself)",
    holds=("review.Export",),
    setting="KEEP_ANSWERS_MONTHS",
    counts_from="the request",
    then="deleted; its events stay",
    reason="As long as the answers that may have been in it, so that who saw them can be told.",
)
SESSIONS = Kind(
    name="sessions",
    what="signed-in sessions of staff (nothing of an applicant is ever in one)",
    holds=("sessions.Session",),
    setting="SESSION_SECONDS",
    counts_from="signing in",
    then="deleted",
    reason="Of no use once it ended.",
)
INVITATIONS = Kind(
    name="invitations",
    what="one-time links of staff (a digest)",
    holds=("merchants.Invitation",),
    setting="KEEP_INVITATION_DAYS",
    counts_from="the end of the link’s time",
    then="deleted; its events stay",
    reason="Long enough to explain a link that no longer works.",
)
ADMIN_LOG = Kind(
    name="admin_log",
    what="what operators did in Django’s administration",
    holds=("admin.LogEntry",),
    setting="KEEP_ANSWERS_MONTHS",
    counts_from="the action",
    then="deleted; what matters is an event as well",
    reason="As long as what it may name.",
)
CREDENTIALS = Kind(
    name="credentials",
    what="secrets of a replaced credential",
    holds=("merchants.Credential.client_secret", "merchants.Credential.merchant_password"),
    setting="CREDENTIAL_KEEP_HOURS",
    counts_from="its replacement, and nothing needing it any more",
    then="erased",
    reason="Not of a customer: kept for going back to it, docs/decisions/0016.",
)
EVENTS = Kind(
    name="events",
    what="audit events and checkpoints: names of staff, ids, codes and counts, no answer of an applicant",
    holds=("audit.Event", "audit.Checkpoint"),
    setting="",
    counts_from="",
    then="kept: they are append-only, and the event of each purge stands in the chain of what was purged",
    reason="A purge has to be provable, and one deleted event would break the proof of all that follow (at least seven "
    "years, to be chosen with counsel).",
)

TABLE = (
    SENSITIVE,
    UNSETTLED_SENSITIVE,
    DRAFTS,
    ANSWERS,
    EVIDENCE,
    EXPORTS,
    SESSIONS,
    INVITATIONS,
    ADMIN_LOG,
    CREDENTIALS,
    EVENTS,
)

_STAFF = "staff’s own account: kept as long as evidence names what they did"
_MACHINE = "how the portal works; nothing of a person"
_DJANGO = "names of models and rights; nothing of a person"

# Models in which nothing of an applicant is ever kept, and why nothing is purged there.
NOTHING_OF_APPLICANTS: Mapping[str, str] = {
    "applications.TermsDocument": "the lender’s own text, without a customer; acceptances refer to it",
    "applications.TermsDisplay": "the lender’s own text as it was shown, without a customer; acceptances refer to it",
    "statistics.Change": "counts by store, day and associate",
    "statistics.Total": "counts by store, day and associate",
    "monitoring.Heartbeat": _MACHINE,
    "monitoring.Mark": _MACHINE,
    "monitoring.Tally": "counts by outcome",
    "merchants.Merchant": "a business",
    "merchants.Store": "a business",
    "merchants.User": _STAFF,
    "merchants.Membership": _STAFF,
    "merchants.Credential": "a key of a business; its secrets are in the table",
    "merchants.CredentialCheck": "codes of a check of a key",
    "merchants.I18nAnswer": "the lender’s lists",
    "merchants.Circuit": _MACHINE,
    "audit.Standing": _MACHINE,
    "account.EmailAddress": _STAFF,
    "account.EmailConfirmation": _STAFF,
    "mfa.Authenticator": "staff’s second factor, sealed; removed with it",
    "socialaccount.SocialAccount": _STAFF,
    "socialaccount.SocialApp": "never filled: settings have it",
    "socialaccount.SocialToken": "never filled: tokens of the identity provider are not kept",
    "auth.Group": _DJANGO,
    "auth.Permission": _DJANGO,
    "contenttypes.ContentType": _DJANGO,
}
