"""Recognising a person without reading anybody's answers: blind indexes over name, birth date, phone and e-mail."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from applications.answers import Answers, Values
from vault.digests import blind_indexes

# By the columns of Application; each under every index key, the one that is written first, empty where an answer that
# it needs is missing.
KeysToFind = Mapping[str, tuple[str, ...]]


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
    return PersonKeys(**_written(person_keys_to_find(answers.flat())))


def person_keys_to_find(flat: Values) -> KeysToFind:
    """What rows of this person may hold. `flat`: answers under their API names, or the body of an attempt."""
    dob = str(flat.get("dob") or "")
    return {
        "person_key": _keys("person", plain_name(flat.get("first_name")), plain_name(flat.get("last_name")), dob),
        "phone_person_key": _keys("phone_person", _digits(flat.get("phone_number")), dob),
        "email_person_key": _keys("email_person", str(flat.get("email") or "").strip().casefold(), dob),
    }


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
    return SearchKeys(**_written(search_keys_to_find(answers.flat())))


def search_keys_to_find(flat: Values) -> KeysToFind:
    """What rows of this applicant may hold. `flat` as in `person_keys_to_find`."""
    return {
        "phone_key": phone_keys(str(flat.get("phone_number") or "")),
        "email_key": email_keys(str(flat.get("email") or "")),
        "name_key": name_keys(str(flat.get("last_name") or ""), str(flat.get("dob") or "")),
    }


# By these two applications are told to be one person's.
KEYS_TO_RECOGNISE = tuple(field.name for field in fields(PersonKeys))
KEYS_OF_A_PERSON = (*KEYS_TO_RECOGNISE, *(field.name for field in fields(SearchKeys)))


def phone_keys(phone_number: str) -> tuple[str, ...]:
    """The blind indexes of a phone number, however it is written; a leading 1 does not count."""
    digits = _digits(phone_number)
    return _keys("phone", digits[1:] if len(digits) == 11 and digits.startswith("1") else digits)


def email_keys(email: str) -> tuple[str, ...]:
    """The blind indexes of an e-mail address."""
    return _keys("email", email.strip().casefold())


def name_keys(last_name: str, dob: str) -> tuple[str, ...]:
    """The blind indexes of a last name with a birth date, YYYY-MM-DD."""
    return _keys("name", plain_name(last_name), dob.strip())


def account_key(account_number: str) -> str:
    """The blind index of an account number, as it is written down; empty without one."""
    return next(iter(account_keys(account_number)), "")


def account_keys(account_number: str) -> tuple[str, ...]:
    """What may be written down of an account number, by every index key."""
    return _keys("account_number", account_number.strip().lstrip("0"))


def is_among(written: str, keys: tuple[str, ...]) -> bool:
    """Whether what a row holds is one of these; nothing is what a row holds where there are none."""
    return written in (keys or ("",))


def _written(keys: KeysToFind) -> dict[str, str]:
    return {column: next(iter(every), "") for column, every in keys.items()}


def _keys(field: str, *parts: str) -> tuple[str, ...]:
    return blind_indexes(field, "\0".join(parts)) if all(parts) else ()


def plain_name(value: object) -> str:
    """Accents, case, hyphens and double spaces do not make another person."""
    plain = unicodedata.normalize("NFKD", str(value or "")).casefold()
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return re.sub(r"[\W_]+", " ", letters).strip()


def _digits(value: object) -> str:
    return re.sub(r"\D", "", str(value or ""))
