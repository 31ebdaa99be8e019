"""Whoever looks at applications that are not theirs: managers through masks, strangers, administrators, nobody."""

import time
from dataclasses import dataclass, field

import requests
from django.db import connection, connections

from applications.models import Application
from applications.statuses import IN_FLIGHT
from chaos.forms import form_with, forms_of
from chaos.stack import Stack
from chaos.till import Page
from evidence.canary_people import canary
from evidence.canary_places import sessions
from evidence.canary_walk import ListeningTill, Walk

_OF_EACH_AT_MOST = 60
_BROKEN = 3
_AT_THE_COUNTER = ("", "identity/", "contact/", "income/", "check/", "status/", "terms/")
_IN_REVIEW = ("", "reveal/phone_number/", "reveal/last_name/")
_LISTS = ("/review/", "/review/worklists/pending/", "/review/worklists/unknown/", "/review/dashboard/", "/day/")


@dataclass
class Looked:
    """What they were shown, for the search. `let_in`: pages that somebody else's application was on."""

    masked_pages: list[bytes] = field(default_factory=list)
    exports: list[bytes] = field(default_factory=list)
    pages_for_others: list[bytes] = field(default_factory=list)
    pages_about_broken_rows: list[bytes] = field(default_factory=list)
    metrics: list[bytes] = field(default_factory=list)
    sessions: list[bytes] = field(default_factory=list)
    let_in: int = 0


def until_settled(seconds: float = 90.0) -> None:
    """Return once nothing is under way, or after this time."""
    connections.close_all()  # the database was killed meanwhile
    until = time.monotonic() + seconds
    while Application.objects.filter(status__in=IN_FLIGHT).exists() and time.monotonic() < until:
        time.sleep(0.5)


def look_around(stack: Stack, walk: Walk) -> Looked:
    """Everybody looks at everything once."""
    looked, places = Looked(), [address for address in walk.sent if address][:_OF_EACH_AT_MOST]
    ids = [place.rstrip("/").rpartition("/")[2] for place in places]
    manager = _signed_in(stack, walk, "manager")
    _manage(manager, ids, looked)
    for person in ("stranger", "admin", ""):
        _intrude(_signed_in(stack, walk, person), places, ids, looked)
    _look_at_broken_rows(_signed_in(stack, walk, "associate"), manager, ids[-_BROKEN:], looked)
    for path in ("/metrics", "/healthz", "/readyz"):
        answer = requests.get(stack.url + path, headers={"Authorization": "Bearer canaries"}, timeout=30)
        looked.metrics.append(answer.content)
    looked.sessions = list(sessions())
    return looked


def _signed_in(stack: Stack, walk: Walk, username: str) -> ListeningTill:
    till = ListeningTill(stack.url, (username,), walk.chance, walk.overheard)
    if username:
        till.sign_in(till.get("/sign-in/"))
    return till


def _manage(manager: ListeningTill, ids: list[str], looked: Looked) -> None:
    pages = [manager.get(path) for path in (*_LISTS, *(f"/review/applications/{one}/" for one in ids))]
    looked.masked_pages += [page.html.encode() for page in pages]
    for number, one in enumerate(ids[:10]):
        flat = canary(number).flat
        _send(manager, "/review/search/", last_name=flat["last_name"], dob=flat["dob"])
        _send(manager, "/review/search/", phone_number=flat["last_name"], email=flat["sin"], reference_id=flat["piw"])
        _send(manager, f"/review/applications/{one}/reveal/phone_number/", reason=f"{flat['last_name']} has called")
        _send(manager, f"/review/applications/{one}/follow-up/note/", text=f"{flat['last_name']}, {flat['sin']}")
    item = _send(manager, "/review/exports/new/", language="en", contents="masked")
    looked.exports += [_send(manager, item.path, action="/file/").html.encode()]


def _intrude(till: ListeningTill, places: list[str], ids: list[str], looked: Looked) -> None:
    wanted = [f"{place}{page}" for place in places for page in _AT_THE_COUNTER]
    wanted += [f"/review/applications/{one}/{page}" for one in ids for page in _IN_REVIEW]
    for path in wanted:
        page = till.get(path)
        looked.pages_for_others.append(page.html.encode())
        looked.let_in += page.status == requests.codes.ok and page.path == path
    name = canary(0).flat["last_name"]
    by_hand = requests.get(f"{till.url}/review/?last_name={name}", allow_redirects=False, timeout=30)
    without_token = requests.post(f"{till.url}{places[0]}identity/", canary(0).typed["identity"], timeout=30)
    looked.pages_for_others += [by_hand.content, without_token.content]


def _look_at_broken_rows(associate: ListeningTill, manager: ListeningTill, ids: list[str], looked: Looked) -> None:
    """Rows that no key opens any more: what is shown and logged of them."""
    with connection.cursor() as cursor:
        for one in ids:
            cursor.execute("UPDATE applications_application SET answers = 'v1.k9.' || answers WHERE id = %s", [one])
    for one in ids:
        for path in (f"/applications/{one}/", f"/applications/{one}/check/", f"/review/applications/{one}/"):
            for till in (associate, manager):
                looked.pages_about_broken_rows.append(till.get(path).html.encode())


def _send(till: ListeningTill, path: str, *, action: str = "", **typed: str) -> Page:
    """Fill in the form of this page that has these boxes, or that goes to `action`, and send it."""
    page = till.get(path)
    form = next((one for one in forms_of(page.html) if action and one.action.endswith(action)), None)
    form = form or form_with(page.html, *typed)
    return till.post((form.action if form else "") or page.path, form.filled_in(typed)) if form else page
