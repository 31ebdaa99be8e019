"""One line for each request: method, path, status, duration, user id, request id. No query, no body, no address."""

import time
from typing import Any

import structlog
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django_structlog import signals
from django_structlog.middlewares import RequestMiddleware

from flexiti_portal.discretion import without_links

# Asked every few seconds by machines: worth a line only when something is wrong.
_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


class RequestLog(RequestMiddleware):
    """django-structlog's middleware: the ids on every line within a request, and a line at its end."""

    def prepare(self, request: HttpRequest) -> None:
        request.began = time.monotonic()  # type: ignore[attr-defined]
        super().prepare(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """By now it is known who asks."""
        self.bind_user_id(request)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        if request.path in _PROBES and response.status_code < 400:
            structlog.contextvars.clear_contextvars()
        else:
            super().handle_response(request, response)

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """Whoever the request has looked up already: no query is made for a log line, least of all after a failure."""
        user = getattr(request, "_cached_user", None)
        if user is not None and user.pk:
            structlog.contextvars.bind_contextvars(user_id=user.pk)


@receiver(signals.bind_extra_request_metadata)
def tell_the_start(request: HttpRequest, log_kwargs: dict[str, Any], **_: Any) -> None:
    log_kwargs.clear()
    log_kwargs.update(method=request.method, path=without_links(request.path))


@receiver([signals.bind_extra_request_finished_metadata, signals.bind_extra_request_failed_metadata])
def tell_the_end(request: HttpRequest, log_kwargs: dict[str, Any], **_: Any) -> None:
    status = log_kwargs["code"]
    log_kwargs.clear()
    seconds = round(time.monotonic() - request.began, 3)  # type: ignore[attr-defined]
    log_kwargs.update(method=request.method, path=without_links(request.path), status=status, seconds=seconds)
