"""The check before the first sale of the day: asked for when the first person at a counter signs in."""

import logging

from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis import RedisError

from merchants.credentials.daily_checks import credentials_to_check, earliest_zone
from merchants.models import CheckOccasion, Merchant
from merchants.tasks import check_credential

_A_DAY_SECONDS = 24 * 60 * 60

logger = logging.getLogger(__name__)


def ask_for_check_before_first_sale(merchant: Merchant) -> None:
    """The day's first person at a counter of this merchant has signed in. Only asks: nobody waits for the lender.

    A broker or a cache that is down is no reason not to let them in; the daily check has been.
    """
    now = timezone.now()
    day = now.astimezone(earliest_zone(merchant, now)).date()
    try:
        if not cache.add(f"first-sign-in:{merchant.pk}:{day}", 1, timeout=_A_DAY_SECONDS):
            return
        for credential_id in credentials_to_check().filter(merchant=merchant).values_list("pk", flat=True):
            check_credential.apply_async((str(credential_id), CheckOccasion.FIRST_SALE.value), retry=False)
    except (RedisError, OperationalError, OSError):
        logger.warning("Could not ask for the check before the first sale of merchant %s", merchant.pk)
