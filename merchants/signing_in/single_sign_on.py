"""Signing in with the merchant's own identity provider (OpenID Connect), for people whom an administrator added.

The provider is always told to ask anew and has to say when it did: a till is shared, and the provider's own session in
this browser may be somebody else's.
"""

import time
from typing import Any

import jwt
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

from audit.names import EventName
from merchants.models import User
from merchants.signing_in.personal_events import record_of_person

_SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_FRESH_SECONDS = 5 * 60
_CLOCKS_DIFFER_SECONDS = 60


class OpenIdAdapter(OpenIDConnectOAuth2Adapter):
    """allauth's, which reads an ID token without checking who signed it because it came over TLS. This one checks."""

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                self._key_of(id_token),
                algorithms=_SIGNED_BY,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=_CLOCKS_DIFFER_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as problem:
            raise OAuth2Error("The ID token is not valid.") from problem
        return claims

    def _key_of(self, id_token: str) -> Any:
        named = jwt.get_unverified_header(id_token).get("kid")
        with SingleSignOnAdapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        found = [key for key in keys if key.key_id == named or (named is None and len(keys) == 1)]
        if not found:
            raise OAuth2Error("The ID token is signed with a key that the provider does not publish.")
        return found[0].key


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """allauth's seam: who a subject of the provider is here. Nobody is added, and nothing of theirs is kept but it."""

    def get_requests_session(self) -> Any:
        """allauth's, but a redirect is a failure: some are followed with the client's secret, wherever they lead."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def list_apps(self, *args: Any, **kwargs: Any) -> list[Any]:
        """From the settings only."""
        return [app for app in super().list_apps(*args, **kwargs) if not app.pk]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        return False

    def serialize_instance(self, instance: Any) -> Any:
        """While a code is waited for, the session holds who it is, and not the row with its password's hash."""
        return {"id": instance.pk} if isinstance(instance, User) else super().serialize_instance(instance)

    def on_authentication_error(self, request: HttpRequest, provider: Any, error: Any = None, **more: Any) -> None:  # noqa: ARG002
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(failed(request, "cancelled"))
        away = isinstance(more.get("exception"), RequestException)
        raise ImmediateHttpResponse(failed(request, "unreachable" if away else "broken"))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        told, linked = sociallogin.account.extra_data, sociallogin.account.pk
        sociallogin.token, sociallogin.account.extra_data = None, {}
        if linked:
            SocialAccount.objects.filter(pk=linked).update(extra_data={})
        if not _is_answer_to(sociallogin.state.get("data") or {}, told):
            raise ImmediateHttpResponse(failed(request, "broken"))
        if not linked and not _link(sociallogin, told):
            raise ImmediateHttpResponse(failed(request, "unknown_person"))


def vouches_for(request: HttpRequest, user: User) -> bool:
    """Whether the provider's word counts as a second factor, and the last thing proved in this session is its word."""
    records = get_authentication_records(request, user)
    return bool(settings.OIDC_IS_STRONG and records and records[-1]["method"] == "socialaccount")


def failed(request: HttpRequest, why: str) -> HttpResponse:
    """Say in words why nobody is signed in now: `cancelled`, `unreachable`, `broken` or `unknown_person`."""
    if why in ("broken", "unknown_person"):
        record_of_person(EventName.SIGN_IN_FAILED, None, detail={"reason": f"single_sign_on_{why}"})
    status = 502 if why == "unreachable" else 403
    return render(
        request, "account/single_sign_on_failed.html", {"why": why, "name": settings.OIDC_NAME}, status=status
    )


def _is_answer_to(asked: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether the ID token answers this very request, and is about somebody the provider has just asked."""
    claims, more = told.get("id_token") or {}, told.get("userinfo") or {}
    nonce, proved_at = asked.get("nonce"), claims.get("auth_time")
    if not nonce or claims.get("nonce") != nonce or more.get("sub", claims.get("sub")) != claims.get("sub"):
        return False
    ago = time.time() - proved_at if isinstance(proved_at, int | float) else float("inf")
    return -_CLOCKS_DIFFER_SECONDS <= ago <= _FRESH_SECONDS


@transaction.atomic
def _link(sociallogin: SocialLogin, told: dict[str, Any]) -> bool:
    """Bind a subject seen for the first time to the one active person with its verified e-mail address."""
    both = (told.get("userinfo") or {}, told.get("id_token") or {})
    claims: dict[str, Any] = next((one for one in both if one.get("email")), {})
    email = str(claims.get("email", ""))
    if claims.get("email_verified") is not True or not email.isascii() or not email:
        return False
    people = list(User.objects.select_for_update().filter(email__iexact=email)[:2])
    if len(people) != 1:
        return False
    (person,) = people
    account = sociallogin.account
    if person.is_active:
        if SocialAccount.objects.filter(user=person, provider=account.provider).exists():
            return False  # the address went to somebody else at the provider
        account.user = person
        account.save()
        record_of_person(EventName.IDENTITY_BOUND, person, by=person)
    sociallogin.user = person
    return True
