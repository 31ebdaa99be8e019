"""Until when a credential is good, as far as the lender told, and who hears of it when."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from merchants.models import Credential


def has_expired(credential: Credential) -> bool:
    """Whether its last day is over."""
    return credential.valid_until is not None and credential.valid_until < timezone.localdate()


def ends_soon(credential: Credential) -> bool:
    """Whether its last day is within CREDENTIAL_WARN_DAYS, or over."""
    warned_from = timezone.localdate() + timedelta(days=settings.CREDENTIAL_WARN_DAYS)
    return credential.valid_until is not None and credential.valid_until <= warned_from


def text_for_administrators(credential: Credential) -> str:
    """Said from CREDENTIAL_WARN_DAYS before its end on; empty before, and where the lender gave no end."""
    if credential.valid_until is None or not ends_soon(credential):
        return ""
    told = {"day": date_format(credential.valid_until)}
    if has_expired(credential):
        return _("Its last day was %(day)s. Put another one into use before Flexiti refuses this one.") % told
    return _("Its last day is %(day)s. Ask Flexiti for the next one, and put it into use before.") % told


def text_for_staff(credential: Credential) -> str:
    """Said once it has ended, before the first submission fails: they cannot do anything about it earlier."""
    if not has_expired(credential):
        return ""
    return _(
        "This merchant’s credentials at Flexiti have come to their end, so applications may be refused from now on. "
        "Tell %(contact)s."
    )
