"""What an outcome page shows of one application, in the customer's words and the lender's figures."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from applications.answers import Answers, full_name
from applications.journey.failures import Failure, failure_of
from applications.journey.steps import step_of_field
from applications.journey.terms_html import sanitised_message
from applications.models import Application, Cancellation, Settlement, SubmissionAttempt, TermsAcceptance
from applications.statuses import Status
from applications.submission.by_person import contradiction_of, may_be_told
from applications.submission.cancellation import UNCONFIRMED, may_cancel
from applications.submission.decisions import DUPLICATE_CODES, FOUND_BEFORE_SENDING, Decision
from applications.submission.settlement import decision_of, settlement_of
from applications.templatetags.amounts import money, percent, phone
from merchants.selectors import form_values

# Above this the contract is presumed excessive in Quebec (canada.md §1).
HIGH_DEBT_RATIO = Decimal(45)


@dataclass(frozen=True)
class Row:
    """A line of a summary list."""

    label: str
    value: str


@dataclass(frozen=True)
class Correction:
    """A field the lender named, and where to answer it again."""

    label: str
    url: str


@dataclass(frozen=True)
class OfferRow:
    """A plan as the customer reads it, its name in the language `lang`; `term_options` are months."""

    plan_name: str
    lang: str
    offer_category: str
    term_options: tuple[int, ...]


@dataclass(frozen=True)
class Outcome:
    """Everything known about an application that was submitted. Texts are in the active language."""

    application: Application
    attempt: SubmissionAttempt | None
    cancellation: Cancellation | None

    @classmethod
    def of(cls, application: Application) -> "Outcome":
        cancellation = application.cancellations.order_by("-requested_at").first()
        return cls(application, application.latest_attempt, cancellation)

    @cached_property
    def decision(self) -> Decision | None:
        return decision_of(self.application)

    @cached_property
    def settlement(self) -> Settlement | None:
        """How the outcome came to be known, when no answer told it."""
        return settlement_of(self.application)

    @cached_property
    def contradiction(self) -> Decision | None:
        """The lender's own answer, when it came late and says otherwise than what was settled."""
        attempt = contradiction_of(self.application)
        return Decision.from_json(attempt.answer) if attempt else None

    @property
    def may_be_settled(self) -> bool:
        """Whether a manager has something to write down."""
        return bool(may_be_told(self.application))

    @cached_property
    def answers(self) -> Answers:
        return Answers.from_json(self.application.answers)

    @property
    def acceptance(self) -> TermsAcceptance:
        """The acceptance of the terms that the submission was sealed with."""
        assert self.attempt
        return self.attempt.acceptance

    @property
    def support_phone(self) -> SafeString:
        """The lender's number, never broken at the end of a line."""
        return format_html('<span class="phone">{}</span>', phone(settings.LENDER_SUPPORT_PHONE))

    @property
    def lender_message(self) -> SafeString:
        return sanitised_message(self.decision.message if self.decision else "")

    @property
    def is_told_in_part(self) -> bool:
        """An account of which only a search or a person told: that is not all that an answer tells."""
        return bool(self.decision and self.decision.account_number and self.decision.http_status is None)

    @property
    def is_quebec_approval(self) -> bool:
        return self.answers.province == "QC" and self.application.status == Status.APPROVED

    @property
    def may_cancel(self) -> bool:
        return may_cancel(self.application)

    @property
    def is_cancellation_unconfirmed(self) -> bool:
        """Sent, and no clear answer came. One closed otherwise a moment ago is about to show another page."""
        return bool(self.cancellation and self.cancellation.outcome == UNCONFIRMED)

    @property
    def was_never_sent(self) -> bool:
        """An account was found before sending, and the customer uses it."""
        return bool(self.decision and self.decision.code == FOUND_BEFORE_SENDING)

    @property
    def may_be_a_duplicate(self) -> bool:
        """The lender's answer is one of those it gives to a second application of one person."""
        return bool(self.decision and self.decision.code in DUPLICATE_CODES)

    @property
    def has_no_credit_history(self) -> bool:
        """The third decline of vendor doc 002."""
        return bool(self.decision and self.decision.code == "application_declined_3")

    @property
    def debt_ratio_is_high(self) -> bool:
        ratio = self.decision.debt_ratio if self.decision else None
        return ratio is not None and Decimal(ratio) > HIGH_DEBT_RATIO

    @property
    def failure(self) -> Failure:
        assert self.decision
        return failure_of(self.decision, self.application.merchant)

    @property
    def corrections(self) -> list[Correction]:
        found = []
        for name in self.answers.corrections:
            step, label = step_of_field(name)
            found.append(Correction(label, f"{reverse('step', args=[self.application.pk, step])}#id_{name}"))
        return found

    @property
    def offers(self) -> list[OfferRow]:
        """The offered plans. The answer has no French names, so those come from the lender's French list."""
        if not self.decision:
            return []
        names = self._french_plan_names() if self.application.lang == "fr" else {}
        return [
            OfferRow(
                plan_name=names.get(plan.plan_id, plan.plan_name),
                lang="fr" if plan.plan_id in names else "en",
                offer_category=category_name(plan.offer_category),
                term_options=plan.term_options,
            )
            for plan in self.decision.offer_types
        ]

    @property
    def account_rows(self) -> list[Row]:
        if not self.decision or not self.decision.account_number:
            return []
        rows = [Row(_("Account number"), self.decision.account_number)]
        card = self.decision.card_ending
        return [*rows, Row(_("Card ending in"), f"•••• {card}")] if card else rows

    @property
    def headline(self) -> str:
        """The outcome in one sentence, for the customer's copy."""
        if self.was_never_sent:
            return _("You keep the account that you have with Flexiti. Your application was not sent.")
        return {
            Status.APPROVED: _("Flexiti approved your application."),
            Status.CANCELLING: _("You asked for your account to be cancelled; Flexiti has not confirmed it yet."),
            Status.CANCELLED: _("Your account was approved, then cancelled at your request."),
            Status.PENDING: _("Flexiti is reviewing your application. It is neither approved nor refused."),
            Status.ALREADY_CUSTOMER: _("You already have an account with Flexiti. No new one was opened."),
        }.get(Status(self.application.status), _("Flexiti did not approve your application."))

    @property
    def copy_rows(self) -> list[Row]:
        """What the customer's copy says, top to bottom."""
        flat = self.answers.flat()
        return [
            Row(_("Name"), full_name(flat)),
            Row(_("Store"), f"{self.application.store.name}, {self.application.store.city}"),
            Row(_("Date"), self._submitted_on()),
            Row(_("Amount requested"), money(flat.get("amount_requested"))),
            *self._figure_rows(),
            *self.account_rows,
            Row(_("Reference"), self.application.reference_id),
        ]

    @property
    def debt_ratio_rows(self) -> list[Row]:
        """What the ratio was computed from, as far as the store knows it, and the ratio as the lender gave it."""
        flat = self.answers.flat()
        return [
            Row(_("Date"), self._submitted_on()),
            Row(_("Personal income"), money(flat.get("personal_income"))),
            Row(_("Household income"), money(flat.get("household_income"))),
            Row(_("Monthly housing expenses"), money(flat.get("monthly_housing_expenses"))),
            *self._figure_rows(),
        ]

    def _figure_rows(self) -> list[Row]:
        if not self.decision or not self.decision.account_number:
            return []
        rows = [
            Row(_("Credit limit"), money(self.decision.credit_limit)),
            Row(_("Available credit"), money(self.decision.available_credit)),
        ]
        if self.decision.debt_ratio is not None:
            rows.append(Row(_("Debt ratio"), percent(self.decision.debt_ratio)))
        return rows

    def _submitted_on(self) -> str:
        assert self.attempt
        local = timezone.localtime(self.attempt.sealed_at, self.application.store.tzinfo)
        return date_format(local, "DATE_FORMAT")

    def _french_plan_names(self) -> dict[str, str]:
        options = form_values(self.application.credential, "fr")
        return {choice.code: choice.label for choice in options.plan_ids} if options else {}


def category_name(code: str) -> str:
    """The category of an offer in words; a code the vendor documents do not have is shown as it came."""
    return {"equal_billing": _("Equal payments"), "deferred_payment": _("Deferred payment")}.get(
        code, code.replace("_", " ")
    )
