"""Response headers that no view may forget."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


def never_cached(get_response: Handler) -> Handler:
    """Keep pages out of every cache: on a shared till the back button would show the previous customer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        return response

    return middleware
