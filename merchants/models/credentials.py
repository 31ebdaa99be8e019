"""The credentials with which a merchant speaks to the POS API, and what is known of each."""

import json
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.models.environments import Environment, destinations, environment_of
from merchants.models.people import Language, Merchant, User
from posapi import Credentials
from vault.digest_fields import KeyedDigestField
from vault.digests import keyed_digests
from vault.fields import EncryptedTextField
from vault.keys import CannotOpen


class SessionOutcome(models.TextChoices):
    """What opening the merchant's session with the POS API last came to."""

    NEVER = "never", _("Not tried yet")
    OPEN = "open", _("Connected")
    REFUSED = "refused", _("Credentials refused")
    UNREACHABLE = "unreachable", _("Flexiti is not answering")
    UNREADABLE = "unreadable", _("Flexiti gave an answer that cannot be read")


class CredentialStanding(models.TextChoices):
    """A credential stands by, is put into use, is replaced, and loses its secrets when nothing needs them."""

    IN_USE = "in_use", _("In use")
    STANDING_BY = "standing_by", _("Standing by")
    RETIRED = "retired", _("Replaced, kept for what is under way")
    ERASED = "erased", _("Secrets erased")


class Credential(models.Model):
    """A key to the POS API in one environment. The secrets are write-only: replaced, never shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="credentials", verbose_name=_("merchant"))
    environment = models.CharField(_("environment"), max_length=24, choices=Environment)
    base_url = models.CharField(
        _("base address"),
        max_length=200,
        help_text=_("The vendor’s form, ending in /flexiti/pos-api/v2.5. HTTPS, except on this machine."),
    )
    client_id = models.CharField(_("client id"), max_length=100)
    client_secret = EncryptedTextField(_("client secret"))
    merchant_username = models.CharField(_("merchant user name"), max_length=100, blank=True)
    merchant_password = EncryptedTextField(_("merchant password"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day, where Flexiti gave one.")
    )
    used_from = models.DateTimeField(_("in use since"), null=True, editable=False)
    retired_at = models.DateTimeField(_("taken out of use"), null=True, editable=False)
    erased_at = models.DateTimeField(_("secrets erased"), null=True, editable=False)

    session_outcome = models.CharField(
        _("last answer"), max_length=12, choices=SessionOutcome, default=SessionOutcome.NEVER, editable=False
    )
    session_checked_at = models.DateTimeField(_("last checked"), null=True, editable=False)
    session_error_code = models.CharField(_("error code"), max_length=80, blank=True, editable=False)
    session_reference_id = models.CharField(_("reference id"), max_length=32, blank=True, editable=False)
    merchant_name = models.CharField(_("name at Flexiti"), max_length=130, blank=True, editable=False)
    merchant_id_at_lender = models.CharField(_("id at Flexiti"), max_length=20, blank=True, editable=False)

    class Meta:
        verbose_name = _("POS API credential")
        verbose_name_plural = _("POS API credentials")
        constraints = [
            models.UniqueConstraint(
                fields=("merchant",),
                condition=Q(is_active=True),
                name="one_credential_in_use_per_merchant",
                violation_error_message=_(
                    "This merchant already has a credential in use. Take that one out of use first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant} · {self.get_environment_display()}"

    def clean(self) -> None:
        if self.runs_production_with_debug:
            raise ValidationError({"environment": _("A production credential is refused while DEBUG is on.")})
        try:
            Credentials(self.base_url, "any", "any")
        except ValueError as problem:
            raise ValidationError(
                {
                    "base_url": _(
                        "Give an address in the vendor’s form, ending in /flexiti/pos-api/v2.5. "
                        "It must start with https, except on this machine."
                    )
                }
            ) from problem
        if not destinations().allow(self.base_url):
            raise ValidationError(
                {
                    "base_url": _(
                        "Credentials are sent to Flexiti only. Give one of Flexiti’s addresses, or leave this blank. "
                        "Another host has to be allowed first by whoever runs this server (POSAPI_HOSTS)."
                    )
                }
            )
        belongs_to = environment_of(self.base_url)
        if belongs_to and belongs_to != self.environment:
            raise ValidationError(
                {
                    "environment": _("This address belongs to the environment “%(environment)s”.")
                    % {"environment": Environment(belongs_to).label}
                }
            )

    @property
    def runs_production_with_debug(self) -> bool:
        """Refused everywhere: an error page of DEBUG would show an applicant's answers (design.md §5)."""
        is_production = Environment.PRODUCTION in (self.environment, environment_of(self.base_url))
        return is_production and settings.DEBUG

    def as_posapi(self) -> Credentials:
        """The client's view of this key."""
        return Credentials(
            base_url=self.base_url,
            client_id=self.client_id,
            client_secret=self.client_secret,
            merchant_username=self.merchant_username,
            merchant_password=self.merchant_password or "",
        )

    @property
    def standing(self) -> CredentialStanding:
        """Where it is in its life (docs/decisions/0016)."""
        if self.erased_at:
            return CredentialStanding.ERASED
        if self.is_active:
            return CredentialStanding.IN_USE
        return CredentialStanding.RETIRED if self.retired_at else CredentialStanding.STANDING_BY

    @property
    def secrets_mark(self) -> str:
        """A keyed digest of what this key asks with: another one after any of it was replaced, "" when unusable."""
        return next(iter(self._secrets_marks()), "")

    def is_marked(self, mark: str) -> bool:
        """Whether this was its `secrets_mark` when it asked with just what it asks with now."""
        return mark in self._secrets_marks()

    def _secrets_marks(self) -> tuple[str, ...]:
        try:
            keys = self.as_posapi()
        except (CannotOpen, ValueError):
            return ()
        asks_with = [keys.base_url, keys.client_id, keys.client_secret, keys.merchant_username, keys.merchant_password]
        return keyed_digests(json.dumps(asks_with).encode(), purpose="credential-check")


