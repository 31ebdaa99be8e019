"""Requests that cannot be read as what they say they are: refused with an error page of their own, never with a 500.

Django reads a form where it looks for the token of a form, which its error pages do as well; and the library that reads
the parameters of a header stumbles over some that nobody but an attacker writes.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.functional import cached_property
from django.views import defaults


class Request(WSGIRequest):
    """Django's, with a body of no kind where its kind makes no sense, and a refusal (400) where its parts do not."""

    @cached_property
    def COOKIES(self) -> dict[str, str]:  # type: ignore[override]  # noqa: N802
        """Those that a database can be asked for: none of ours has a NUL in it."""
        return {name: value for name, value in super().COOKIES.items() if "\0" not in value}

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except (TypeError, ValueError):  # RFC 2231: an unknown charset, or one part of a value numbered and one not
            self.content_type, self.content_params = "", {}

    def _load_post_and_files(self) -> None:
        try:
            super()._load_post_and_files()
        except TypeError as problem:
            self._mark_post_parse_error()  # type: ignore[attr-defined]
            raise MultiPartParserError("The parameters of a part cannot be read.") from problem


class Handler(WSGIHandler):
    request_class = Request


def _without_its_form(handler: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An error page that leaves alone what was not read yet: too large a form must not turn one error into another."""

    @wraps(handler)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not hasattr(request, "_post"):
            request._mark_post_parse_error()  # type: ignore[attr-defined]
        return handler(request, *args, **kwargs)

    return answer


bad_request = _without_its_form(defaults.bad_request)
permission_denied = _without_its_form(defaults.permission_denied)
not_found = _without_its_form(defaults.page_not_found)
server_error = _without_its_form(defaults.server_error)
