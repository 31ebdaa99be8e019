"""Search, lookup and closing of accounts (contract §7, §9)."""

from werkzeug.wrappers import Response

from sandbox.answers import json_answer
from sandbox.calls import Call
from sandbox.errors import FieldError, business, wrong_input, wrong_inputs
from sandbox.field_rules import parse_date
from sandbox.lender import Lender

GATEWAY_TIMEOUT_ACCOUNT = "0001"
"""The account number with which the vendor's test plan provokes a 504 (case B-4)."""

_LONGEST_ACCOUNT_NUMBER = 14
_SEARCH_LENGTHS = {"first_name": 35, "last_name": 50, "dob": 10, "postal_code": 6}


def search(lender: Lender, call: Call) -> Response:
    """GET customers/search: the person's accounts, 404 `not_found` when there is none."""
    asked = {name: call.query(name) for name in _SEARCH_LENGTHS}
    errors = [FieldError(name, msg, asked[name]) for name in asked if (msg := _search_error(name, asked[name]))]
    if errors:
        raise wrong_inputs(*errors)
    found = lender.accounts.search(**asked)
    if not found and lender.switchboard.now.search_without_match == 404:
        raise business("not_found")
    return json_answer([account.as_search_result() for account in found])


def _search_error(name: str, value: str) -> str:
    if not value:
        return "" if name == "postal_code" else "required"
    if len(value) > _SEARCH_LENGTHS[name]:
        return "length"
    return "invalid" if name == "dob" and parse_date(value) is None else ""


def lookup(lender: Lender, call: Call) -> Response:
    """GET customers/lookup by exactly one of `vcc_number`, `account_number` and `customer_id`."""
    asked = {name: call.query(name) for name in ("vcc_number", "account_number", "customer_id")}
    given = [name for name in asked if asked[name]]
    if len(given) != 1:
        raise wrong_input(given[1] if given else "account_number", "invalid" if given else "required")
    if asked["account_number"] == GATEWAY_TIMEOUT_ACCOUNT:
        raise business("GATEWAY_TIMEOUT")
    account = lender.accounts.find(**asked)
    if account is None:
        raise business("not_found")
    if account.status != "N":
        raise business("user_not_active")
    questions = lender.options.labels("security_ids", call.lang)
    return json_answer(account.as_lookup_result(questions.get(str(account.application["security_qid"]), "")))


def close(lender: Lender, call: Call) -> Response:
    """POST accounts/{account_number}/close: `{}` when the account is closed."""
    return _close(lender, call, call.args["account_number"])


def close_account(lender: Lender, call: Call) -> Response:
    """POST customers/close-account, the older path of vendor doc 002; `account_number` in the body is our guess."""
    return _close(lender, call, str(call.json_body().get("account_number", "")))


def _close(lender: Lender, call: Call, account_number: str) -> Response:
    if not account_number:
        raise wrong_input("account_number", "required")
    if not account_number.isascii() or not account_number.isdigit():
        raise wrong_input("account_number", "type", account_number)
    if len(account_number) > _LONGEST_ACCOUNT_NUMBER:
        raise wrong_input("account_number", "length", account_number)
    switches = lender.switchboard.now
    lender.accounts.close(
        account_number,
        merchant=call.merchant,
        anywhere=switches.close_outside_quebec,
        again_status=switches.close_again_status,
    )
    return json_answer({})
