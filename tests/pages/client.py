"""Django's test client, which checks every page it is given."""

from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tests.pages.checks import check_borrowed_page, check_fragment, check_headers, check_page

_BORROWED = "/admin/"


class CheckedClient(Client):
    """Fails the test that fetches an HTML response with a fault in its headers or its markup.

    A page must be in the language its Content-Language header says; where a view renders in the customer's
    language and not in the reader's, it sets that header. The markup is parsed in the pass on SQLite only: another
    database makes no other page of the same rows.
    """

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            url = f"{request.get('REQUEST_METHOD', 'GET')} {request.get('PATH_INFO', '/')}"
            check_headers(response.headers, url=f"{url} ({response.status_code})")
            if connection.vendor == "sqlite":
                self._check_markup(response, url=f"{url} ({response.status_code})", path=request.get("PATH_INFO", "/"))
        return response

    def _check_markup(self, response: HttpResponse, *, url: str, path: str) -> None:
        html = "" if response.streaming else response.content.decode(response.charset)
        if not html.strip():
            return
        if path.startswith(_BORROWED):
            check_borrowed_page(html, url=url)
        elif "<html" in html.lower() or "<!doctype" in html.lower():
            check_page(html, url=url, language=response.headers.get("Content-Language", "en"))
        else:
            check_fragment(html, url=url)
