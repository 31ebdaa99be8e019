"""Whoever looks at applications that are not theirs: managers through masks, strangers, administrators, nobody."""

import re
import time
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin

import requests
from django.db import connection, connections

from applications.models import Application
from applications.statuses import IN_FLIGHT
from chaos.forms import form_with, forms_of
from chaos.stack import PASSWORD, Stack
from chaos.till import Page
from evidence.canary_people import canary, without_messages, without_open
from evidence.canary_places import sessions
from evidence.canary_walk import ListeningTill, Walk
from merchants.models import User

_OF_EACH_AT_MOST = 20
_BROKEN = 3
_PAGES_AT_MOST = 100
_HREF = re.compile(r'href="([^"]+)"')
OPERATOR = "operator"
_AT_THE_COUNTER = ("", "identity/", "contact/", "income/", "check/", "status/", "terms/")
_IN_REVIEW = ("", "reveal/phone_number/", "reveal/last_name/")
_LISTS = ("/review/", "/review/worklists/pending/", "/review/worklists/unknown/", "/review/dashboard/", "/day/")


@dataclass
class Looked:
    """What they were shown, for the search. `let_in`: pages that somebody else's application was on."""

    masked_pages: list[bytes] = field(default_factory=list)
    exports: list[bytes] = field(default_factory=list)
    pages_for_others: list[bytes] = field(default_factory=list)
    administration: list[bytes] = field(default_factory=list)
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
    looked, places = Looked(), dict(list(walk.sent.items())[:_OF_EACH_AT_MOST])
    of = {number: place.rstrip("/").rpartition("/")[2] for number, place in places.items()}
    ids = list(of.values())
    manager = _signed_in(stack, walk, "manager")
    _manage(manager, of, looked)
    for person in ("stranger", "admin", ""):
        _intrude(_signed_in(stack, walk, person), list(places.values()), ids, looked)
    User.objects.create_superuser(OPERATOR, password=PASSWORD)
    for person in ("admin", OPERATOR):
        looked.administration += administration(_signed_in(stack, walk, person))
    for path in ("/metrics", "/healthz", "/readyz"):
        answer = requests.get(stack.url + path, headers={"Authorization": "Bearer canaries"}, timeout=30)
        looked.metrics.append(answer.content)
    looked.sessions = list(sessions())
    return looked


def administration(till: ListeningTill) -> list[bytes]:
    """Every page of Django's administration that is reached from its first one, and their forms."""
    pages: dict[str, bytes] = {}
    ahead = ["/admin/"]
    while ahead and len(pages) < _PAGES_AT_MOST:
        path = ahead.pop(0)
        if path in pages or not path.startswith("/admin/") or "logout" in path:
            continue
        page = till.get(path)
        pages[path] = page.html.encode()
        ahead += [urljoin(page.path, unescape(found)).partition("#")[0] for found in _HREF.findall(page.html)]
    return list(pages.values())


def _signed_in(stack: Stack, walk: Walk, username: str) -> ListeningTill:
    till = ListeningTill(stack.url, (username,), walk.chance, walk.overheard)
    if username:
        till.sign_in(till.get("/sign-in/"))
    return till


def _manage(manager: ListeningTill, of: dict[int, str], looked: Looked) -> None:
    looked.masked_pages += [manager.get(path).html.encode() for path in _LISTS]
    for number, one in of.items():
        head, _, body = manager.get(f"/review/applications/{one}/").html.partition("<body")
        # Whoever opens an application reads the name in full, and the city.
        looked.masked_pages += [head.encode(), without_open(body, canary(number), "first_name", "last_name", "city")]
    for number, one in list(of.items())[:10]:
        flat = canary(number).flat
        _send(manager, "/review/search/", last_name=flat["last_name"], dob=flat["dob"])
        _send(manager, "/review/search/", phone_number=flat["last_name"], email=flat["sin"], reference_id=flat["piw"])
        _send(manager, f"/review/applications/{one}/reveal/phone_number/", reason=f"{flat['last_name']} has called")
        said = f"{flat['last_name']}, {flat['sin']}"
        _send(manager, f"/review/applications/{one}/", action="/note/", text=said)
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


def look_at_broken_rows(stack: Stack, walk: Walk) -> list[bytes]:
    """Rows that no key opens any more: what is shown and logged of them."""
    ids = [place.rstrip("/").rpartition("/")[2] for place in list(walk.sent.values())[-_BROKEN:]]
    tills = [_signed_in(stack, walk, person) for person in ("associate", "manager")]
    pages = []
    with connection.cursor() as cursor:
        for one in ids:
            cursor.execute("UPDATE applications_application SET answers = 'v1.k9.' || answers WHERE id = %s", [one])
    for one in ids:
        for path in (f"/applications/{one}/", f"/applications/{one}/check/", f"/review/applications/{one}/"):
            pages += [without_messages(till.get(path).html).encode() for till in tills]
    return pages


def _send(till: ListeningTill, path: str, *, action: str = "", **typed: str) -> Page:
    """Fill in the form of this page that has these boxes, or that goes to `action`, and send it."""
    page = till.get(path)
    form = next((one for one in forms_of(page.html) if action and one.action.endswith(action)), None)
    form = form or form_with(page.html, *typed)
    return till.post((form.action if form else "") or page.path, form.filled_in(typed)) if form else page
