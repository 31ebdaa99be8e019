"""A NUL in what an address or a form brings: PostgreSQL has no text with one, and says so by an error."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.test import Client

from merchants.access import TABLE, Reach, Who
from tests.access.addresses import Address, every_address
from tests.access.test_matrix import _Values, action_of
from tests.access.world import OWN, World, make_world
from tests.merchants.signed_in import sign_in_again

pytestmark = pytest.mark.postgres

# Beside every address that is read: what is searched for comes by POST, so that no address holds it.
SEARCHES = {"review_list_search"}
READ_BY_LISTS = set(
    "status store day_from amount_to before after whose period day words page phone_number dob reference_id".split()
)
# A view that takes the query as a whole does not say what it reads of it.
READ_OF_A_WHOLE = {"dashboard": {"period", "since", "until"}}
WIDEST_FIRST = (Who.OPERATOR, Who.MANAGER, Who.ADMINISTRATOR, Who.ASSOCIATE, Who.NEWCOMER, Who.ANYBODY)


class Names:
    """What views read of a query or a form, by its name: so no name can be forgotten here."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: set[str] = set()
        for method in ("get", "getlist", "__getitem__", "__contains__"):
            monkeypatch.setattr(QueryDict, method, self._noting(getattr(QueryDict, method)), raising=False)

    def _noting(self, original: Any) -> Any:
        def noting(query: QueryDict, name: str, *more: Any, **named: Any) -> Any:
            self.read.add(name)
            return original(query, name, *more, **named)

        return noting


def test_nul_in_what_is_read_is_no_error_of_ours(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    world, names = make_world(), Names(monkeypatch)
    seen, told = set(), []
    for address in _not_rows_of_the_admin():
        for method in ("get", "post") if address.name in SEARCHES else ("get",):
            for name, answer in _answers(address, method, world, names):
                seen.add(name)
                told += [f"{method} {address.route} {name}"] if answer.status_code >= 500 else []
    assert not told
    assert seen >= READ_BY_LISTS


def _not_rows_of_the_admin() -> Iterator[Address]:
    """There are many, behind one guard, and the admin's lists are behind it too."""
    return (one for one in every_address() if not (one.is_of_admin and one.arguments))


def _answers(address: Address, method: str, world: World, names: Names) -> Iterator[tuple[str, HttpResponse]]:
    """With nothing, and then with a NUL in each name that was read, until no other name is."""
    path, tried = address.path(_Values(address, world, OWN)), {""}
    names.read = set(READ_OF_A_WHOLE.get(address.name, ()))
    yield "", _ask(world, address, method, path, {})
    while left := names.read - tried:
        name = min(left)
        tried.add(name)
        yield name, _ask(world, address, method, path, {name: "a\0"})


def _ask(world: World, address: Address, method: str, path: str, given: dict[str, str]) -> HttpResponse:
    """As whoever may, and then everything is as it was before."""
    reaches = TABLE[action_of(address)]
    who = next(one for one in WIDEST_FIRST if reaches.get(one, Reach.NOTHING))
    with transaction.atomic():
        client, person = Client(raise_request_exception=False), world.people[who]
        if person is not None:
            client.force_login(person)
            sign_in_again(client)
        answer: Any = getattr(client, method)(path, given)
        transaction.set_rollback(True)
    return answer
