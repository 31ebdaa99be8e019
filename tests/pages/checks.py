"""Refusing what breaks the rules."""

from collections.abc import Iterable, Mapping

from tests.pages import rules
from tests.pages.parsed import Page

_QUIET_REFERRERS = {"same-origin", "no-referrer"}


def check_page(html: str, *, url: str, language: str) -> None:
    """Refuse a whole page of ours that is not in this language or breaks any rule."""
    page = Page.whole(html)
    _refuse(url, [*_complaints(page, rules.WHOLE), *_of_language(page, language)])


def check_fragment(html: str, *, url: str) -> None:
    """Refuse part of a page; what it refers to may stand outside it."""
    _refuse(url, _complaints(Page.fragment(html), rules.OURS))


def check_borrowed_page(html: str, *, url: str) -> None:
    """Refuse a page whose markup is Django's own (the admin) only for what the browser would not run or must not."""
    _refuse(url, _complaints(Page.whole(html), rules.ANYWHERE))


def check_headers(headers: Mapping[str, str], *, url: str) -> None:
    """Refuse a response that a browser could keep, sniff, run foreign code in, or tell others about."""
    policy = headers.get("Content-Security-Policy", "")
    wrong = {
        "no Content-Security-Policy with default-src 'none'": "default-src 'none'" not in policy,
        "Content-Security-Policy allows 'unsafe-'": "'unsafe-" in policy,
        "Cache-Control is not no-store": "no-store" not in headers.get("Cache-Control", ""),
        "X-Content-Type-Options is not nosniff": headers.get("X-Content-Type-Options") != "nosniff",
        "Referrer-Policy tells others": headers.get("Referrer-Policy") not in _QUIET_REFERRERS,
    }
    _refuse(url, [complaint for complaint, is_wrong in wrong.items() if is_wrong])


def _complaints(page: Page, wanted: Iterable[rules.Rule]) -> list[str]:
    return [complaint for rule in wanted for complaint in rule(page)]


def _of_language(page: Page, language: str) -> list[str]:
    (document,) = page.all("html")
    said = document.get("lang")
    return [] if said == language else [f'<html lang="{said}"> on a page in "{language}"']


def _refuse(url: str, complaints: list[str]) -> None:
    if complaints:
        raise AssertionError("\n  - ".join([f"{url} breaks the rules of tests/pages:", *complaints]))
