"""The columns of the file, their headings in both languages, and what stands in them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from localflavor.ca.ca_provinces import PROVINCE_CHOICES

from merchants.models import Language, Role

STORE, PERSON = "store", "person"
BETWEEN_STORES = "|"
ALL_STORES = "*"


@dataclass(frozen=True)
class Column:
    """`headings` are what the file may say, English first; `of` are the kinds that have something in it."""

    name: str
    headings: tuple[str, ...]
    meaning: str | Promise
    of: tuple[str, ...] = (PERSON,)


COLUMNS = (
    Column("kind", ("kind", "genre"), _("“store” or “person” on every line"), (STORE, PERSON)),
    Column(
        "store",
        ("store", "magasin"),
        _("A store: its name. A person: where they work; several with | between, * for all"),
        (STORE, PERSON),
    ),
    Column("city", ("city", "ville"), _("Of a store"), (STORE,)),
    Column("province", ("province", "province"), _("Of a store: ON, QC … or its name"), (STORE,)),
    Column(
        "time_zone",
        ("time zone", "fuseau horaire"),
        _("Of a store: empty for the usual one of the province, else such as America/Winnipeg"),
        (STORE,),
    ),
    Column(
        "lender_location_id",
        ("location id", "numéro d’emplacement"),
        _("Of a store: as Flexiti gave it, or empty"),
        (STORE,),
    ),
    Column("first_name", ("first name", "prénom"), _("Of a person")),
    Column("last_name", ("last name", "nom"), _("Of a person")),
    Column("role", ("role", "rôle"), _("Of a person: associate, manager or administrator")),
    Column("email", ("e-mail", "courriel"), _("Of a person, or empty")),
    Column("language", ("language", "langue"), _("Of a person: en, fr, or empty")),
    Column("username", ("user name", "nom d’utilisateur"), _("Of a person: empty, and it is made from the name")),
)
REQUIRED = ("kind", "store")

KINDS = {"store": STORE, "magasin": STORE, "person": PERSON, "personne": PERSON}
ROLES: Mapping[str, Role] = {
    "associate": Role.ASSOCIATE,
    "conseiller": Role.ASSOCIATE,
    "conseillere": Role.ASSOCIATE,
    "manager": Role.MANAGER,
    "gerant": Role.MANAGER,
    "gerante": Role.MANAGER,
    "administrator": Role.ADMINISTRATOR,
    "administrateur": Role.ADMINISTRATOR,
    "administratrice": Role.ADMINISTRATOR,
}
LANGUAGES: Mapping[str, Language] = {
    "en": Language.ENGLISH,
    "english": Language.ENGLISH,
    "anglais": Language.ENGLISH,
    "fr": Language.FRENCH,
    "french": Language.FRENCH,
    "francais": Language.FRENCH,
}
_EXAMPLES = {
    "en": (
        {"kind": "store", "store": "Toronto – Queen Street", "city": "Toronto", "province": "ON"},
        {
            "kind": "person",
            "store": "Toronto – Queen Street",
            "first_name": "Amélie",
            "last_name": "Okafor",
            "role": "associate",
            "email": "amelie@example.com",
            "language": "en",
        },
    ),
    "fr": (
        {"kind": "magasin", "store": "Laval – Carrefour", "city": "Laval", "province": "QC"},
        {
            "kind": "personne",
            "store": "Laval – Carrefour",
            "first_name": "Amélie",
            "last_name": "Okafor",
            "role": "conseillère",
            "email": "amelie@example.com",
            "language": "fr",
        },
    ),
}


def folded(text: str) -> str:
    """The same for what a person takes for the same: capitals, accents, dashes, apostrophes and spaces aside."""
    plain = unicodedata.normalize("NFKD", re.sub("[‐‑‒–—]", "-", text.replace("’", "'")))
    return " ".join("".join(one for one in plain if not unicodedata.combining(one)).casefold().split())


def column_named(heading: str) -> Column | None:
    """The column that a heading stands for, in English or French; underscores count as spaces."""
    return _BY_HEADING.get(folded(heading.replace("_", " ")))


def provinces() -> dict[str, str]:
    """Codes by code and by name in both languages, folded."""
    found = {folded(code): code for code, _name in PROVINCE_CHOICES}
    for language in ("en", "fr"):
        with override(language):
            found |= {folded(str(name)): code for code, name in PROVINCE_CHOICES}
    return found


def template(language: str) -> bytes:
    """The file to begin with, as Excel in that language opens it by a double click."""
    french = language.startswith("fr")
    delimiter = ";" if french else ","
    lines = [[column.headings[french] for column in COLUMNS]]
    lines += [[row.get(column.name, "") for column in COLUMNS] for row in _EXAMPLES["fr" if french else "en"]]
    return "\r\n".join([*(delimiter.join(line) for line in lines), ""]).encode("utf-8-sig")


_BY_HEADING = {folded(it.replace("_", " ")): one for one in COLUMNS for it in (one.name, *one.headings)}
