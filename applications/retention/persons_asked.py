"""Finding what the portal holds on one customer, by what they say of themselves, and on nobody else."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q

from applications.answers import Answers, Values
from applications.models import Application, SubmissionAttempt
from applications.persons import account_keys, email_keys, name_keys, phone_keys, plain_name, search_keys_to_find
from applications.statuses import AT_THE_COUNTER
from merchants.models import Merchant

# A last name with a birth date, as a blind index, and a first name.
Identity = tuple[str, str]


class SeveralPeople(Exception):
    """What was said is true of several people: families share a phone, an address, and twins a birth date."""

    def __init__(self, number: int, *, by_first_name: bool) -> None:
        super().__init__(number)
        self.number, self.by_first_name = number, by_first_name


@dataclass(frozen=True)
class Asked:
    """What a customer says of themselves, as `SearchForm` reads it. `dob` is YYYY-MM-DD.

    `first_names` are spellings of one first name; they are only needed to tell people apart.
    """

    last_name: str = ""
    dob: str = ""
    first_names: tuple[str, ...] = ()
    phone_number: str = ""
    email: str = ""
    account_number: str = ""

    @property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """What the row of an application may hold one of."""
        keys = {
            "name_key": name_keys(self.last_name, self.dob),
            "phone_key": phone_keys(self.phone_number),
            "email_key": email_keys(self.email),
            "account_key": account_keys(self.account_number),
        }
        return {column: every for column, every in keys.items() if every}


@dataclass(frozen=True)
class Held:
    """One application of the customer. A draft may be about somebody else by now than what was sent of it."""

    application: Application
    identities: frozenset[Identity]

    @property
    def answers_are_theirs(self) -> bool:
        return identity_of(answered(self.application)) in self.identities

    @property
    def sends(self) -> list[SubmissionAttempt]:
        """Those that were about this customer, and those of which nothing is left to tell."""
        sends = self.application.attempts.select_related("submitted_by").order_by("number")
        return [one for one in sends if not one.snapshot or identity_of(one.snapshot) in self.identities]


def held_on(merchant: Merchant, asked: Asked) -> list[Held]:
    """Everything that this merchant's applications hold on the customer, the oldest first. Raises SeveralPeople.

    With name and birth date, what merely shares a phone or an e-mail is somebody else's; an account is its owner's
    under whatever name.
    """
    found = {application: set(_identities(application)) for application in _found(merchant, asked)}
    everybody = set().union(*found.values())
    theirs = _narrowed(found, everybody, asked)
    people = {name for name, _first in theirs}
    if not asked.columns.get("name_key") and len(people) > 1:
        raise SeveralPeople(len(people), by_first_name=False)
    if asked.first_names:
        said = {plain_name(one) for one in asked.first_names}
        theirs = {one for one in theirs if one[1] in said}
    elif len(first_names := {first for _name, first in theirs}) > 1:
        raise SeveralPeople(len(first_names), by_first_name=True)
    held = [Held(one, frozenset(theirs)) for one, identities in found.items() if identities & theirs]
    return sorted(held, key=lambda one: one.application.created_at)


def identity_of(body: Values) -> Identity:
    """By whose name and birth date these answers are; empty where they do not say."""
    keys = name_keys(str(body.get("last_name") or ""), str(body.get("dob") or ""))
    return next(iter(keys), ""), plain_name(body.get("first_name"))


def answered(application: Application) -> Values:
    """The answers, overlaid by what was typed and is not valid yet."""
    answers = Answers.from_json(application.answers)
    return {**answers.flat(), **{name: value for typed in answers.typed.values() for name, value in typed.items()}}


def _narrowed(found: Mapping[Application, set[Identity]], everybody: set[Identity], asked: Asked) -> set[Identity]:
    """Those of the people found who may be the one that asks."""
    names = asked.columns.get("name_key")
    if not names:
        return everybody
    accounts = asked.columns.get("account_key", ())
    by_account = [identities for one, identities in found.items() if one.account_key in accounts]
    return {one for one in everybody if one[0] == names[0]}.union(*by_account)


def _found(merchant: Merchant, asked: Asked) -> Iterator[Application]:
    """By their blind indexes. Drafts have none before they are sealed, or older ones; those of an application that was
    sent more than once are of the last send alone, which may be about somebody else: both are opened."""
    rows = Application.objects.filter(merchant=merchant).select_related("merchant", "store", "credential", "created_by")
    sent_again = SubmissionAttempt.objects.filter(number__gt=1).values("application")
    to_open = Q(status__in=sorted(AT_THE_COUNTER)) | Q(pk__in=sent_again)
    any_of = Q(pk=None)
    for column, every in asked.columns.items():
        any_of |= Q(**{f"{column}__in": every})
    by_index = list(rows.filter(any_of).prefetch_related("attempts"))
    yield from by_index
    found = {one.pk for one in by_index}
    for one in rows.filter(to_open).prefetch_related("attempts").iterator(chunk_size=200):
        if one.pk not in found and any(_is_of(body, asked) for body in _bodies(one)):
            yield one


def _is_of(body: Values, asked: Asked) -> bool:
    keys = search_keys_to_find(body)
    return any(set(every) & set(keys.get(column, ())) for column, every in asked.columns.items())


def _identities(application: Application) -> Iterable[Identity]:
    return [identity for identity in map(identity_of, _bodies(application)) if any(identity)]


def _bodies(application: Application) -> list[Values]:
    """The answers now, and what was sent."""
    return [answered(application), *(one.snapshot or {} for one in application.attempts.all())]
