"""A merchant with one of everything in a running portal, and sessions of everybody who works there.

Made in a process that has the portal's own settings and database: in this one, or by `manage.py shell`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

World = dict[str, Any]
_PERSONS = ("anybody", "associate", "manager", "administrator", "operator")
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


def made(sessions: int, base_url: str) -> World:
    """What the places of addresses are filled with, and so many sessions of each person; JSON can say all of it."""
    from tests.access.world import OWN, make_world
    from tests.factories import ApplicationFactory, ready_application

    world = make_world()
    own = world.places[OWN]
    associate = own.application.created_by
    _answers_at(own.credential, base_url)
    ready = ready_application(own.credential, store=own.store, user=associate)
    begun = ApplicationFactory(store=own.store, credential=own.credential, created_by=associate)
    tables = ("merchants_user", "audit_event", "auth_group", "merchants_merchant", "merchants_credential")
    return {
        "values": {name: str(value) for name, value in own.values().items()},
        "applications": [str(one.pk) for one in (own.application, ready, begun)],
        "rows": {table: str(own.row_of(table)) for table in (*tables, "applications_application")},
        "row": str(own.store.pk),
        "sessions": {
            who.value: [_session_of(person) for _ in range(sessions)] if person else []
            for who, person in world.people.items()
            if who.value in _PERSONS
        },
    }


def keeping_whole(world: World) -> Callable[[], None]:
    """What gives back what a request with a good token took away: sessions, and whoever was put out of use."""
    from django.contrib.sessions.models import Session

    from merchants.models import Merchant, Store, User

    keys = [key for keys in world["sessions"].values() for key in keys]
    sessions = list(Session.objects.filter(session_key__in=keys))

    def give_back() -> None:
        for kind in (Merchant, Store, User):
            kind.objects.filter(is_active=False).update(is_active=True)
        changed = ["session_data", "expire_date"]
        Session.objects.bulk_create(
            sessions, update_conflicts=True, unique_fields=["session_key"], update_fields=changed
        )

    return give_back


def path_of(address: Any, world: Mapping[str, Any], **changes: str) -> str:
    """The address of a row of this world; changes: other values for some of its places."""
    table = address.route.removeprefix("admin/").split("/<")[0].replace("/", "_")
    row = world["rows"].get(table, world["row"])
    return str(address.path({**world["values"], "object_id": row, **changes}))


def strange_path_of(address: Any, value: str) -> str:
    """The same with something in its places that names no row, or is no name at all."""
    return f"/admin/{value}/" if "(?P<" in address.route else "/" + _PLACE.sub(lambda _: value, address.route)


def _session_of(person: Any) -> str:
    from django.test import Client

    from tests.merchants.signed_in import sign_in_again

    client = Client()
    client.force_login(person)
    sign_in_again(client)
    return str(client.session.session_key)


def _answers_at(credential: Any, base_url: str) -> None:
    """The credential speaks to this lender, whose lists are known already."""
    from merchants.credentials.sessions import LenderAnswer, keep
    from posapi import FormValues
    from tests.applications.journey.specimens import i18n

    credential.base_url = base_url
    credential.save()
    answer = LenderAnswer()
    answer.form_values = {language: FormValues.from_json(i18n(), language) for language in ("en", "fr")}
    keep(credential, answer, by=None)
