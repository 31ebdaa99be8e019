"""The language a member of staff reads the screen in. A customer's language belongs to the application."""

from typing import Literal, cast

from django.conf import settings
from django.http import HttpResponse

from merchants.models import User


def choose_language(user: User, response: HttpResponse, language: str) -> None:
    """A person chose the language of the screen: kept with the person, and in this browser from this answer on."""
    User.objects.filter(pk=user.pk).update(language=language)
    remember_language(response, language)


def remember_language(response: HttpResponse, language: str) -> None:
    """Set the cookie that Django's locale middleware reads."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=cast(Literal["Lax", "Strict"], settings.LANGUAGE_COOKIE_SAMESITE),
    )
