"""User names made from the names of people."""

import re
import unicodedata
from collections.abc import Container
from itertools import count

from merchants.models import User

_LONGEST = 40


def made_from(first_name: str, last_name: str, *, taken: Container[str] = ()) -> str:
    """`amelie.okafor`, with a number behind it where that is taken; `taken` are further names in lower case."""
    plain = ".".join(filter(None, (_plain(first_name), _plain(last_name))))[:_LONGEST] or "person"
    for number in count(1):
        name = plain if number == 1 else f"{plain}{number}"
        if name not in taken and not is_taken(name):
            return name
    raise AssertionError("There is always another number.")


def is_taken(username: str) -> bool:
    """Whether somebody has this user name, whatever its capitals."""
    return User.objects.filter(username__iexact=username).exists()


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae")).lower()
    return re.sub(r"[^a-z0-9]+", "-", letters.encode("ascii", "ignore").decode().replace("'", "")).strip("-")
