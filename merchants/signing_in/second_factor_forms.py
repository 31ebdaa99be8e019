"""Forms that ask for a code."""

import base64
import secrets
from typing import Any

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base.internal.flows import check_rate_limit, post_authentication
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.names import EventName
from merchants.models import User
from merchants.signing_in.personal_events import record_of_person
from merchants.signing_in.second_factor import accept_code, matching_counter, record_use, recovery_codes_left
from vault.keys import CannotOpen, keyring

_PENDING = "second_factor_pending"
_SECRET_BYTES = 20  # RFC 4226 §4 recommends 160 bits
_BOX = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
_NOT_RIGHT = _("This code is not right, or it was used before. Wait for the next one and try again.")


class _CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs=_BOX),
        error_messages={"required": _("Enter the code.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class CodeForm(_CodeForm):
    """A code of the app or a recovery code, when signing in or signing in again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Six digits from your authenticator app, or one of your recovery codes.")

    def clean_code(self) -> str:
        forget_tries = check_rate_limit(self.user)
        self.authenticator = accept_code(self.user, self.cleaned_data["code"])
        if self.authenticator is None:
            record_of_person(EventName.SIGN_IN_FAILED, self.user, detail={"reason": "wrong_code"})
            raise forms.ValidationError(_NOT_RIGHT)
        forget_tries()
        return str(self.cleaned_data["code"])

    def save(self, *, reauthenticated: bool = False) -> None:
        """Write down in the session and the record that the code was given."""
        assert self.authenticator
        post_authentication(context.request, self.authenticator, reauthenticated=reauthenticated)
        record_use(self.authenticator, self.user)
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            messages.warning(context.request, _told_how_many_are_left(recovery_codes_left(self.user)))


class SetUpForm(_CodeForm):
    """The first code of an app that has just been told the secret."""

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret
        self.fields["code"].label = _("Code that the app shows")
        self.fields["code"].help_text = _("Six digits.")

    def clean_code(self) -> str:
        forget_tries = check_rate_limit(self.user)
        self.counter = matching_counter(self.secret, normalize_user_code(self.cleaned_data["code"]))
        if self.counter is None:
            raise forms.ValidationError(
                _("This code is not right. Check that the clock of your phone is, and try the next code.")
            )
        forget_tries()
        return str(self.cleaned_data["code"])


def pending_secret(request: HttpRequest) -> str:
    """The secret offered to the app, the same until it is set up; sealed, because sessions lie in the database."""
    sealed = request.session.get(_PENDING, "")
    try:
        return keyring().open(sealed, context=_context(request)).decode()
    except CannotOpen:
        secret = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()
        request.session[_PENDING] = keyring().seal(secret.encode(), context=_context(request))
        return secret


def forget_pending_secret(request: HttpRequest) -> None:
    request.session.pop(_PENDING, None)


def _context(request: HttpRequest) -> str:
    return f"{_PENDING}.{request.user.pk}"


def _told_how_many_are_left(left: int) -> str:
    return ngettext(
        "You used a recovery code; %(left)d is left. Make new ones under your name, at the top.",
        "You used a recovery code; %(left)d are left. Make new ones under your name, at the top.",
        left,
    ) % {"left": left}
