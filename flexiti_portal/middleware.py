"""What holds for every request and every response, whatever view answers."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

# Nothing that a page of the portal uses.
_NOT_FOR_US = (
    "accelerometer",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "web-share",
    "window-management",
    "xr-spatial-tracking",
)
_PERMISSIONS = ", ".join(f"{feature}=()" for feature in _NOT_FOR_US)
# Where browsers tell what broke the policy of a page (applications/monitoring/browser_reports.py).
BROWSER_REPORTS = "/browser-reports"


def read_as_utf8(get_response: Handler) -> Handler:
    """Read every form as UTF-8, whatever charset its header claims: some give text that no page can show again."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.encoding = "utf-8"
        return get_response(request)

    return middleware


def used_by_nobody_else(get_response: Handler) -> Handler:
    """Keep other sites from embedding anything of ours, static files too, and our pages from embedding theirs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
        return response

    return middleware


def never_cached(get_response: Handler) -> Handler:
    """Keep pages out of every cache: on a shared till the back button would show the previous customer.

    Whatever else a browser kept goes with the session, however that ended: signed out, handed over, or run out.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Permissions-Policy"] = _PERMISSIONS
        if _ends_the_session(response):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware


def _ends_the_session(response: HttpResponse) -> bool:
    """Whether the browser is told to drop its session cookie. Its other cookies are of the till, not of a person."""
    cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie is not None and not cookie.value
