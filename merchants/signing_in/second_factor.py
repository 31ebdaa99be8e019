"""A second factor beside the password: codes of an authenticator app, and recovery codes for when it is lost."""

import time
from collections.abc import Mapping
from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext

from audit.names import EventName
from merchants.access import Who, who_is
from merchants.models import Membership, Role, User
from merchants.signing_in.personal_events import record_of_person
from merchants.signing_in.single_sign_on import vouches_for
from vault.keys import keyring

PERIOD_SECONDS = 30  # RFC 6238 §4.1, and what authenticator apps expect
_DRIFT = 1  # a phone's clock may be one period off
_NEEDED_BY = {Who.MANAGER, Who.ADMINISTRATOR, Who.OPERATOR}
SEALED_AS = "mfa_authenticator.data"


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's seam: its secrets are sealed with the portal's keys, and apps show the portal's name."""

    def encrypt(self, text: str) -> str:
        return keyring().seal(text.encode(), context=SEALED_AS)

    def decrypt(self, encrypted_text: str) -> str:
        return keyring().open(encrypted_text, context=SEALED_AS).decode()

    def get_totp_issuer(self) -> str:
        return gettext("Credit counter")

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """Whether a code is asked for; none is after the word of a provider that asks for a second factor itself."""
        request = context.request
        if request is not None and not request.user.is_authenticated and vouches_for(request, user):
            return False
        return bool(super().is_mfa_enabled(user, types))


def is_needed_by(user: User, membership: Membership | None) -> bool:
    """Whether this person may do nothing before a second factor, in whichever of their roles."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return False
    if who_is(user, membership) & _NEEDED_BY:
        return True
    return user.memberships.exclude(role=Role.ASSOCIATE).exists()


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def was_proved(request: HttpRequest) -> bool:
    """Whether a code was given in this session, or the provider that signed the person in counts as strong."""
    enough = {"mfa", "socialaccount"} if settings.OIDC_IS_STRONG else {"mfa"}
    return any(one["method"] in enough for one in get_authentication_records(request, request.user))


def is_owed(request: HttpRequest) -> bool:
    """Whether this person needs a second factor and has not proved one in this session."""
    if not request.user.is_authenticated or was_proved(request):
        return False
    counter = request.counter  # type: ignore[attr-defined]
    return is_needed_by(request.user, counter and counter.membership)


def forget_proof(request: HttpRequest) -> None:
    """A code given in this session proves nothing any more: its factor is gone."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [one for one in records if one["method"] != "mfa"]


def recovery_codes_left(user: User) -> int:
    codes = _factors(user, Authenticator.Type.RECOVERY_CODES).first()
    return len(codes.wrap().get_unused_codes()) if codes else 0


@transaction.atomic
def accept_code(user: User, code: str) -> Authenticator | None:
    """The factor that a code proves, or None. An accepted code, and every code before it, is never accepted again."""
    typed = normalize_user_code(code)
    app = _factors(user, Authenticator.Type.TOTP).select_for_update().first()
    if app is None:
        return None
    counter = matching_counter(decrypt(app.data["secret"]), typed, after=app.data.get("last_counter", 0))
    if counter is not None:
        app.data["last_counter"] = counter
        app.save(update_fields=["data"])
        return app
    codes = _factors(user, Authenticator.Type.RECOVERY_CODES).select_for_update().first()
    return codes if codes and codes.wrap().validate_code(typed) else None


def matching_counter(secret: str, typed: str, *, after: int = 0) -> int | None:
    """The period to which a code of the app belongs: this one, the one before or the next, but later than `after`."""
    now = int(time.time()) // PERIOD_SECONDS
    for counter in range(max(now - _DRIFT, after + 1), now + _DRIFT + 1):
        if constant_time_compare(format_hotp_value(hotp_value(secret, counter)), typed):
            return counter
    return None


@transaction.atomic
def add_second_factor(request: HttpRequest, user: User, secret: str, *, counter: int) -> list[str]:
    """Bind an authenticator app whose code of the period `counter` was right; gives the recovery codes.

    Raises IntegrityError when there is one already.
    """
    data = {"secret": encrypt(secret), "last_counter": counter}
    app = Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    record_of_person(EventName.SECOND_FACTOR_ADDED, user, by=user)
    record_authentication(request, user, "mfa", id=app.pk, type=app.type)
    return make_recovery_codes(user)


@transaction.atomic
def make_recovery_codes(user: User) -> list[str]:
    """New codes in place of all before. They are shown once."""
    User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    record_of_person(EventName.RECOVERY_CODES_MADE, user, by=user)
    return codes


@transaction.atomic
def remove_second_factor(user: User, *, by: User) -> bool:
    """Take the app and the recovery codes away; False when there were none."""
    deleted, _ = Authenticator.objects.filter(user=user).delete()
    if deleted:
        record_of_person(EventName.SECOND_FACTOR_REMOVED, user, by=by)
    return bool(deleted)


def record_use(authenticator: Authenticator, user: User, *, detail: Mapping[str, str] | None = None) -> None:
    """A recovery code is worth an event of its own: somebody may have found the sheet."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        record_of_person(EventName.RECOVERY_CODE_USED, user, by=user, detail=detail)


def _factors(user: User, kind: Authenticator.Type) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=user, type=kind)
