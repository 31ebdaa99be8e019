"""Recognising a person without reading anybody's answers: blind indexes over name, birth date, phone and e-mail."""

import re
import unicodedata
from dataclasses import asdict, dataclass, fields

from applications.answers import Answers
from vault.digests import blind_index


@dataclass(frozen=True)
class PersonKeys:
    """Equal keys mean the same person; a key is empty where an answer it needs is missing.

    A phone or an e-mail is shared by families, so it counts only together with the birth date.
    """

    person_key: str
    phone_person_key: str
    email_person_key: str

    def as_columns(self) -> dict[str, str]:
        """By the names of Application's columns."""
        return asdict(self)


def person_keys(answers: Answers) -> PersonKeys:
    """The keys of the applicant."""
    flat = answers.flat()
    dob = str(flat.get("dob") or "")
    return PersonKeys(
        person_key=_key("person", _name(flat.get("first_name")), _name(flat.get("last_name")), dob),
        phone_person_key=_key("phone_person", _digits(flat.get("phone_number")), dob),
        email_person_key=_key("email_person", str(flat.get("email") or "").strip().casefold(), dob),
    )


@dataclass(frozen=True)
class SearchKeys:
    """By what a manager finds an application again; a key is empty where an answer it needs is missing."""

    phone_key: str
    email_key: str
    name_key: str

    def as_columns(self) -> dict[str, str]:
        """By the names of Application's columns."""
        return asdict(self)


def search_keys(answers: Answers) -> SearchKeys:
    """The keys of the applicant."""
    flat = answers.flat()
    return SearchKeys(
        phone_key=phone_key(str(flat.get("phone_number") or "")),
        email_key=email_key(str(flat.get("email") or "")),
        name_key=name_key(str(flat.get("last_name") or ""), str(flat.get("dob") or "")),
    )


KEYS_OF_A_PERSON = tuple(field.name for kind in (PersonKeys, SearchKeys) for field in fields(kind))


def phone_key(phone_number: str) -> str:
    """The blind index of a phone number, however it is written; a leading 1 does not count."""
    digits = _digits(phone_number)
    return _key("phone", digits[1:] if len(digits) == 11 and digits.startswith("1") else digits)


def email_key(email: str) -> str:
    """The blind index of an e-mail address."""
    return _key("email", email.strip().casefold())


def name_key(last_name: str, dob: str) -> str:
    """The blind index of a last name with a birth date, YYYY-MM-DD."""
    return _key("name", _name(last_name), dob.strip())


def account_key(account_number: str) -> str:
    """The blind index of an account number."""
    return _key("account_number", account_number.strip().lstrip("0"))


def _key(field: str, *parts: str) -> str:
    return blind_index(field, "\0".join(parts)) if all(parts) else ""


def _name(value: object) -> str:
    """Accents, case, hyphens and double spaces do not make another person."""
    plain = unicodedata.normalize("NFKD", str(value or "")).casefold()
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return re.sub(r"[\W_]+", " ", letters).strip()


def _digits(value: object) -> str:
    return re.sub(r"\D", "", str(value or ""))
