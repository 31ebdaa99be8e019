"""What machines ask: /healthz, /readyz and /metrics. Not behind sign-in; nothing of an applicant, no secret."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from applications.monitoring import health, metrics
from merchants.access import Action, allows


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
