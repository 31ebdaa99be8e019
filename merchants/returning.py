"""Where a person goes back to after a detour, never to another host."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest) -> str:
    """The page named by `next`, else the one the person came from, else the counter; never this page itself."""
    asked = request.POST.get("next") or request.GET.get("next") or _page_before(request)
    leads_on = asked and _is_ours(request, asked) and urlsplit(asked).path != request.path
    return asked if leads_on else resolve_url(settings.LOGIN_REDIRECT_URL)


def page_to_return_to(request: HttpRequest) -> str:
    """The address of this page, or for a post or a fragment of the page that holds it: that one can be opened again."""
    if request.method in ("GET", "HEAD") and not getattr(request, "htmx", False):
        return request.get_full_path()
    before = _page_before(request)
    return before if before and _is_ours(request, before) else resolve_url(settings.LOGIN_REDIRECT_URL)


def _page_before(request: HttpRequest) -> str:
    try:
        referer = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # such as http://[
        return ""
    if referer.netloc != request.get_host():
        return ""
    return f"{referer.path}?{referer.query}" if referer.query else referer.path


def _is_ours(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
