"""What every page says about signing in."""

from django.conf import settings
from django.http import HttpRequest


def signing_in(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001
    return {"second_factor_is_off": not settings.REQUIRE_SECOND_FACTOR}
