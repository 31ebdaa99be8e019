"""Every error body of the API, word for word where a vendor document prints it.

Shape A (`code`, `error`, `error_description`) is for tokens and credentials; shape B (`url`, `message`, `error`) for
business refusals; shape C is B with `field_errors` (vendor doc 002, contract §1.4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

_CALL_US = (
    "<p>For more information, please call our customer support centre at <span class='no-break'>1-877-259-3750</span> "
    "Monday to Friday 9am to 12am ET, Saturday and Sunday from 9am to 9pm ET and we'd be happy to help.</p>"
)
_NO_CREDIT_HISTORY = (
    "<h1>Unfortunately we can’t seem to find a credit history for you.</h1><p>If you think this is an error, please "
    "give us a call at 1-877-259-3750 Monday to Friday 9am to 12am ET, Saturday and Sunday 9am to 9pm ET and we’d be "
    "happy to help.</p>"
)
_TECHNICAL_DIFFICULTIES = (
    "<h1>We are currently experiencing some technical difficulties that we are trying to fix as soon as possible.</h1>"
    "<p>Unfortunately, as a result, we are unable to proceed with your application right now.<br/><br/>Have questions? "
    "We’re happy to help. Just give us a call at 1-877-259-3750.</p>"
)
_FOLLOWING_ERRORS = "It has been following errors:"

WRONG_INPUTS_MESSAGE = "Some inputs are wrong!"


@dataclass(frozen=True)
class BusinessError:
    """One row of the error table."""

    status: int
    message: str


BUSINESS_ERRORS: Mapping[str, BusinessError] = {
    "tos_agreement_required": BusinessError(409, _FOLLOWING_ERRORS),
    "customer_already_exists": BusinessError(409, _FOLLOWING_ERRORS),
    "creditapp_id_not_found": BusinessError(409, "Credit app id Information not found."),
    "application_declined": BusinessError(409, _CALL_US),
    "application_declined_2": BusinessError(409, _CALL_US),
    "application_declined_3": BusinessError(409, _NO_CREDIT_HISTORY),
    "application_marked_pending": BusinessError(409, _CALL_US),
    "application_marked_pending_1": BusinessError(409, _CALL_US),
    "application_marked_pending_2": BusinessError(409, _CALL_US),
    "application_create_error": BusinessError(409, _TECHNICAL_DIFFICULTIES),
    # From here on the codes are documented, the texts are ours.
    "general_error": BusinessError(400, "A back-end process failed."),
    "invalid_role": BusinessError(409, "The account is not provisioned for this API."),
    "not_verified": BusinessError(409, "The application was not verified."),
    "external_location_id_not_found": BusinessError(409, "The location is not registered."),
    "account_type_not_permitted": BusinessError(409, "The merchant may not take applications of this account type."),
    "authentication_failure": BusinessError(409, "Merchant authentication failed."),
    "user_not_active": BusinessError(409, "The account is not active."),
    "not_found": BusinessError(404, "Not found."),
    "GATEWAY_TIMEOUT": BusinessError(504, "Gateway timeout."),
}


@dataclass(frozen=True)
class FieldError:
    """One member of `field_errors`; `value` and `type` are sent only in the error page's spelling."""

    param: str
    msg: str
    value: Any = None

    @property
    def type(self) -> str:
        """The validation type of the error page: required, invalid, type or length."""
        return self.msg if self.msg in {"required", "type", "length"} else "invalid"


@dataclass
class Refusal(Exception):
    """The request is refused; `answer` gives the body for the path that was called."""

    status: int
    error: str
    message: str = ""
    field_errors: Sequence[FieldError] = field(default_factory=tuple)
    description: str = ""

    def __str__(self) -> str:
        return f"{self.status} {self.error}"

    def body(self, url: str, *, spelling: str = "doc_002") -> Json:
        """The JSON body. `spelling` is "doc_002" or "error_page" (contract §1.4, shape C)."""
        if self.description:
            return {"code": self.status, "error": self.error, "error_description": self.description}
        answer: Json = {"url": url, "message": self.message, "error": self.error}
        if not self.field_errors:
            return answer
        if spelling == "error_page":
            return _in_words_of_the_error_page(url, self.field_errors)
        return answer | {"field_errors": [{"param": e.param, "msg": e.msg} for e in self.field_errors]}


def _in_words_of_the_error_page(url: str, errors: Sequence[FieldError]) -> Json:
    rows = [{"param": e.param, "msg": e.msg, "value": e.value, "type": e.type} for e in errors]
    return {
        "url": url,
        "message": "Some inputs are wrong or missing!",
        "error": "wrong_input",
        "error_fields": rows,
    }


def business(error: str) -> Refusal:
    """Shape B for a code of `BUSINESS_ERRORS`."""
    row = BUSINESS_ERRORS[error]
    return Refusal(row.status, error, row.message)


def wrong_inputs(*errors: FieldError) -> Refusal:
    """Shape C, 409 (vendor doc 002)."""
    return Refusal(409, "wrong_inputs", WRONG_INPUTS_MESSAGE, errors)


def wrong_input(param: str, msg: str, value: Any = None) -> Refusal:
    """Shape C with one field error."""
    return wrong_inputs(FieldError(param, msg, value))


def oauth(status: int, error: str, description: str) -> Refusal:
    """Shape A."""
    return Refusal(status, error, description=description)


def invalid_token() -> Refusal:
    """401 as printed in vendor doc 002."""
    return oauth(401, "invalid_token", "The access token provided is invalid.")


def expired_token() -> Refusal:
    """401 with the expired-token text of the older error page (contract §2)."""
    return oauth(401, "invalid_token", "The access token provided has expired.")


def invalid_credentials() -> Refusal:
    """400 as printed in vendor doc 002."""
    return oauth(400, "invalid_client", "Client credentials are invalid")


def invalid_client_id() -> Refusal:
    """400 as printed in vendor doc 002."""
    return oauth(400, "invalid_client", "Invalid or missing client_id parameter")


def invalid_grant_type() -> Refusal:
    """400 as printed in vendor doc 002."""
    return oauth(400, "invalid_request", "Invalid or missing grant_type parameter")


def invalid_refresh_token() -> Refusal:
    """400; the body for a spent, expired or unknown refresh token is ours, nobody documents it."""
    return oauth(400, "invalid_grant", "Invalid refresh token")


def insufficient_scope(status: int) -> Refusal:
    """403 with the error page's text, or 401 `invalid_token` in the reading of vendor doc 000 (contract §2)."""
    if status == 401:
        return invalid_token()
    return oauth(403, "insufficient_scope", "Insufficient scope: authorized scope is insufficient")
