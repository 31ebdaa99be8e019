"""Merchants, their stores, and who works in them."""

import uuid
import zoneinfo
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vault.digest_fields import KeyedDigestField

if TYPE_CHECKING:
    from merchants.models.credentials import Credential


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")


class Role(models.TextChoices):
    ASSOCIATE = "associate", _("Associate")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")


class User(AbstractUser):
    """A member of staff. Customers never sign in."""

    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True, default="")

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Merchant(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=130, unique=True)
    is_active = models.BooleanField(_("active"), default=True)
    support_contact = models.CharField(
        _("whom staff should tell"),
        max_length=200,
        help_text=_("Shown to associates when Flexiti refuses the credentials: a name and a phone number."),
    )
    support_contact_fr = models.CharField(
        _("whom staff should tell, in French"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("For those who read French; empty when it is the same."),
    )

    class Meta:
        verbose_name = _("merchant")
        verbose_name_plural = _("merchants")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def contact(self) -> str:
        """Whom staff should tell, in the active language where it is given in that language."""
        in_french = (get_language() or "").startswith("fr")
        return (in_french and self.support_contact_fr) or self.support_contact

    @property
    def active_credential(self) -> "Credential | None":
        return self.credentials.filter(is_active=True).select_related("circuit").first()


def valid_time_zone(name: str) -> None:
    """Refuse a name the machine's time zone database does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Give a time zone such as America/Toronto."))


class Store(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="stores", verbose_name=_("merchant"))
    name = models.CharField(_("name"), max_length=130)
    city = models.CharField(_("city"), max_length=100)
    province = models.CharField(_("province"), max_length=2)
    lender_location_id = models.CharField(
        _("location id at Flexiti"),
        max_length=40,
        blank=True,
        help_text=_("As Flexiti gave it for this store; empty when they gave none."),
    )
    time_zone = models.CharField(_("time zone"), max_length=50, default="America/Toronto", validators=[valid_time_zone])
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=("merchant", "name"), name="store_name_once_per_merchant")]

    def __str__(self) -> str:
        return self.name

    @property
    def tzinfo(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class Membership(models.Model):
    """What a person may do, for which merchant, in which stores."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="memberships", verbose_name=_("merchant"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    stores = models.ManyToManyField(Store, related_name="memberships", blank=True, verbose_name=_("stores"))

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=("user", "merchant"), name="one_role_per_merchant")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.merchant}"

    @property
    def takes_applications(self) -> bool:
        """Associates and managers stand at the counter; an administrator never sees an applicant's answers."""
        return self.role in (Role.ASSOCIATE, Role.MANAGER)


class Invitations(models.QuerySet["Invitation"]):
    def still_open(self) -> "Invitations":
        """Neither used nor withdrawn, those included whose time is over."""
        return self.filter(used_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """A one-time link with which a person sets their own password. Only a digest of it is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    digest = KeyedDigestField(unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = Invitations.as_manager()

    def __str__(self) -> str:
        return f"{self.user} · {self.merchant}"