class CheckOccasion(models.TextChoices):
    """Why a credential was checked."""

    BY_PERSON = "by_person", _("Test by an administrator")
    DAILY = "daily", _("Daily check")
    FIRST_SALE = "first_sale", _("Before the first sale of the day")


class CredentialCheck(models.Model):
    """What a full check of a credential came to. Never edited.

    `steps` are those of merchants/credentials/connection.py, as names and codes. `mark` is the credential's
    `secrets_mark` at that moment: the check says nothing about secrets that came later.
    """

    credential = models.ForeignKey(Credential, models.CASCADE, related_name="checks")
    checked_at = models.DateTimeField(default=timezone.now)
    occasion = models.CharField(max_length=10, choices=CheckOccasion)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    has_passed = models.BooleanField()
    reference_id = models.CharField(max_length=32)
    steps = models.JSONField()
    mark = KeyedDigestField(blank=True)

    class Meta:
        indexes = [models.Index(fields=("credential", "-checked_at"), name="checks_of_credential")]

    def __str__(self) -> str:
        return f"{self.credential_id} · {self.checked_at:%Y-%m-%d %H:%M}"


class I18nAnswer(models.Model):
    """The last good `i18n` answer for a credential and a language: lists stay usable when the API is down."""

    credential = models.ForeignKey(Credential, models.CASCADE, related_name="i18n_answers")
    language = models.CharField(max_length=2, choices=Language)
    # Text, because PostgreSQL's jsonb would lose the lender's order of options.
    body = models.TextField()
    digest = models.CharField(max_length=64)
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("credential", "language"), name="one_i18n_answer_per_language"),
        ]

    def __str__(self) -> str:
        return f"{self.credential} · {self.language}"


class CircuitState(models.TextChoices):
    """Whether submissions may go out with a credential (docs/decisions/0010)."""

    CLOSED = "closed", _("Working")
    OPEN = "open", _("Not answering")
    TRIAL = "trial", _("Answering again, one submission at a time")


class Circuit(models.Model):
    """What the calls made with a credential say about the lender. No row means that nothing ever went wrong.

    `failures` counts calls that only read, `apply_failures` those that change something; each in a row, both towards
    opening. `answered_at` is when an answer last ended a doubt. `setbacks` counts how often it disappointed since it
    opened. `trial` names the delivery that is trying, until `trial_until`.
    """

    credential = models.OneToOneField(Credential, models.CASCADE, primary_key=True, related_name="circuit")
    state = models.CharField(max_length=6, choices=CircuitState, default=CircuitState.CLOSED)
    failures = models.PositiveSmallIntegerField(default=0)
    apply_failures = models.PositiveSmallIntegerField(default=0)
    last_problem = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    probe_at = models.DateTimeField(null=True)
    setbacks = models.PositiveSmallIntegerField(default=0)
    trial = models.CharField(max_length=32, blank=True)
    trial_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("circuit")
        verbose_name_plural = _("circuits")

    def __str__(self) -> str:
        return f"{self.credential_id} · {self.state}"

    @property
    def failures_in_a_row(self) -> int:
        return self.failures + self.apply_failures
