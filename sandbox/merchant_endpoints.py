"""Form values, terms, licence decoding and the deprecated merchants/login (vendor docs 000-002, contract §3-5, §11)."""

from typing import Any

from werkzeug.wrappers import Response

from sandbox.answers import json_answer
from sandbox.calls import Call
from sandbox.errors import wrong_input
from sandbox.lender import Lender
from sandbox.licence import NotALicence, decode, invalid_code
from sandbox.offers import PLANS
from sandbox.options import MEMBER_OF_KEY
from sandbox.terms import terms_html

Json = dict[str, Any]


def form_values(lender: Lender, call: Call) -> Response:
    """GET i18n: everything, or the members named by `?key=a,b` or `/i18n/{key}`."""
    wanted = call.args.get("key") or call.query("key")
    keys = [key.strip() for key in wanted.split(",") if key.strip()]
    unknown = [key for key in keys if key not in MEMBER_OF_KEY]
    if unknown:
        raise wrong_input("key", "invalid", ",".join(unknown))
    return json_answer(lender.options.i18n(call.lang, keys or None))


def terms_and_conditions(lender: Lender, call: Call) -> Response:
    """GET terms-and-conditions: an HTML fragment for the language and province."""
    province = call.query("province").upper()
    if province and province not in lender.options.labels("provinces", "en"):
        raise wrong_input("province", "invalid", province)
    fragment = terms_html(call.lang, province, lender.switchboard.now.terms_revision)
    return Response(fragment, content_type="text/html; charset=utf-8")


def decode_licence(lender: Lender, call: Call) -> Response:  # noqa: ARG001 - endpoints share one signature
    """POST customers/driverslicense: twelve application fields from the raw barcode text."""
    code = call.json_body().get("code")
    if code in (None, ""):
        raise wrong_input("code", "required")
    if not isinstance(code, str):
        raise wrong_input("code", "type", code)
    try:
        return json_answer(decode(code))
    except NotALicence:
        raise invalid_code() from None


def sign_in(lender: Lender, call: Call) -> Response:
    """POST merchants/login: the merchant's name and the older, smaller form values (deprecated)."""
    body = call.json_body()
    call.merchant.check_staff(body.get("merchant_username"), body.get("merchant_password"))
    return json_answer(
        {
            "merchant_name": call.merchant.merchant_name,
            "merchant_id": call.merchant.merchant_id,
            "form_values": _legacy_form_values(lender, call.lang),
        }
    )


def _legacy_form_values(lender: Lender, lang: str) -> Json:
    """Singular names, lists wrapped in `options`, no occupation and no housing (vendor doc 002)."""
    now = lender.options.i18n(lang)
    return {
        "salutation": {"options": now["salutations"]},
        "province": {"options": now["provinces"]},
        "security_qid": {"options": now["security_ids"]},
        "govid_type": {"options": now["govid_types"]},
        "govid_issued_by": now["govid_issued_bys"],
        "offer_types": [
            plan.as_login_offer(plan.plan_name if lang == "en" else now["plan_ids"].get(plan.plan_id, plan.plan_name))
            for plan in PLANS
        ],
    }
