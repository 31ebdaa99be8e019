"""A merchant's credentials, by environment, and one of them with its last check."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from merchants.access import Action, allows
from merchants.console.credential_scope import credential_or_404
from merchants.console.scope import ConsoleRequest, merchant_or_404
from merchants.credentials import validity
from merchants.credentials.connection import Step, steps_of
from merchants.credentials.daily_checks import earliest_zone
from merchants.credentials.problems import last_checks
from merchants.credentials.rotation import hindrance_to_switch
from merchants.models import Credential, CredentialCheck, CredentialStanding, Environment, Merchant

_CHECKS_SHOWN = 10
_ORDER = list(CredentialStanding)
_TONES = {CredentialStanding.IN_USE: "success", CredentialStanding.STANDING_BY: "info"}


@dataclass(frozen=True)
class Line:
    """A credential as the list shows it."""

    credential: Credential
    check: CredentialCheck | None

    @property
    def standing(self) -> CredentialStanding:
        return self.credential.standing

    @property
    def tone(self) -> str:
        return _TONES.get(self.standing, "neutral")

    @property
    def has_expired(self) -> bool:
        return validity.has_expired(self.credential)

    @property
    def ends_soon(self) -> bool:
        return self.standing in _TONES and validity.ends_soon(self.credential)


@dataclass(frozen=True)
class Checked:
    """A check with its steps, to be read."""

    check: CredentialCheck
    steps: tuple[Step, ...]
    is_of_these_secrets: bool


@require_GET
@allows(Action.CONFIGURE)
def credentials(request: ConsoleRequest, merchant_id: UUID) -> HttpResponse:
    """Every credential the merchant ever had, those that matter now first."""
    merchant = merchant_or_404(request, merchant_id)
    context = {"merchant": merchant, "environments": _by_environment(_lines(merchant)), "zone": _zone(merchant)}
    return render(request, "console/credentials.html", context)


@require_GET
@allows(Action.CONFIGURE)
def credential(request: ConsoleRequest, merchant_id: UUID, credential_id: UUID) -> HttpResponse:
    """One credential, its last check step by step, and what can be done with it now."""
    found = credential_or_404(request, merchant_id, credential_id)
    checks = list(found.checks.select_related("by").order_by("-checked_at")[:_CHECKS_SHOWN])
    context = {
        "merchant": found.merchant,
        "line": Line(found, checks[0] if checks else None),
        "stored": _stored(found),
        "last": _checked(found, checks[0]) if checks else None,
        "earlier": checks[1:],
        "hindrance": hindrance_to_switch(found),
        "zone": _zone(found.merchant),
    }
    return render(request, "console/credential.html", context)


def _lines(merchant: Merchant) -> list[Line]:
    rows = list(merchant.credentials.select_related("merchant"))
    checks = last_checks(rows)
    lines = [Line(one, checks.get(one.pk)) for one in rows]
    newest_first = sorted(lines, key=lambda line: line.credential.created_at, reverse=True)
    return sorted(newest_first, key=lambda line: _ORDER.index(line.standing))


def _by_environment(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """The environment in use first, then production, then the others; each with its credentials."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.credential.environment, []).append(line)
    last_first = list(reversed(Environment.values))
    order = sorted(groups, key=lambda name: (groups[name][0].standing != "in_use", last_first.index(name)))
    return [(str(Environment(name).label), groups[name]) for name in order]


def _checked(credential: Credential, check: CredentialCheck) -> Checked:
    return Checked(check, steps_of(check), credential.is_marked(check.mark))


def _stored(credential: Credential) -> str:
    """Which secrets there are, never the secrets."""
    if credential.erased_at:
        return _("Erased")
    has_password = Credential.objects.filter(pk=credential.pk, merchant_password__isnull=False).exists()
    return _("Client secret and merchant password") if has_password else _("Client secret")


def _zone(merchant: Merchant) -> ZoneInfo:
    return earliest_zone(merchant, timezone.now())
