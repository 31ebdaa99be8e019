"""The frame that every page stands in."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

COUNTER = SimpleNamespace(
    merchant_name="European Restorations",
    store=SimpleNamespace(name="Queen Street West"),
    environment_label="Sandbox",
    credential_alert="",
    is_demonstration=True,
)
PERSON = SimpleNamespace(is_authenticated=True, get_full_name="Marie-Ève Tremblay", get_username="associate")


@pytest.fixture
def request_at_the_counter() -> HttpRequest:
    request = RequestFactory().get("/somewhere/?page=2")
    request.user = PERSON  # type: ignore[assignment]
    request.counter = COUNTER  # type: ignore[attr-defined]
    return request


def test_base_names_merchant_store_person_and_environment(request_at_the_counter: HttpRequest) -> None:
    html = render_to_string("404.html", request=request_at_the_counter)
    for name in ("European Restorations", "Queen Street West", "Marie-Ève Tremblay", "Sandbox"):
        assert name in html
    assert "– Queen Street West – Credit counter</title>" in html
    assert "Demonstration" in html


def test_base_of_a_production_counter_says_nothing_of_demonstrations(request_at_the_counter: HttpRequest) -> None:
    production = SimpleNamespace(**{**vars(COUNTER), "environment_label": "", "is_demonstration": False})
    request_at_the_counter.counter = production  # type: ignore[attr-defined]
    html = render_to_string("404.html", request=request_at_the_counter)
    assert "Demonstration" not in html
    assert "badge" not in html


def test_credential_alert_is_shown_on_every_page(request_at_the_counter: HttpRequest) -> None:
    alarmed = SimpleNamespace(**{**vars(COUNTER), "credential_alert": "The lender refuses this store’s sign-in."})
    request_at_the_counter.counter = alarmed  # type: ignore[attr-defined]
    assert "The lender refuses this store’s sign-in." in render_to_string("404.html", request=request_at_the_counter)


@pytest.mark.parametrize(("language", "other", "its_name"), [("en", "fr", "Français"), ("fr", "en", "English")])
def test_language_switch_offers_the_other_language_and_comes_back(
    request_at_the_counter: HttpRequest, language: str, other: str, its_name: str
) -> None:
    with translation.override(language):
        html = render_to_string("404.html", request=request_at_the_counter)
    assert f'<html lang="{language}">' in html
    assert f'name="language" value="{other}"' in html
    assert f'lang="{other}">{its_name}</button>' in html
    assert 'name="next" value="/somewhere/?page=2"' in html


def test_signing_out_is_a_post(request_at_the_counter: HttpRequest) -> None:
    html = render_to_string("404.html", request=request_at_the_counter)
    form = html[html.index('<form class="signed-in"') :].split("</form>")[0]
    assert 'method="post"' in form
    assert "csrfmiddlewaretoken" in form


def test_signed_out_page_has_no_way_to_sign_out() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    html = render_to_string("404.html", request=request)
    assert "signed-in" not in html
    assert '<span class="brand__name">Credit counter</span>' in html


@pytest.mark.parametrize("page", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"])
def test_error_page_stands_without_any_context(page: str) -> None:
    html = render_to_string(page)
    assert html.count("<h1") == 1
    assert "<main" in html


def test_failure_page_speaks_both_languages() -> None:
    html = render_to_string("500.html")
    assert "Something went wrong" in html
    assert "Une erreur est survenue" in html
