"""What an administrator should look at: everything about credentials that is not as it should be."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from merchants.credentials import alerts, validity
from merchants.models import Credential, CredentialCheck, Merchant


@dataclass(frozen=True)
class CredentialProblem:
    """`text` says it in the active language. No credential is a problem too. `is_pressing`: associates feel it."""

    merchant: Merchant
    credential: Credential | None
    text: str
    is_pressing: bool = True


def problems_of(merchants: Iterable[Merchant]) -> list[CredentialProblem]:
    """The problems of these merchants, in their order, with two queries however many they are."""
    found = []
    known = _credentials_of(merchants := list(merchants))
    checks = last_checks(credential for of_one in known.values() for credential in of_one)
    for merchant in merchants:
        in_use = next((one for one in known[merchant.pk] if one.is_active), None)
        if text := alerts.for_administrators(merchant, in_use):
            found.append(CredentialProblem(merchant, in_use, text, is_pressing=alerts.is_felt(in_use)))
        elif in_use and _has_failed(in_use, checks):
            found.append(CredentialProblem(merchant, in_use, _failed_text(in_use)))
        found += _of_standing_by(merchant, known[merchant.pk], checks)
    return found


def _of_standing_by(
    merchant: Merchant, credentials: list[Credential], checks: dict[UUID, CredentialCheck]
) -> list[CredentialProblem]:
    """What would be in the way of putting the next one into use."""
    found = []
    for credential in credentials:
        if credential.is_active:
            continue
        said = [validity.text_for_administrators(credential)]
        if _has_failed(credential, checks):
            said.insert(0, _("It failed its last check."))
        if text := " ".join(filter(None, said)):
            told = {"credential": credential, "text": text}
            text = _("%(credential)s, standing by: %(text)s") % told
            found.append(CredentialProblem(merchant, credential, text, is_pressing=False))
    return found


def _failed_text(credential: Credential) -> str:
    """The session opens, but not everything that an application needs is answered."""
    told = {"credential": credential}
    return _("%(credential)s: it failed its last check. See which step, and what to do about it.") % told


def _has_failed(credential: Credential, checks: dict[UUID, CredentialCheck]) -> bool:
    check = checks.get(credential.pk)
    return check is not None and not check.has_passed


def _credentials_of(merchants: Iterable[Merchant]) -> dict[UUID, list[Credential]]:
    """Those in use and those standing by."""
    found: dict[UUID, list[Credential]] = defaultdict(list)
    rows = Credential.objects.filter(merchant__in=[one.pk for one in merchants], retired_at=None, erased_at=None)
    for credential in rows.select_related("merchant", "circuit").order_by("created_at"):
        found[credential.merchant_id].append(credential)
    return found


def last_checks(credentials: Iterable[Credential]) -> dict[UUID, CredentialCheck]:
    """The latest check of each, by the id of the credential."""
    latest = CredentialCheck.objects.filter(credential=OuterRef("credential")).order_by("-checked_at").values("pk")[:1]
    checks = CredentialCheck.objects.filter(credential__in=[one.pk for one in credentials], pk=Subquery(latest))
    return {check.credential_id: check for check in checks}
