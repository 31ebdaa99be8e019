"""Every address of the project × method × person × whose thing it is: nobody gets an answer that is not theirs.

The expectation comes from the table of merchants/access.py. A new address whose view names no action fails here, and so
does one with an argument for which world.py has nothing.
"""

import uuid
from collections.abc import Iterator
from copy import copy
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from merchants.access import TABLE, Action, Reach, Who
from tests.access.addresses import Address, every_address
from tests.access.world import FOREIGN, OWN, SIBLING, WITHIN, World, make_world
from tests.merchants.signed_in import sign_in_again

ADDRESSES = every_address()
PERSONS = list(Who)
# Reading and writing are tried with everybody's things, the rest with one's own; so is the admin, where it makes no
# difference whose a thing is.
METHODS = {"GET": (OWN, SIBLING, FOREIGN), "POST": (OWN, SIBLING, FOREIGN)}
METHODS |= dict.fromkeys(("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"), (OWN,))
REFUSED = {403, 404, 405}


@pytest.fixture
def world(db: None) -> World:
    """Everybody has signed in a moment ago, or pages that ask for it would hide what they answer then."""
    world = make_world()
    for who, person in world.people.items():
        client = Client()
        if person is not None:
            client.force_login(person)
            sign_in_again(client)
        world.cookies[who] = client.cookies
    return world


def test_every_view_names_an_action_of_the_table() -> None:
    nameless = [
        one.route for one in ADDRESSES if not one.is_of_admin and getattr(one.view, "action", None) not in TABLE
    ]
    assert not nameless, "These views name no action (merchants/access.py), so nobody may open them."


def test_every_action_of_the_table_is_of_some_view() -> None:
    used = {action_of(one) for one in ADDRESSES}
    assert set(Action) <= used


@pytest.mark.parametrize("corner", sorted({one.corner for one in ADDRESSES}))
def test_nobody_gets_an_answer_that_is_not_theirs(corner: str, world: World) -> None:
    wrong = [
        f"{method} {address.route} as {who} on {whose}: {answer.status_code} {answer.headers.get('Location', '')}"
        for address in ADDRESSES
        if address.corner == corner
        for method, who, whose, answer in _answers(address, world)
        if not _is_right(address, who, whose, answer)
    ]
    assert not wrong


def _answers(address: Address, world: World) -> Iterator[tuple[str, Who, str, HttpResponse]]:
    for method, places in METHODS.items():
        for whose in places if address.concerns_somebody and not address.is_of_admin else (OWN,):
            path = address.path(_Values(address, world, whose))
            for who in PERSONS:
                yield method, who, whose, _ask(world, who, method, path)


class _Values(dict[str, Any]):
    """The arguments of a place; the Django admin calls the key of any row `object_id`."""

    def __init__(self, address: Address, world: World, whose: str) -> None:
        place = world.places[whose]
        table = address.route.removeprefix("admin/").split("/<")[0].replace("/", "_")
        super().__init__(place.values(), object_id=place.row_of(table))


def _ask(world: World, who: Who, method: str, path: str) -> HttpResponse:
    """The answer, and then everything is as it was before."""
    with transaction.atomic():
        client = Client(raise_request_exception=False)
        client.cookies = copy(world.cookies[who])
        answer: Any = client.generic(method, path)
        transaction.set_rollback(True)
    return answer


def action_of(address: Address) -> Action:
    return Action.DJANGO_ADMIN if address.is_of_admin else address.view.action


def _is_right(address: Address, who: Who, whose: str, answer: HttpResponse) -> bool:
    reach = TABLE[action_of(address)].get(who, Reach.NOTHING)
    may = bool(reach) and (not address.concerns_somebody or whose in WITHIN[reach.name])
    if may:
        return answer.status_code < 500
    return answer.status_code in REFUSED or _leads_away(answer, address)


def _leads_away(answer: HttpResponse, address: Address) -> bool:
    """To the sign-in; the admin also leads away from a row that is not there, or from a row's short address."""
    location = answer.headers.get("Location", "")
    if answer.status_code != 302:
        return False
    of_admin = location == "/admin/" or location.endswith(("/change/", "/credential/"))
    return location.startswith(("/sign-in/", "/admin/login/")) or (address.is_of_admin and of_admin)


def test_unknown_ids_are_not_told_from_those_of_others(world: World) -> None:
    """What does not exist and what is somebody else's get the same answer, so that asking tells nothing."""
    told = []
    for address in ADDRESSES:
        keys = [name for name in address.arguments if name.endswith("_id") and not address.is_of_admin]
        if not keys:
            continue
        foreign = _Values(address, world, FOREIGN)
        unknown = {**foreign, **{name: uuid.uuid4() for name in keys if isinstance(foreign[name], uuid.UUID)}}
        for who in (Who.ASSOCIATE, Who.MANAGER, Who.ADMINISTRATOR):
            answers = [_ask(world, who, "GET", address.path(values)).status_code for values in (foreign, unknown)]
            if answers[0] != answers[1]:
                told.append(f"{address.route} as {who}: {answers}")
    assert not told
