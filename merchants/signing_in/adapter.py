"""Signing in and out: recorded, limited, and the moment at which the merchant's session with the lender is opened."""

from datetime import timedelta
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from audit.names import EventName
from merchants.credentials.sessions import open_session
from merchants.language import remember_language
from merchants.models import Credential, User
from merchants.selectors import credential_for, may_need_opening, membership_of
from merchants.signing_in.first_sale import ask_for_check_before_first_sale
from merchants.signing_in.personal_events import record_of_person
from merchants.signing_in.till import stand_where_the_till_stands
from posapi import Timeouts

GOOD_FOR = timedelta(minutes=5)
BAD_FOR = timedelta(seconds=20)
# A person is waiting: a lender that does not answer costs them seconds, and beat asks again later.
SIGN_IN_TIMEOUTS = {"connect": 2.0, "read": 3.0, "total": 4.0}
PATIENCE_SECONDS = 6.0


class AccountAdapter(DefaultAccountAdapter):
    """allauth's seam. The session key is rotated and the session flushed by Django's own login and logout."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": _("The password is not right. Check it and try again."),
        "username_password_mismatch": _("The user name or the password is not right. Check both and try again."),
        "too_many_login_attempts": _(
            "Too many attempts to sign in. Wait five minutes, then try again, "
            "or ask your administrator for a new password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Staff are added by an administrator."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page that follows says enough; « signed in as » on a shared screen helps nobody."""

    def is_safe_url(self, url: str | None) -> bool:
        """The library's, for which what is no address at all (`//[`) is an error."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        if user.is_active and _has_only_inactive_merchants(user):
            record_of_person(EventName.SIGN_IN_FAILED, user, detail={"reason": "merchant_inactive"})
            return render(request, "merchants/merchant_inactive.html", status=403)
        return cast("HttpResponse | None", super().pre_login(request, user, **kwargs))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        record_of_person(EventName.SIGN_IN_FAILED, user, detail={"reason": "inactive"})
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        record_of_person(EventName.SIGNED_IN, user, by=user)
        membership = membership_of(user)
        if membership and membership.takes_applications:
            stand_where_the_till_stands(request, membership)
        credential = credential_for(membership.merchant) if membership else None
        if credential is not None:
            open_session_if_due(credential, by=user)
        if membership and membership.takes_applications:
            ask_for_check_before_first_sale(membership.merchant)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language:
            remember_language(response, user.language)
        return response

    def logout(self, request: HttpRequest) -> None:
        user = cast(User, request.user)
        record_of_person(EventName.SIGNED_OUT, user, by=user)
        super().logout(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002
        """By the name alone: allauth counts for each host that a request names, and its port is free to choose."""
        return str(credentials.get("username", "")).lower()

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002
        """A name that matches nobody is not kept: people type passwords into the wrong field."""
        name = credentials.get("username", "")
        user = User.objects.filter(username__iexact=name).first()
        if user:
            record_of_person(EventName.SIGN_IN_FAILED, user, detail={"reason": "wrong_password"})
        else:
            record_of_person(EventName.SIGN_IN_FAILED, None, detail={"reason": "unknown_name"})


def open_session_if_due(credential: Credential, *, by: User) -> None:
    """Open the merchant's session within seconds, unless that was done or tried a moment ago."""
    if may_need_opening(credential, after_success=GOOD_FOR, after_failure=BAD_FOR):
        open_session(credential, by=by, timeouts=_sign_in_timeouts(), patience=PATIENCE_SECONDS)


def _sign_in_timeouts() -> Timeouts:
    return Timeouts(**{name: min(limit, settings.POSAPI_TIMEOUTS[name]) for name, limit in SIGN_IN_TIMEOUTS.items()})


def _has_only_inactive_merchants(user: User) -> bool:
    return not user.is_superuser and user.memberships.exists() and membership_of(user) is None
