"""Who asks, for which merchant, and what the customer says of themselves: never as arguments, which `ps` shows."""

import re
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

from applications.retention.persons_asked import Asked, Held, SeveralPeople, held_on
from applications.review.searching import SearchForm
from merchants.models import Membership, Merchant, Role, User
from vault.keys import CannotOpen

NAMES = ("last_name", "dob", "first_names", "phone_number", "email", "account_number")
_MOST = 100_000  # characters
_NAMED_AT_MOST = 10
_WHO = (
    "Say who the customer is, in lines of `name: value`, with at least one of these: last_name with dob, phone_number, "
    "email, account_number."
)


def add_who_asks(parser: ArgumentParser, *, by: str, file: str = "lines such as `last_name: Tremblay`") -> None:
    """The arguments of every command for a customer's wish. by: what that person does; file: what is in it."""
    parser.add_argument("--merchant", required=True, help="its name or its id")
    parser.add_argument("--by", required=True, help=f"user name of who {by}")
    parser.add_argument("--from", dest="file", help=f"a file with {file}")


def merchant_named(name_or_id: str) -> Merchant:
    """By its name or its id. Customers of one merchant are nobody's business at another."""
    for merchant in Merchant.objects.all():
        if str(merchant.pk) == name_or_id or merchant.name.casefold() == name_or_id.casefold():
            return merchant
    names = ", ".join(Merchant.objects.order_by("name").values_list("name", flat=True)[:_NAMED_AT_MOST])
    raise CommandError(f"There is no merchant {name_or_id}. Give the name or the id of one, such as: {names}.")


def person_named(username: str, merchant: Merchant) -> User:
    """An operator or a manager of this merchant: an administrator never reads a customer's answers (design.md §1)."""
    person = User.objects.filter(username=username, is_active=True).first()
    managers = Membership.objects.filter(merchant=merchant, role=Role.MANAGER)
    if person is None or not (person.is_superuser or managers.filter(user=person).exists()):
        raise CommandError(
            f"{username} is neither an operator nor a manager of {merchant}. Give --by the user name of one."
        )
    return person


def text_given(file: str | None, prompt: str) -> str:
    """A text from a file, or else from standard input."""
    if file:
        try:
            return Path(file).read_text(encoding="utf-8")[:_MOST].strip()
        except (OSError, UnicodeDecodeError) as problem:
            raise CommandError(f"{file} cannot be read as text (UTF-8).") from problem
    if sys.stdin.isatty():
        return _typed(prompt)
    try:
        return sys.stdin.read(_MOST).strip()
    except UnicodeDecodeError as problem:
        raise CommandError("What came on standard input cannot be read as text (UTF-8).") from problem


def customer_given(file: str | None) -> Asked:
    """What the customer says of themselves: asked for one by one at a terminal, else lines of `name: value`."""
    if not file and sys.stdin.isatty():
        given = {name: _typed(f"{name}: ") for name in NAMES}
    else:
        given = dict(_pair(number, line) for number, line in enumerate(text_given(file, "").splitlines(), 1) if line)
    form = SearchForm(given)
    if not form.is_valid():
        problems = [f"{name}: {text}" for name, texts in form.errors.items() if name in NAMES for text in texts]
        raise CommandError(" ".join(problems) or _WHO)
    cleaned = form.cleaned_data
    return Asked(
        last_name=cleaned["last_name"],
        dob=cleaned["dob"].isoformat() if cleaned["dob"] else "",
        first_names=tuple(one.strip() for one in given.get("first_names", "").split(",") if one.strip()),
        phone_number=cleaned["phone_number"],
        email=cleaned["email"],
        account_number=cleaned["account_number"],
    )


def held_or_told(merchant: Merchant, asked: Asked) -> list[Held]:
    """What is held on the customer; tells what else to ask for where several people are found."""
    try:
        return held_on(merchant, asked)
    except SeveralPeople as several:
        more = "first_names, in every spelling, separated by commas" if several.by_first_name else "last_name and dob"
        raise CommandError(f"This is true of {several.number} people. Add {more}.") from None
    except CannotOpen:
        raise CommandError(
            "Some answers cannot be opened, so nobody can say whose they are. Put the missing key back into VAULT_KEYS."
        ) from None


def _typed(prompt: str) -> str:
    """What somebody types at a terminal."""
    try:
        return input(prompt).strip()
    except (EOFError, KeyboardInterrupt) as end:
        raise CommandError("Nothing was done.") from end


def _pair(number: int, line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or name.strip() not in NAMES:
        known = ", ".join(NAMES)
        raise CommandError(f"Line {number} is not one of “name: value”, with one of these names: {known}.")
    return name.strip(), re.sub(r"\s+", " ", value).strip()
