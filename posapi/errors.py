"""What can go wrong with a call, each by name, and whether anything was processed at the lender.

The table from the API's own codes to these names is `error_class`, and nowhere else (vendor doc 002,
contract §1.3, §2, §6.6). `message` is the lender's raw text and may be HTML: clean it before showing it,
and decide by type or `code`, never by `message`.
"""

from dataclasses import dataclass

TOKEN = "oauth/token"  # noqa: S105 # nosec B105 # the endpoint's name
APPLY = "apply"
CLOSE = "accounts/close"
CHANGING = frozenset({APPLY, CLOSE})


@dataclass(frozen=True)
class FieldError:
    """One input the API refused: its parameter as printed (`SIN` and `sin` both occur) and what is wrong."""

    param: str
    msg: str


class PosApiError(Exception):
    """A call that did not bring what was asked for.

    `certainly_not_processed` answers one question: can it be excluded that the lender acted on this
    `apply` or `close`? It is always True where nothing could have been processed: on calls that only read,
    and on the token call that precedes an `apply`.
    """

    certainly_not_processed = False

    def __init__(
        self,
        endpoint: str = "",
        *,
        http_status: int | None = None,
        code: str = "",
        message: str = "",
        reference_id: str = "",
        field_errors: tuple[FieldError, ...] = (),
        reason: str = "",
    ) -> None:
        super().__init__()
        self.endpoint = endpoint
        self.http_status = http_status
        self.code = code
        self.message = message
        self.reference_id = reference_id
        self.field_errors = field_errors
        self.reason = reason
        if endpoint and endpoint not in CHANGING:
            self.certainly_not_processed = True

    def __str__(self) -> str:
        """Endpoint, status, code, our own reason, reference id; no word of the applicant or the lender."""
        facts = [
            self.endpoint,
            f"HTTP {self.http_status}" if self.http_status else "",
            self.code,
            self.reason,
            f"reference {self.reference_id}" if self.reference_id else "",
        ]
        return f"{type(self).__name__}: " + ", ".join(fact for fact in facts if fact)

    __repr__ = __str__


class NotReachable(PosApiError):
    """No byte of the request left: refused, unknown host, TLS handshake failed, or no connection in time."""

    certainly_not_processed = True


class LedAstray(NotReachable):
    """The host's name led to a private address, or to another one that is not public, so nothing was sent there."""


class OutcomeUnknown(PosApiError):
    """`apply` or `close` left, and no readable answer came back. It may have been processed."""


class UnreadableAnswer(PosApiError):
    """A call that changes nothing brought no answer we can read."""


class CredentialsRejected(PosApiError):
    """The client id or secret is wrong (`invalid_client`, `invalid_request`, 401 on the token call)."""

    certainly_not_processed = True


class RoleNotProvisioned(PosApiError):
    """The lender has not opened this API for the merchant's account (`invalid_role`)."""

    certainly_not_processed = True


class TokenRejected(PosApiError):
    """401 twice: a new token was refused as well."""

    certainly_not_processed = True


class ScopeInsufficient(PosApiError):
    """403: the token does not reach this endpoint."""

    certainly_not_processed = True


class RequestBlocked(PosApiError):
    """465, 466, 467: a firewall in front of the API stopped the request (contract §1.3)."""

    certainly_not_processed = True


class MerchantSignInRejected(PosApiError):
    """The merchant user name or password of `merchants/login` is wrong (`authentication_failure`)."""

    certainly_not_processed = True


class WrongInputs(PosApiError):
    """Fields are missing or malformed; `field_errors` names them (`wrong_inputs`)."""

    certainly_not_processed = True


class TermsNotAccepted(PosApiError):
    """`tos_agreement` was not true (`tos_agreement_required`)."""

    certainly_not_processed = True


class LocationNotFound(PosApiError):
    """The store is not registered with the lender (`external_location_id_not_found`)."""

    certainly_not_processed = True


class AccountTypeNotPermitted(PosApiError):
    """The merchant may not take applications for this type of account (`account_type_not_permitted`)."""

    certainly_not_processed = True


class NotVerified(PosApiError):
    """Online channel only: the data differ from the widget session (`not_verified`)."""

    certainly_not_processed = True


class CustomerAlreadyExists(PosApiError):
    """The applicant already has an account (`customer_already_exists`)."""


class CreditApplicationNotFound(PosApiError):
    """`creditapp_id_not_found`: meaning undocumented, so nothing is concluded from it (contract §15)."""


class ApplicationDeclined(PosApiError):
    """Adjudicated: declined. Any code that begins with `application_declined`."""


class ApplicationPending(PosApiError):
    """Adjudicated: a person at the lender decides. Any code that begins with `application_marked_pending`."""


class ApplicationCreateError(PosApiError):
    """`application_create_error`, a third party's timeout: the outcome is not known."""


class GeneralError(PosApiError):
    """`general_error`: a problem behind the API, likely with the merchant's account set-up."""


class NotFound(PosApiError):
    """404 with a readable error body: the account or customer does not exist."""


_BY_CODE: dict[str, type[PosApiError]] = {
    "invalid_client": CredentialsRejected,
    "invalid_request": CredentialsRejected,
    "invalid_credentials": CredentialsRejected,
    "invalid_role": RoleNotProvisioned,
    "authentication_failure": MerchantSignInRejected,
    "wrong_inputs": WrongInputs,
    "wrong_input": WrongInputs,
    "tos_agreement_required": TermsNotAccepted,
    "customer_already_exists": CustomerAlreadyExists,
    "creditapp_id_not_found": CreditApplicationNotFound,
    "application_create_error": ApplicationCreateError,
    "general_error": GeneralError,
    "not_verified": NotVerified,
    "external_location_id_not_found": LocationNotFound,
    "account_type_not_permitted": AccountTypeNotPermitted,
}
_DECISIONS: dict[str, type[PosApiError]] = {
    "application_declined": ApplicationDeclined,
    "application_marked_pending": ApplicationPending,
}
_BY_STATUS: dict[int, type[PosApiError]] = {
    401: TokenRejected,
    403: ScopeInsufficient,
    465: RequestBlocked,
    466: RequestBlocked,
    467: RequestBlocked,
}


def unanswered(endpoint: str) -> type[PosApiError]:
    """What an answer nobody can read means on this endpoint."""
    return OutcomeUnknown if endpoint in CHANGING else UnreadableAnswer


def error_class(endpoint: str, status: int, code: str) -> type[PosApiError]:
    """The exception for an answer that is not a success (contract §6.6, in its order).

    A 5xx proves nothing, whatever its body says. A decision counts on `apply` with any other status, 200
    included; every other code needs a 4xx there, because a 200 that is not an approval is not recognised.
    """
    if status >= 500:
        return unanswered(endpoint)
    if endpoint == APPLY:
        for prefix, decision in _DECISIONS.items():
            if code.startswith(prefix):
                return decision
    is_refusal = 400 <= status < 500
    if not is_refusal and (endpoint in CHANGING or status != 200):
        return unanswered(endpoint)
    if endpoint == TOKEN and (status == 401 or _BY_CODE.get(code) is WrongInputs):
        return CredentialsRejected
    named = _BY_CODE.get(code) or _BY_STATUS.get(status)
    if named is None and status == 404 and code:
        return NotFound
    return named or unanswered(endpoint)
