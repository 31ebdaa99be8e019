"""Canary applicants through every path, and a search for their values in everything that the portal keeps and sends.

python -m evidence.canaries --size 20

Applicants with answers like nobody else's are taken over HTTP from the first page to the click, by people who type
values into wrong fields first, while the lender fails, workers are killed, the broker is emptied and the database dies.
Managers search, list, open and export them; others try to; commands are run about them; one goes through a real
browser; code and database break with their answers in hand. Then everything that is kept, written and sent is searched.
"""

import json
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chaos.measure import Measure, Run, main
from chaos.mischief import Mischief
from chaos.results import Figure, at_least, must_be, told
from chaos.stack import Shape, Stack, portal_in_this_process, running
from evidence.canary_people import NOT_KNOWN, SALUTATION, canary, values_of, without_own
from evidence.canary_places import Monitor, backup_of, bundles_in, dump_of, files_in, keys_of, lines_of, logs_of
from evidence.canary_walk import Walk
from evidence.searching import STEM, Search
from local_services import portal

if TYPE_CHECKING:  # they need Django or a browser, which are there later
    from evidence.canary_browser import Browsed
    from evidence.canary_onlookers import Looked

_SETTINGS = "evidence.canary_settings"
# With a trace of every thread where a process dies, and e-mails to those who are told of something.
_TALKATIVE = {
    "LOG_LEVEL": "DEBUG",
    "METRICS_TOKEN": "canaries",
    "PYTHONFAULTHANDLER": "1",
    "EMAIL_URL": "consolemail://",
    "AUDIT_WITNESSES": "email:evidence@portal.example",
}
_NO_LIMITS = {"RATE_LIMIT_SIGN_IN": "1000000/m/ip", "RATE_LIMIT_SIGN_IN_FAILED": "1000000/m/ip,1000000/m/key"}
_SECRETS = ("SECRET_KEY", "VAULT_KEYS", "VAULT_INDEX_KEY", "AUDIT_SIGNING_KEY")
# Every so many calls of an endpoint meet the next of them.
_FAULTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("apply", "reset_after", {"processed": True}),
    ("apply", "truncated_json", {"processed": True}),
    ("search", "bad_gateway_html", {}),
    ("apply", "wrong_inputs", {"field_errors": [{"param": "last_name", "msg": f"{STEM} invalid"}]}),
    ("apply", "application_declined", {"message": f"<p>{SALUTATION}</p>"}),
    ("apply", "unknown_code", {"message": NOT_KNOWN}),
    ("search", "truncated_json", {}),
    ("apply", "internal_error", {}),
    ("terms", "gateway_timeout_504", {}),
    ("token", "expired_token", {}),
)
_EVERY = 4
_FEW = 200  # applicants, through whom not everything can happen
_WORKERS = ("delivering-1", "delivering-2")
_ASKED = 6  # of them about whom commands are run
# Each searched for what it has to hold, lest nothing was there to search.
_TRACES = {"tracebacks in the logs": b"(its message is withheld)", "traces of dying workers": b"Fatal Python error"}


def run(given: Run) -> Iterable[Figure]:
    """`given.size` applicants."""
    shape = Shape(
        delivering=len(_WORKERS), settings=_SETTINGS, postgresql={"max_connections": "200", "log_statement": "ddl"}
    )
    temporary = given.folder / "temporary"
    temporary.mkdir()
    with running(given.folder, shape, TMPDIR=str(temporary), **_TALKATIVE, **_NO_LIMITS) as stack:
        stack.lender.latency(apply=[0, 0.2])
        portal_in_this_process(stack)
        monitor = Monitor(stack, given.folder / "commands")
        walk = _walked(given, stack)
        yield from _figures(given, stack, walk, monitor)


