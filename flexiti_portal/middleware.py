"""What holds for every request and every response, whatever view answers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


def read_as_utf8(get_response: Handler) -> Handler:
    """Read every form as UTF-8, whatever charset its header claims: some give text that no page can show again."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.encoding = "utf-8"
        return get_response(request)

    return middleware


def never_cached(get_response: Handler) -> Handler:
    """Keep pages out of every cache: on a shared till the back button would show the previous customer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        return response

    return middleware
