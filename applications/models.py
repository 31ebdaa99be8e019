"""The application, what was sent for it, the terms shown, and the acceptance of them."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.statuses import EDITABLE, FINAL, IN_FLIGHT, SENT, UNDER_WAY, Status
from applications.verdicts import FOR_A_PERSON
from merchants.models import Credential, Environment, Merchant, Store
from posapi import new_reference_id
from vault.digest_fields import BlindIndexField, KeyedDigestField
from vault.fields import EncryptedJSONField, EncryptedTextField


class CustomerLanguage(models.TextChoices):
    """The values of `language` on `/apply` (contract §6.1)."""

    ENGLISH = "en-CA", _("English")
    FRENCH = "fr-CA", _("French")

    @property
    def short(self) -> str:
        """The value of `lang` on `i18n` and `terms-and-conditions`: en or fr."""
        return self.value[:2]


# What a manager's list is narrowed by.
_NARROWING = ("status", "created_by", "province", "language", "environment", "amount")


def _narrowed_by(column: str) -> models.Index:
    """For the list narrowed by a column. The others stand behind, so that rows in the order of the list which are
    narrowed away too are passed over within the index: to look each of them up would be most of the work."""
    others = (other for other in _NARROWING if other != column)
    return models.Index(fields=("store", column, "created_at", "id", *others), name=f"narrowed_by_{column}")


class Application(models.Model):
    """One customer's application. Its reference id goes out on every call made for it.

    The keys are blind indexes: `person_key` of name and birth date, the next two of birth date with phone or e-mail,
    `account_key` of the account number; a manager searches by `phone_key`, `email_key` and `name_key` (last name and
    birth date). Written when the application is sealed and when an account is known.

    `day` is the day it was begun by the store's clock. `environment`, `province` and `amount` stand beside the sealed
    answers, so that lists and figures open nothing (docs/decisions/0015). `last_step` is the last one that was saved,
    at `step_saved_at`. Since `erased_at` nothing here says any more who the customer was (docs/privacy.md).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="applications", verbose_name=_("merchant"))
    store = models.ForeignKey(Store, models.PROTECT, related_name="applications", verbose_name=_("store"))
    credential = models.ForeignKey(
        Credential, models.PROTECT, related_name="applications", verbose_name=_("POS API credential")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications", verbose_name=_("begun by")
    )
    reference_id = models.CharField(
        _("reference"), max_length=32, unique=True, default=new_reference_id, editable=False
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT, db_index=True)
    language = models.CharField(
        _("language of the customer"), max_length=5, choices=CustomerLanguage, default=CustomerLanguage.ENGLISH
    )
    answers: "EncryptedJSONField" = EncryptedJSONField(default=dict)
    options_digest = models.CharField(max_length=64, blank=True)
    revision = models.PositiveIntegerField(default=0)
    person_key = BlindIndexField(db_index=True)
    phone_person_key = BlindIndexField(db_index=True)
    email_person_key = BlindIndexField(db_index=True)
    account_key = BlindIndexField(db_index=True)
    phone_key = BlindIndexField()
    email_key = BlindIndexField()
    name_key = BlindIndexField()
    environment = models.CharField(
        _("environment"), max_length=24, choices=Environment, default=Environment.SANDBOX, editable=False
    )
    day = models.DateField(default=timezone.localdate, editable=False)
    province = models.CharField(max_length=2, blank=True)
    amount = models.DecimalField(max_digits=11, decimal_places=2, null=True)
    last_step = models.CharField(_("last step"), max_length=20, blank=True)
    step_saved_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes = [
            models.Index(fields=("store", "status", "-updated_at")),
            models.Index(fields=("merchant", "created_at", "id"), name="applications_of_merchant"),
            models.Index(fields=("store", "created_at", "id"), name="applications_of_store"),
            _narrowed_by("status"),
            _narrowed_by("created_by"),
            _narrowed_by("province"),
            _narrowed_by("language"),
            _narrowed_by("environment"),
            models.Index(fields=("store", "amount", "created_at", "id"), name="applications_by_amount"),
            models.Index(
                fields=("store", "-updated_at"), condition=models.Q(status__in=sorted(SENT)), name="sent_applications"
            ),
            models.Index(fields=("phone_key",), condition=~models.Q(phone_key=""), name="applications_by_phone"),
            models.Index(fields=("email_key",), condition=~models.Q(email_key=""), name="applications_by_email"),
            models.Index(fields=("name_key",), condition=~models.Q(name_key=""), name="applications_by_name"),
            models.Index(fields=("updated_at",), condition=models.Q(erased_at=None), name="applications_to_erase"),
            models.Index(fields=("updated_at",), condition=~models.Q(erased_at=None), name="erased_applications"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("merchant", "person_key"),
                condition=models.Q(status__in=sorted(UNDER_WAY)) & ~models.Q(person_key=""),
                name="one_application_under_way_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference_id} · {self.status}"

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    @property
    def is_in_flight(self) -> bool:
        return self.status in IN_FLIGHT

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def lang(self) -> str:
        """The customer's language as the API's `lang`: en or fr."""
        return CustomerLanguage(self.language).short

    @property
    def latest_attempt(self) -> "SubmissionAttempt | None":
        return self.attempts.order_by("-number").first()

    @property
    def unsettled_attempt(self) -> "SubmissionAttempt | None":
        """The latest send that brought no readable answer: the one to search for."""
        return self.attempts.filter(outcome=Status.UNKNOWN).order_by("-number").first()


class TermsDocument(models.Model):
    """The exact bytes of the lender's terms, once per content, language and province.

    `last_fetched_at` is when the lender last gave these bytes.
    """

    sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    province = models.CharField(max_length=2)
    content = models.BinaryField()
    content_type = models.CharField(max_length=100, blank=True)
    first_fetched_at = models.DateTimeField(default=timezone.now)
    last_fetched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("sha256", "language", "province"), name="terms_once_per_content"),
        ]

    def __str__(self) -> str:
        return f"{self.language}-{self.province} {self.sha256[:12]}"


