"""Reading a driver's licence from what a keyboard-wedge scanner typed into a text box.

What a browser does to the text, measured in Chromium: a text box keeps every control character it is given (RS, GS,
FS, even NUL) but turns CR, LF and CR LF alike into one line break, and a form sends each of those as CR LF. A scanner
that presses keys instead of pasting loses RS, which no key types. So the separators are put back by the standard that
defines them (AAMVA DL/ID Card Design Standard, annex D: header `@` LF RS CR, elements ended by LF, subfiles by CR)
before the text goes to the lender, which wants it unharmed (contract §5). The text is never stored and never logged.
"""

import re

from applications.answers import Answers, Values
from applications.models import Application
from merchants.credentials.sessions import client_for
from posapi import Licence

# PDF417 holds at most 1,850 characters of text; anything much longer is not a licence.
LONGEST = 4000

_HEADER = "@\n\x1e\r"
_START = re.compile(r"\s*@\s*|\s*(?=ANSI|AAMVA)")
_SUBFILES = re.compile(r"@\n\x1e\r(?:ANSI|AAMVA)\s*\d+\s*((?:[A-Z]{2}\d{8})+)")
_TYPE = re.compile(r"([A-Z]{2})\d{8}")

_ON_IDENTITY = (
    "first_name",
    "middle_name",
    "last_name",
    "dob",
    "govid_type",
    "govid_issuedby",
    "govid_number",
    "govid_expiry",
)
_ON_CONTACT = ("address_1", "city", "postal_code")


class NotALicence(Exception):
    """Nothing was scanned, or something too long to be a licence."""


def restored(typed: str) -> str:
    """The barcode as it was before keyboard, text box and form changed its separators."""
    text = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip("\n ")
    text = _START.sub(lambda _found: _HEADER, text, count=1) if _START.match(text) else text
    for further in _further_subfiles(text):
        text = text.replace(f"\n{further}", f"\r{further}", 1)
    return f"{text}\r"


def _further_subfiles(text: str) -> list[str]:
    """The types of the subfiles after the first, which each begin behind a CR."""
    listed = _SUBFILES.match(text)
    return _TYPE.findall(listed[1])[1:] if listed else []


def read_licence(application: Application, typed: str) -> Licence:
    """The licence behind a scan. Raises NotALicence, or what `posapi` raises when the lender cannot read it."""
    if not typed.strip() or len(typed) > LONGEST:
        raise NotALicence
    with client_for(application.credential) as client:
        return client.flow(application.reference_id).decode_licence(restored(typed))


def by_step(licence: Licence) -> dict[str, Values]:
    """What came back, where it is asked, as if somebody had typed it. What did not come back stays as it was."""
    found = {
        "identity": {name: getattr(licence, name) for name in _ON_IDENTITY},
        "contact": {name: getattr(licence, name) for name in _ON_CONTACT},
    }
    found["contact"]["postal_code"] = re.sub(r"[\s-]", "", licence.postal_code).upper()
    return {step: {name: value for name, value in values.items() if value} for step, values in found.items()}


def is_from_elsewhere(licence: Licence, application: Application) -> bool:
    """Whether the licence gives an address in another province than the one chosen at the start."""
    chosen = Answers.from_json(application.answers).province
    return bool(licence.province) and licence.province != chosen
