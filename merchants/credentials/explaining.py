"""What went wrong with a step of a connection test, and what an administrator can do about it.

A problem is kept by its name, so that it is told in the language of whoever reads it, days later too.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from merchants.credentials.sessions import (
    CREDENTIAL_INVALID,
    HOST_NOT_ALLOWED,
    PRODUCTION_WITH_DEBUG,
    SECRET_UNREADABLE,
    outcome_of,
)
from merchants.models import SessionOutcome
from posapi.errors import (
    CredentialsRejected,
    GeneralError,
    LedAstray,
    MerchantSignInRejected,
    NotReachable,
    PosApiError,
    RequestBlocked,
    RoleNotProvisioned,
    ScopeInsufficient,
    TokenRejected,
)

LOGIN_NOT_OFFERED = "login_not_offered"
_NO_ANSWER, _UNREADABLE = "no_answer", "unreadable"

_KINDS: dict[type[PosApiError], str | Promise] = {
    CredentialsRejected: _(
        "Credentials refused: Flexiti does not know this client id and secret. "
        "Enter both again from the developer portal."
    ),
    RoleNotProvisioned: _(
        "Refused: this client may not use the POS API yet. Ask Flexiti’s implementation team to provision it."
    ),
    TokenRejected: _("Refused: Flexiti does not accept the token it has just given. Tell Flexiti the reference id."),
    ScopeInsufficient: _("Refused: the token of this client does not reach this part of the API. Ask Flexiti."),
    RequestBlocked: _(
        "Blocked before it reached the API. Check that this server’s address is registered in the developer portal."
    ),
    MerchantSignInRejected: _(
        "Merchant user name or password refused. Enter both again, or remove them if Flexiti gave you none."
    ),
    LedAstray: _(
        "Not sent: the name of the base address leads into a private network instead of to Flexiti. "
        "Ask whoever runs this server to look at its name server."
    ),
    NotReachable: _(
        "Not reachable: nothing answers at the base address. Check the address, and that this server may reach it."
    ),
    GeneralError: _(
        "Flexiti reports a general error, likely in the set-up of your account. Tell Flexiti the reference id."
    ),
}
_TEXTS: dict[str, str | Promise] = {
    **{kind.__name__: text for kind, text in _KINDS.items()},
    SECRET_UNREADABLE: _("The stored secret cannot be opened with the keys of this server. Enter it again."),
    PRODUCTION_WITH_DEBUG: _("A production credential is refused while DEBUG is on."),
    HOST_NOT_ALLOWED: _(
        "Not sent: the host of the base address is not allowed on this server. Use Flexiti’s own address, or ask "
        "whoever runs this server to allow the host (POSAPI_HOSTS)."
    ),
    CREDENTIAL_INVALID: _("The base address, client id or secret is not valid. Enter them again."),
    LOGIN_NOT_OFFERED: _("Flexiti does not offer merchant sign-in to this client. The portal works without it."),
    _NO_ANSWER: _("Flexiti was reached but gave no usable answer in time. Try again in a few minutes."),
    _UNREADABLE: _("The answer cannot be read. Check that the base address is the POS API of Flexiti."),
}


def problem_of(error: PosApiError) -> str:
    """The name under which a problem is kept."""
    for kind in _KINDS:
        if isinstance(error, kind):
            return kind.__name__
    return _NO_ANSWER if outcome_of(error) == SessionOutcome.UNREACHABLE else _UNREADABLE


def explanation_of(problem: str) -> str:
    """What to do about it, in the active language; empty when there is no problem."""
    return str(_TEXTS.get(problem, ""))