class TermsDisplay(models.Model):
    """A document as it stands on the page: harmless HTML, kept because the code that makes it changes.

    `sha256` is of the HTML in UTF-8. `words` are those of the lender's document, `missing_words` those of them that are
    not in the HTML, `left_out` its parts that cannot be shown (applications/visible_words.py). What is not complete is
    said to be shown in part (docs/decisions/0022).
    """

    document = models.ForeignKey(TermsDocument, models.PROTECT, related_name="displays")
    sha256 = models.CharField(max_length=64)
    html = models.TextField()
    words = models.PositiveIntegerField()
    missing_words = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField()
    is_complete = models.BooleanField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("document", "sha256"), name="terms_displayed_once_per_content"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} · {self.sha256[:12]}"

    def compared(self) -> dict[str, int | bool]:
        """How it stands to the lender's document, as the events tell it."""
        return {
            "words": self.words,
            "missing": self.missing_words,
            "left_out": self.left_out,
            "complete": self.is_complete,
        }


class DeviceHolder(models.TextChoices):
    """Who held the device while the terms were on it."""

    CUSTOMER = "customer", _("The customer")
    ASSOCIATE = "associate", _("The associate, who turned the screen to the customer")


class TermsAcceptance(models.Model):
    """That these terms were shown and accepted. Voided, never deleted, when language or province change.

    `scrolled_to_end` is None where no script could tell, as without JavaScript.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="acceptances")
    document = models.ForeignKey(TermsDocument, models.PROTECT, related_name="acceptances")
    french_document = models.ForeignKey(TermsDocument, models.PROTECT, null=True, related_name="+")
    display = models.ForeignKey(TermsDisplay, models.PROTECT, null=True, related_name="acceptances")
    displayed_at = models.DateTimeField()
    scrolled_to_end = models.BooleanField(null=True)
    accepted_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    device_holder = models.CharField(max_length=10, choices=DeviceHolder)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("application",),
                condition=models.Q(voided_at=None),
                name="one_standing_acceptance_per_application",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.document_id}"


class SubmissionAttempt(models.Model):
    """The audit record of one send: sealed before the call, closed once by the answer, never edited.

    `snapshot` and `sensitive` together are exactly what is sent. `sensitive` holds what must be gone after a final
    answer (design.md §4), and `snapshot` goes when its period is over; `digest` is keyed over the whole, and stays.

    `claim` names the worker that has it, until `lease_until`; `sending_since` is set just before the socket of `apply`
    is opened. `known_accounts` are blind indexes of the accounts that this person had by then, None when nobody could
    look, and `found` is what was shown of them. After an unknown outcome `next_look_at` says when to search next, and
    `look_verdict` what the last search came to (applications/verdicts.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="attempts", verbose_name=_("application"))
    number = models.PositiveSmallIntegerField(_("number of the attempt"))
    acceptance = models.ForeignKey(TermsAcceptance, models.PROTECT, related_name="attempts")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    credential = models.ForeignKey(Credential, models.PROTECT, related_name="+", verbose_name=_("POS API credential"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    snapshot: "EncryptedJSONField" = EncryptedJSONField(null=True)
    sensitive = EncryptedJSONField(null=True)
    digest = KeyedDigestField(_("digest"))
    sealed_at = models.DateTimeField(_("sealed"), default=timezone.now)
    waits_since = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(_("leased until"), null=True)
    known_accounts = models.JSONField(null=True)
    found: "EncryptedJSONField" = EncryptedJSONField(null=True)
    sending_since = models.DateTimeField(_("being sent since"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    outcome = models.CharField(_("outcome"), max_length=20, blank=True)
    outcome_code = models.CharField(_("code of the outcome"), max_length=80, blank=True)
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    answer: "EncryptedJSONField" = EncryptedJSONField(null=True)
    next_look_at = models.DateTimeField(_("next search"), null=True)
    absent_looks = models.PositiveSmallIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    look_verdict = models.CharField(_("verdict of the searches"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("attempt to submit")
        verbose_name_plural = _("attempts to submit")
        indexes = [
            models.Index(fields=("sealed_at",), condition=models.Q(closed_at=None), name="open_attempts"),
            models.Index(fields=("next_look_at",), condition=~models.Q(next_look_at=None), name="attempts_to_look_for"),
            models.Index(fields=("store", "sealed_at")),
            models.Index(
                fields=("application",), condition=models.Q(sensitive__isnull=False), name="attempts_with_sensitive"
            ),
            models.Index(
                fields=("store", "look_verdict"),
                condition=models.Q(look_verdict__in=sorted(verdict.value for verdict in FOR_A_PERSON)),
                name="attempts_for_a_person",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=("application", "number"), name="attempts_are_numbered"),
            models.UniqueConstraint(
                fields=("application",), condition=models.Q(closed_at=None), name="one_open_attempt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.number}"

    @property
    def body(self) -> dict[str, Any]:
        """The body of `/apply` as it was sealed. Incomplete once the sensitive part is purged."""
        return {**(self.snapshot or {}), **(self.sensitive or {})}


class ConsentKind(models.TextChoices):
    """What a customer agreed to beside the terms."""

    ANOTHER_INQUIRY = "another_inquiry", _("Another credit inquiry")
    WAITING = "waiting", _("Waiting until Flexiti answers again")


class CustomerConsent(models.Model):
    """That the customer agreed to something that the terms do not cover. Never edited, never deleted."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="consents")
    attempt = models.ForeignKey(SubmissionAttempt, models.PROTECT, related_name="consents", null=True)
    kind = models.CharField(max_length=16, choices=ConsentKind)
    language = models.CharField(max_length=2)
    given_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    device_holder = models.CharField(max_length=10, choices=DeviceHolder)

    def __str__(self) -> str:
        return f"{self.application_id} · {self.kind}"


class SettledBy(models.TextChoices):
    """How an unknown outcome came to be known."""

    SEARCH = "search", _("A search at Flexiti")
    PERSON = "person", _("A person, who asked Flexiti")


class Settlement(models.Model):
    """What an unknown outcome turned out to be. `answer` is a Decision, as far as it could be learned, until erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="settlements", verbose_name=_("application")
    )
    attempt = models.ForeignKey(
        SubmissionAttempt, models.PROTECT, related_name="settlements", verbose_name=_("attempt")
    )
    how = models.CharField(_("settled through"), max_length=8, choices=SettledBy)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Status)
    answer: "EncryptedJSONField" = EncryptedJSONField(null=True)
    reason = EncryptedTextField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("settled by")
    )
    settled_at = models.DateTimeField(_("settled"), default=timezone.now)

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")

    def __str__(self) -> str:
        return f"{self.application_id} · {self.outcome}"


class Cancellation(models.Model):
    """A Quebec customer's request to close the new account: recorded before the call, closed by the answer."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="cancellations")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    sending_since = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    outcome_code = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("application",), condition=models.Q(closed_at=None), name="one_open_cancellation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.outcome or 'open'}"
