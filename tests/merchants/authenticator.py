"""An authenticator app, as far as a test needs one."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt

from merchants.models import User
from merchants.signing_in.second_factor import PERIOD_SECONDS, make_recovery_codes

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B


def code_of(secret: str, *, periods: int = 0) -> str:
    """What the app shows now, or so many periods of 30 seconds later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD_SECONDS + periods))


def with_second_factor(user: User) -> list[str]:
    """Give somebody an app that knows SECRET; their recovery codes come back."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(SECRET)})
    return make_recovery_codes(user)