def _walked(given: Run, stack: Stack) -> Walk:
    walk = Walk(stack.url, given.size, given.random)
    for endpoint, fault, more in _FAULTS * max(1, given.size // (len(_FAULTS) * _EVERY)):
        stack.lender.fail(endpoint, fault, skip=_EVERY - 1, **more)
    mischief = Mischief(stack, given.random, _WORKERS, brisk=given.size < _FEW)
    walking = threading.Thread(target=walk.go)
    given.say(f"{given.size} applicants")
    walking.start()
    mischief.go_on_until(lambda: not walking.is_alive(), lambda: walk.done / given.size)
    walking.join()
    given.notes.append(f"Meanwhile: {', '.join(f'{name} {count}' for name, count in sorted(mischief.done.items()))}.")
    return walk


@dataclass(frozen=True)
class Seen:
    """What came of the applicants besides their own pages. `asked`: the folder of what commands wrote about them."""

    looked: "Looked"
    browsed: "Browsed"
    asked: Path
    about_broken_rows: list[bytes]


def _figures(given: Run, stack: Stack, walk: Walk, monitor: Monitor) -> Iterator[Figure]:
    browsing = given.size + 3
    seen = _seen(given, stack, walk, browsing)
    monitor.stop()
    search = Search(values_of(browsing + 1, _secrets(stack)))
    for place, chunks in _places(given, stack, walk, monitor, seen).items():
        given.say(f"searching: {place}")
        yield must_be(f"{place}: values found", search.through(place, chunks), 0)
    yield from _handed_out(seen.asked / "handed_out", search)
    given.notes += search.examples + walk.failures[:10]
    yield from _controls(given, stack, walk, search)
    looked, browsed = seen.looked, seen.browsed
    yield must_be("others who were let in", looked.let_in, 0)
    yield must_be("ends of sessions that clear the browser", browsed.cleared.count('"cache", "storage"'), 2)
    yield must_be("storages that are not empty after signing out", len(browsed.left), 0)
    in_tabs = Search(search.values).through("open tabs", browsed.files(of_open_tabs=True))
    yield told("found in what Chromium keeps of open tabs", in_tabs)
    yield told("pages of the administration searched", len(looked.administration))
    yield told("pages for others searched", len(looked.pages_for_others))
    yield told("MB searched", search.looked_through // 1_000_000)


def _seen(given: Run, stack: Stack, walk: Walk, browsing: int) -> Seen:
    """Let everybody else look: in trouble, through a browser (the applicant of that number), by commands."""
    from evidence.canary_browser import through_a_browser
    from evidence.canary_onlookers import look_around, look_at_broken_rows, until_settled
    from evidence.canary_trouble import make_trouble

    given.say("trouble")
    until_settled()
    make_trouble(stack, walk, range(given.size, browsing), _WORKERS)
    given.say("a browser")
    browsed = through_a_browser(stack.url, canary(browsing), given.folder / "profile")
    until_settled()
    given.say("others look")
    looked = look_around(stack, walk)
    given.say("commands")
    asked = _commands(given, stack, walk)
    return Seen(looked, browsed, asked, look_at_broken_rows(stack, walk))


def _places(given: Run, stack: Stack, walk: Walk, monitor: Monitor, seen: Seen) -> dict[str, Iterable[bytes]]:
    """Everything in which nothing may be found."""
    state, looked = given.folder / "state", seen.looked
    return {
        "database dump": lines_of(dump_of(stack, given.folder)),
        "backup": lines_of(backup_of(stack, given.folder)),
        "files of the database": files_in(given.folder / "database"),
        "commands to broker and cache": lines_of(monitor.file),
        "broker and cache": keys_of(stack.valkey.socket),
        "sessions": looked.sessions,
        "logs": logs_of(given.folder),
        "files of the portal": chain(files_in(state, but=("secrets.env",)), files_in(given.folder / "temporary")),
        "e-mails": files_in(state / "mail"),
        "addresses, headers and cookies": walk.overheard.headers,
        "error pages": walk.overheard.error_pages,
        "masked exports": looked.exports,
        "masked pages of managers": looked.masked_pages,
        "pages for others": looked.pages_for_others,
        "pages about broken rows": seen.about_broken_rows,
        "administration": looked.administration,
        "metrics": looked.metrics,
        "what commands print": files_in(seen.asked / "printed"),
        "evidence handed out": bundles_in(seen.asked / "bundles"),
        "storage and history of a browser": seen.browsed.storage,
        "pages after signing out": seen.browsed.after,
        "profile of the browser, but for its open tabs": seen.browsed.files(of_open_tabs=False),
    }


def _commands(given: Run, stack: Stack, walk: Walk) -> Path:
    """Run every command about a few of them; the folder of what came of it."""
    from applications.models import Application

    folder = given.folder / "asked"
    folder.mkdir()
    ids = {number: place.rstrip("/").rpartition("/")[2] for number, place in list(walk.sent.items())[:_ASKED]}
    references = dict(Application.objects.filter(pk__in=ids.values()).values_list("pk", "reference_id"))
    asked = [[number, one, references[UUID(one)]] for number, one in ids.items()]
    (folder / "asked.json").write_text(json.dumps(asked))
    command: list[str | Path] = [sys.executable, "-m", "evidence.canary_commands", folder]
    child = stack.supervisor.start("commands", command, folder=portal.ROOT)
    stack.supervisor.wait_until_finished(child, within=300)
    return folder


def _handed_out(folder: Path, search: Search) -> Iterator[Figure]:
    """Files that are for a customer: theirs is in them, nobody else's, and nothing that is never given."""
    files, strange, held = sorted(folder.iterdir()), 0, 0
    for file in files:
        rest, own = without_own(file.read_bytes(), canary(int(file.stem)))
        strange += search.through("handed to a customer", [rest])
        held += own
    yield must_be("handed to a customer: not theirs, or never given", strange, 0)
    yield at_least("files for customers", len(files), 2)
    yield at_least("of their own values in each", held // max(1, len(files)), 8)


def _controls(given: Run, stack: Stack, walk: Walk, search: Search) -> Iterator[Figure]:
    """What has to be found, or the measure looked at nothing."""
    arrived = str(stack.lender.control("GET", "requests?bodies=1")).encode()
    found = Search(search.values).through("lender", [arrived])
    yield at_least("found by the same search in what reached the lender", found, 10)
    yield must_be("applicants taken to the end", len(walk.sent), given.size)
    logs = b"".join(logs_of(given.folder))
    for name, mark in _TRACES.items():
        yield at_least(name, logs.count(mark), 1)
    yield at_least("e-mails searched", sum(1 for _ in (given.folder / "state" / "mail").iterdir()), 1)
    yield told("answers of the portal", walk.overheard.statuses.total())
    yield told("error pages searched", len(walk.overheard.error_pages))
    failed = sum(
        count for status, count in walk.overheard.statuses.items() if status == HTTPStatus.INTERNAL_SERVER_ERROR
    )
    yield at_least("of these of errors nobody foresaw", failed, 3)


def _secrets(stack: Stack) -> tuple[bytes, ...]:
    """The portal's own keys, and what the merchants sign in with at the lender."""
    from merchants.models import Credential

    keys = [stack.supervisor.environment[name] for name in _SECRETS]
    own = [part.rpartition(":")[2] for key in keys for part in key.split(",")]
    return tuple(
        secret.encode() for secret in (*own, *(one.client_secret for one in Credential.objects.all())) if secret
    )


MEASURE = Measure(
    "canaries",
    "Canary applicants and where their values are not",
    "applicants",
    long=2000,
    run=run,
    package="evidence",
)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
