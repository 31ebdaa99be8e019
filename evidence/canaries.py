"""Canary applicants through every path, and a search for their values in everything that the portal keeps and sends.

python -m evidence.canaries --size 20

Applicants with answers like nobody else's are taken over HTTP from the first page to the click, by people who type
values into wrong fields first, while the lender fails, workers are killed, the broker is emptied and the database dies.
Managers search, list, open and export them; others try to. Then database, backup, files on the disk, broker, cache,
sessions, logs at their most talkative, exports, error pages, addresses and headers are searched.
"""

import sys
import threading
from collections.abc import Iterable, Iterator
from typing import Any

from chaos.measure import Measure, Run, main
from chaos.mischief import Mischief
from chaos.results import Figure, at_least, must_be, told
from chaos.stack import Shape, Stack, portal_in_this_process, running
from evidence.canary_people import values_of
from evidence.canary_places import Monitor, backup_of, dump_of, files_of_the_database, keys_of, lines_of, logs_of
from evidence.canary_walk import Walk
from evidence.searching import STEM, Search

_SETTINGS = "chaos.quick_sign_in_settings"
_TALKATIVE = {"LOG_LEVEL": "DEBUG", "METRICS_TOKEN": "canaries"}
_NO_LIMITS = {"RATE_LIMIT_SIGN_IN": "1000000/m/ip", "RATE_LIMIT_SIGN_IN_FAILED": "1000000/m/ip,1000000/m/key"}
_SECRETS = ("SECRET_KEY", "VAULT_KEYS", "VAULT_INDEX_KEY", "AUDIT_SIGNING_KEY")
# Every so many calls of an endpoint meet the next of them.
_FAULTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("apply", "reset_after", {"processed": True}),
    ("apply", "truncated_json", {"processed": True}),
    ("search", "bad_gateway_html", {}),
    ("apply", "wrong_inputs", {"field_errors": [{"param": "last_name", "msg": f"{STEM} invalid"}]}),
    ("apply", "application_declined", {"message": f"<p>Dear {STEM.capitalize()}</p>"}),
    ("apply", "unknown_code", {"message": f"{STEM} is not known"}),
    ("search", "truncated_json", {}),
    ("apply", "internal_error", {}),
    ("terms", "gateway_timeout_504", {}),
    ("token", "expired_token", {}),
)
_EVERY = 4
_FEW = 200  # applicants, through whom not everything can happen


def run(given: Run) -> Iterable[Figure]:
    """`given.size` applicants."""
    shape = Shape(delivering=2, settings=_SETTINGS, postgresql={"max_connections": "200", "log_statement": "ddl"})
    with running(given.folder, shape, **_TALKATIVE, **_NO_LIMITS) as stack:
        stack.lender.latency(apply=[0, 0.2])
        portal_in_this_process(stack)
        monitor = Monitor(stack, given.folder / "commands")
        walk = _walked(given, stack)
        yield from _figures(given, stack, walk, monitor)


def _walked(given: Run, stack: Stack) -> Walk:
    walk = Walk(stack.url, given.size, given.random)
    for endpoint, fault, more in _FAULTS * max(1, given.size // (len(_FAULTS) * _EVERY)):
        stack.lender.fail(endpoint, fault, skip=_EVERY - 1, **more)
    mischief = Mischief(stack, given.random, ["delivering-1", "delivering-2"], brisk=given.size < _FEW)
    walking = threading.Thread(target=walk.go)
    given.say(f"{given.size} applicants")
    walking.start()
    mischief.go_on_until(lambda: not walking.is_alive(), lambda: walk.done / given.size)
    walking.join()
    given.notes.append(f"Meanwhile: {', '.join(f'{name} {count}' for name, count in sorted(mischief.done.items()))}.")
    return walk


def _figures(given: Run, stack: Stack, walk: Walk, monitor: Monitor) -> Iterator[Figure]:
    from evidence.canary_onlookers import look_around, until_settled

    given.say("waiting for answers")
    until_settled()
    given.say("others look")
    looked = look_around(stack, walk)
    monitor.stop()
    search = Search(values_of(given.size, _secrets(stack)))
    arrived = str(stack.lender.control("GET", "requests?bodies=1")).encode()
    for place, chunks in {
        "database dump": lines_of(dump_of(stack, given.folder)),
        "backup": lines_of(backup_of(stack, given.folder)),
        "files of the database": files_of_the_database(given.folder),
        "commands to broker and cache": lines_of(monitor.file),
        "broker and cache": keys_of(stack.valkey.socket),
        "sessions": iter(looked.sessions),
        "logs": logs_of(given.folder),
        "addresses, headers and cookies": iter(walk.overheard.headers),
        "error pages": iter(walk.overheard.error_pages),
        "masked exports": iter(looked.exports),
        "masked pages of managers": iter(looked.masked_pages),
        "pages for others": iter(looked.pages_for_others),
        "pages about broken rows": iter(looked.pages_about_broken_rows),
        "metrics": iter(looked.metrics),
    }.items():
        given.say(f"searching: {place}")
        yield must_be(f"{place}: values found", search.through(place, chunks), 0)
    given.notes += search.examples + walk.failures[:10]
    control = Search(search.values)
    yield at_least("found by the same search in what reached the lender", control.through("lender", [arrived]), 10)
    yield must_be("applicants taken to the end", len(walk.sent), given.size)
    yield must_be("others who were let in", looked.let_in, 0)
    yield told("answers of the portal", walk.overheard.statuses.total())
    yield told("error pages searched", len(walk.overheard.error_pages))
    yield told("pages for others searched", len(looked.pages_for_others))
    yield told("MB searched", search.looked_through // 1_000_000)


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
