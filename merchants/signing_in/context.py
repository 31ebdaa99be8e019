"""What every page says about signing in."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest

from merchants.signing_in.till import store_of_till


def signing_in(request: HttpRequest) -> dict[str, object]:
    return {
        "second_factor_is_off": not settings.REQUIRE_SECOND_FACTOR,
        "single_sign_on": settings.OIDC_NAME if settings.OIDC_SERVER_URL else "",
        "lock_after": settings.IDLE_LOCK_SECONDS,
        "till_store": partial(store_of_till, request),
    }
