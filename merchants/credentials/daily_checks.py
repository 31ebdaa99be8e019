"""Full checks of credentials that no person asks for: every morning, and before the first sale
(merchants/signing_in/first_sale.py).

Administrators learn of a failure before their associates meet it.
"""

from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, QuerySet

from merchants.credentials.connection import check_connection
from merchants.credentials.single_flight import only_one
from merchants.credentials.telling import tell_of_change
from merchants.models import CheckOccasion, Credential, Merchant

_AT = time(5)
_LONGEST_CHECK_SECONDS = 120


def credentials_to_check() -> QuerySet[Credential]:
    """Those in use and those standing by, of active merchants."""
    return Credential.objects.filter(retired_at=None, erased_at=None, merchant__is_active=True)


def due_for_the_daily_check(now: datetime) -> list[UUID]:
    """Credentials not checked since five in the morning, where the merchant's day begins first."""
    zones: dict[UUID, ZoneInfo] = {}
    due = []
    for credential in credentials_to_check().select_related("merchant").annotate(last=Max("checks__checked_at")):
        zone = zones.setdefault(credential.merchant_id, earliest_zone(credential.merchant, now))
        begins = datetime.combine(now.astimezone(zone).date(), _AT, tzinfo=zone)
        if now >= begins and (credential.last is None or credential.last < begins):
            due.append(credential.pk)
    return due


def earliest_zone(merchant: Merchant, now: datetime) -> ZoneInfo:
    """The time zone of the merchant's store where it is latest in the day by now."""
    zones = [store.tzinfo for store in merchant.stores.filter(is_active=True).only("time_zone", "merchant")]
    return max(zones, key=lambda zone: now.astimezone(zone).replace(tzinfo=None), default=ZoneInfo(settings.TIME_ZONE))


def check(credential_id: UUID | str, occasion: CheckOccasion) -> None:
    """Check one credential, unless another worker is at it or it went out of use, and tell of a change."""
    credential = credentials_to_check().select_related("merchant").filter(pk=credential_id).first()
    if credential is None:
        return
    with only_one(f"credential-check:{credential_id}", longest_seconds=_LONGEST_CHECK_SECONDS) as is_free:
        if is_free:
            tell_of_change(check_connection(credential, by=None, occasion=occasion))
