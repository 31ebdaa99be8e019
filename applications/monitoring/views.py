"""What machines ask and tell: /healthz, /readyz, /metrics, and what browsers report of pages.

Not behind sign-in; nothing of an applicant, no secret.
"""

import hmac

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from applications.monitoring import browser_reports as reports
from applications.monitoring import health, metrics
from merchants.access import Action, allows

_REPORTS = "browser_reports"


@require_safe
@allows(Action.WATCH_OVER)
def healthz(_request: HttpRequest) -> HttpResponse:
    """This process answers. It says nothing of anything else, so that no outage of another part has it restarted."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@allows(Action.WATCH_OVER)
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when pages can be served, with the names of what is degraded; otherwise 503. As of the last second."""
    found = health.seen_lately()
    body = {"status": found.status, "parts": found.parts}
    return JsonResponse(body, status=200 if found.can_serve else 503)


@require_safe
@allows(Action.WATCH_OVER)
def metrics_page(request: HttpRequest) -> HttpResponse:
    """For whoever has METRICS_TOKEN (`Authorization: Bearer …`). Without one set there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(metrics.text(), content_type=CONTENT_TYPE_LATEST)


@csrf_exempt  # a browser sends it by itself, and nothing is done with it but counting
@require_POST
@allows(Action.WATCH_OVER)
def browser_reports(request: HttpRequest) -> HttpResponse:
    """What broke the Content-Security-Policy of a page, from whoever says so: counted, and told in the log."""
    rates = {_REPORTS: settings.RATE_LIMIT_BROWSER_REPORTS}
    if not ratelimit.consume(request, app="monitoring", action=_REPORTS, config=rates, key="everybody"):
        return HttpResponse(status=429)
    body = request.read(reports.LARGEST + 1)
    if len(body) > reports.LARGEST:
        return HttpResponse(status=413)
    try:
        found = reports.read(request.content_type or "", body, host=request.get_host())
    except reports.NotAReport:
        return HttpResponse(status=400)
    reports.tell(found)
    return HttpResponse(status=204)
