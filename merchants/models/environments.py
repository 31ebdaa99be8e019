"""The lender's environments, to which an address belongs, and to which addresses credentials may be sent at all.

A wrong label would reach the credit bureau.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from posapi import Destinations
from posapi.destinations import MERCHANT_INTEGRATION, PRODUCTION, TRAINING

_VENDOR_HOSTS = {TRAINING: "training", MERCHANT_INTEGRATION: "merchant_integration", PRODUCTION: "production"}


def destinations() -> Destinations:
    """Where calls may go: POSAPI_HOSTS, and this machine where the portal is developed or shown."""
    hosts = frozenset(host.lower() for host in settings.POSAPI_HOSTS)
    return Destinations(hosts, this_machine=settings.DEMONSTRATION or settings.DEBUG)


class Environment(models.TextChoices):
    """The lender's environments (contract §1.1) and our stand-in."""

    SANDBOX = "sandbox", _("Sandbox")
    TRAINING = "training", _("Training")
    MERCHANT_INTEGRATION = "merchant_integration", _("Merchant integration")
    PRODUCTION = "production", _("Production")


def environment_of(base_url: str) -> str | None:
    """The value of `Environment` for one of the vendor's hosts; None for any other host."""
    return _VENDOR_HOSTS.get(_host(base_url))


def address_of(environment: str) -> str:
    """The vendor's base address for a value of `Environment`; "" for the sandbox, which may be anywhere."""
    hosts = (host for host, belongs_to in _VENDOR_HOSTS.items() if belongs_to == environment)
    return next((f"https://{host}/flexiti/pos-api/v2.5" for host in hosts), "")


def _host(base_url: str) -> str:
    try:
        return (urlsplit(base_url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
