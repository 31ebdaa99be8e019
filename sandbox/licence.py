"""Decode the PDF417 text of a Canadian driver's licence: AAMVA card design standard, control characters included.

The compliance mark `@`, LF, RS, CR comes first, then `ANSI`, the issuer number, versions, the directory of subfiles,
and the `DL` subfile of LF-separated elements closed by CR (contract §5).
"""

import re
from collections.abc import Mapping
from datetime import date

from sandbox.errors import Refusal, wrong_input

_HEADER = re.compile(
    r"@\n\x1e\r(?:ANSI|AAMVA)\s*"
    r"(?P<issuer>\d{6})(?P<version>\d{2})(?:\d{2})?(?P<entries>\d{2})\s*"
    r"(?P<directory>(?:[A-Z]{2}\d{8}\s*)+)",
    re.ASCII,
)
_DIRECTORY_ENTRY = re.compile(r"(?P<kind>[A-Z]{2})(?P<offset>\d{4})(?P<length>\d{4})", re.ASCII)
_ELEMENT = re.compile(r"(?P<id>[A-Z]{3})(?P<value>.*)", re.ASCII | re.DOTALL)

PROVINCE_OF_ISSUER: Mapping[str, str] = {
    "604432": "AB",
    "636028": "BC",
    "636048": "MB",
    "636017": "NB",
    "636016": "NL",
    "636013": "NS",
    "604434": "NT",
    "604433": "NU",
    "636012": "ON",
    "604426": "PE",
    "604428": "QC",
    "636044": "SK",
    "604429": "YT",
}
"""AAMVA issuer identification numbers of the provinces; used where the address element names no province."""

_EMPTY_VALUES = {"NONE", "UNAVL", "UNAVAIL"}


class NotALicence(ValueError):
    """The text is not a readable licence barcode."""


def decode(code: str) -> dict[str, str]:
    """The twelve answer members, all strings; what the barcode leaves empty is "".

    Raises NotALicence for a damaged header, a missing `DL` subfile, or one without surname and licence number.
    """
    issuer, elements = _read(code)
    surname, number = _value(elements, "DCS", "DAB"), _value(elements, "DAQ")
    if not surname or not number:
        raise NotALicence("no surname or no licence number")
    first_name, middle_name = _given_names(elements)
    country = _value(elements, "DCG")
    province = _value(elements, "DAJ") or PROVINCE_OF_ISSUER.get(issuer, "")
    return {
        "first_name": first_name,
        "middle_name": middle_name,
        "last_name": surname,
        "dob": _date(_value(elements, "DBB"), country),
        "address_1": _value(elements, "DAG", "DAL"),
        "city": _value(elements, "DAI"),
        "province": province,
        "postal_code": _postal_code(_value(elements, "DAK")),
        "govid_type": "CADL",
        "govid_issuedby": province,
        "govid_number": number,
        "govid_expiry": _date(_value(elements, "DBA"), country),
    }


def invalid_code() -> Refusal:
    """The answer to a barcode that cannot be read; no page shows it, so this is ours (contract §5)."""
    return wrong_input("code", "invalid")


def _read(code: str) -> tuple[str, dict[str, str]]:
    """Issuer number, and element id to value, of the `DL` subfile."""
    header = _HEADER.match(code)
    if not header:
        raise NotALicence("damaged header")
    entries = {m["kind"]: m for m in _DIRECTORY_ENTRY.finditer(header["directory"])}
    if "DL" not in entries:
        raise NotALicence("no DL subfile")
    elements = {}
    for line in _subfile(code, header.end(), int(entries["DL"]["offset"])).split("\n"):
        element = _ELEMENT.match(line)
        if element:
            elements[element["id"]] = element["value"].strip()
    return header["issuer"], elements


def _subfile(code: str, after_directory: int, offset: int) -> str:
    """The text of the `DL` subfile up to the closing CR, without its own `DL` mark.

    Real cards often state a wrong offset, and the vendor's own sample has spaces in its header: where the offset does
    not lead to the mark, the subfile is taken to follow the directory.
    """
    start = offset if code[offset : offset + 2] == "DL" and offset >= after_directory else after_directory
    body = code[start:].lstrip()
    body = body[2:] if body.startswith("DL") else body
    return body.split("\r", 1)[0]


def _given_names(elements: Mapping[str, str]) -> tuple[str, str]:
    """First and middle names: DAC and DAD, or both in DCT, separated by a comma or a space."""
    first, middle = _value(elements, "DAC"), _value(elements, "DAD")
    if first:
        return first, middle
    together = [part.strip() for part in re.split(r"[,\s]+", _value(elements, "DCT"), maxsplit=1)]
    return together[0], (together[1] if len(together) > 1 else middle)


def _value(elements: Mapping[str, str], *ids: str) -> str:
    """The first of these elements that holds something."""
    values = (elements.get(name, "") for name in ids)
    return next((value for value in values if value and value.upper() not in _EMPTY_VALUES), "")


def _date(digits: str, country: str) -> str:
    """YYYY-MM-DD from YYYYMMDD (Canada) or MMDDYYYY (United States); "" where there is no such day."""
    orders = [(digits[:4], digits[4:6], digits[6:]), (digits[4:], digits[:2], digits[2:4])]
    if country == "USA":
        orders.reverse()
    for year, month, day in orders:
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue
    return ""


def _postal_code(value: str) -> str:
    """`M5J 2H7`: upper case with its space, as the vendor's sample answer prints it."""
    joined = value.replace(" ", "").upper()
    return f"{joined[:3]} {joined[3:]}" if len(joined) == 6 else joined
