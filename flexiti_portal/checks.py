"""What must hold beyond the presence of a setting."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+(?::[1-9][0-9]{0,4})?", re.IGNORECASE)


@register(Tags.security, deploy=True)
def debug_is_off(**_: Any) -> list[Error]:
    """A page with a traceback would show an applicant's answers."""
    if settings.DEBUG:
        return [Error("DEBUG is on.", hint="Unset DEBUG: error pages would show answers.", id="portal.E001")]
    return []


@register()
def identity_provider_speaks_https(**_: Any) -> list[Error]:
    """Whoever could read or change what the provider says could be anybody here."""
    address = urlsplit(settings.OIDC_SERVER_URL)
    if not settings.OIDC_SERVER_URL or address.scheme == "https" or address.hostname in ("127.0.0.1", "localhost"):
        return []
    hint = "Give the issuer's address beginning with https://."
    return [Error("OIDC_SERVER_URL is not HTTPS.", hint=hint, id="portal.E003")]


@register()
def credentials_go_to_named_hosts(**_: Any) -> list[Error]:
    """An allow-list with a pattern, an address or a whole URL in it would allow nothing, or more than was meant."""
    if settings.POSAPI_HOSTS and all(_HOST.fullmatch(host) for host in settings.POSAPI_HOSTS):
        return []
    hint = "Give names such as posapi.flexiti.fi, separated by commas, with :port where it is not 443."
    return [Error("POSAPI_HOSTS does not list names of hosts.", hint=hint, id="portal.E004")]


@register()
def leases_outlive_the_longest_delivery(**_: Any) -> list[Error]:
    """A lease that ends during a call would call an answer unknown that is about to come (design.md §3)."""
    reading, applying = settings.POSAPI_TIMEOUTS["total"], settings.POSAPI_APPLY_TIMEOUTS["total"]
    # The look before the call; a wait for somebody else's token, a token, and the call: both once more after a 401.
    longest = 2 * (2 * reading + reading) + 2 * (2 * reading + applying)
    if longest < settings.DELIVERY_SECONDS:
        return []
    hint = f"Set it above {longest:.0f}, or shorten POSAPI_TOTAL_SECONDS and POSAPI_APPLY_TOTAL_SECONDS."
    return [Error("DELIVERY_SECONDS ends before the longest delivery.", hint=hint, id="portal.E002")]
