"""Scanners of others at the running portal: as nobody, and as everybody who may sign in.

python -m evidence.scans --size 60

Wapiti crawls and attacks, drHEADer judges the headers of every kind of answer. Unlike in production a password is
enough, it may be tried without limit, and a sign-in stays recent: the scanners shall come as far as a person.
"""

import sys
from collections import Counter
from collections.abc import Generator, Iterable, Iterator

from chaos.associates import Associate
from chaos.measure import Measure, Run, main
from chaos.results import Figure, at_least, must_be, told
from chaos.stack import Shape, Stack, portal_in_this_process, running
from evidence import scanners
from evidence.over_tls import Front, Listener, Visitor, listener, names_of, over_tls
from evidence.scan_findings import unexplained
from evidence.scanners import MODULES, Attack, Finding

VISITORS = ("nobody", "associate", "manager", "admin")
_LIMITS = {
    "RATE_LIMIT_SIGN_IN": "100000/m/ip",
    "RATE_LIMIT_SIGN_IN_FAILED": "100000/m/ip",
    "STEP_UP_SECONDS": "86400",
    "IDLE_LOCK_SECONDS": "86400",
}
_DRAFTS, _SENT = 12, 6
_PAGES_AT_LEAST = 100  # fewer mean that the crawl was kept out
_STEPS = ("start", "identity", "contact", "income", "security", "terms", "check")
# What ends the visitor's session, or everybody's.
_KEEP_OUT = (
    "/sign-out/",
    "/admin/logout/",
    "/account/hand-over/",
    "/account/lock/",
    "/account/start-over/",
    "/account/sign-out-elsewhere/",
    "/session/retry/",
    "/console/*deactivate/",
    "/console/*/link/*",
    "/static/*",
)
_FOR_NOBODY_ONLY = ("brute_login_form",)


def run(given: Run) -> Iterable[Figure]:
    """`given.size` seconds of attack as each visitor."""
    given.notes.append(f"{scanners.versions()}. Modules of Wapiti: {', '.join(MODULES)}.")
    shape = Shape(web_workers=1, delivering=1)
    with running(given.folder, shape, **_LIMITS) as stack, over_tls(stack, given.folder) as front:
        portal_in_this_process(stack)
        pages = _pages(given, stack)
        with listener() as heard:
            found = yield from _attacked(given, front, heard, pages)
        found += scanners.judge_headers(_answers(front, pages), given.folder)
        yield from figures(given, found)


def _pages(given: Run, stack: Stack) -> list[str]:
    """Where the crawl begins besides the first page: each step of an application, and applications with an answer."""
    from applications.models import Application
    from applications.statuses import IN_FLIGHT
    from chaos.drafts import make_drafts
    from evidence.canary_onlookers import until_settled

    drafts = make_drafts(_DRAFTS, given.random, username="associate")
    associate = Associate(stack.url, "associate")
    associate.sign_in()
    for draft in drafts[:_SENT]:
        associate.submit(draft)
    associate.close()
    until_settled()
    assert not Application.objects.filter(status__in=IN_FLIGHT).exists()
    steps = [f"{drafts[_SENT].path}{step}/" for step in _STEPS]
    seen = [path for draft in drafts[:_SENT] for path in (draft.path, f"/review{draft.path}")]
    return ["/sign-in/", "/review/", "/review/search/", "/console/", "/admin/", "/account/", "/day/", *steps, *seen]


def _attacked(given: Run, front: Front, heard: Listener, pages: list[str]) -> Generator[Figure, None, list[Finding]]:
    found: list[Finding] = []
    names: set[str] = set()
    asked = 0
    for name in VISITORS:
        visitor = Visitor(front, "" if name == "nobody" else name)
        modules = [one for one in MODULES if name == "nobody" or one not in _FOR_NOBODY_ONLY]
        aim = Attack(
            f"{front.url}/",
            name,
            visitor.cookies,
            [one[1:] for one in pages],
            [one[1:] for one in _KEEP_OUT],
            heard.url,
            modules,
            given.size,
        )
        crawled, said = scanners.attack(aim, given.folder / name)
        found += said
        all_asked = front.requests()
        given.say(f"{name}: {crawled} pages, {len(all_asked) - asked} requests, {len(said)} findings")
        yield at_least(f"as {name}: pages and forms crawled", crawled, _PAGES_AT_LEAST)
        yield told(f"as {name}: requests", len(all_asked) - asked)
        if name != "nobody":
            yield must_be(f"as {name}: signed in until the end", "yes" if visitor.is_signed_in() else "no", "yes")
        names |= names_of(all_asked[asked:])
        asked = len(all_asked)
    yield told("different addresses of the portal asked", len(names))
    failed = Counter(f"{method} {path}" for method, path, status in front.requests() if status >= 500)
    given.notes += [f"Failed: {one} ({times})." for one, times in failed.most_common(10)]
    yield must_be("answers that were errors of ours", failed.total(), 0)
    yield must_be("requests that an attack made the portal send", len(heard.strangers), 0)
    return found


def _answers(front: Front, pages: list[str]) -> Iterator[tuple[str, str, dict[str, str | list[str]]]]:
    others = ("/", "/nowhere/", "/healthz", "/metrics", "/language/", "/applications/start/")
    for name in VISITORS:
        visitor = Visitor(front, "" if name == "nobody" else name)
        for path in (*others, *pages):
            answer = visitor.get(path)
            cookies = answer.raw.headers.getlist("Set-Cookie")
            headers = {one: text for one, text in answer.headers.items() if one != "Set-Cookie"}
            yield name, front.url + path, headers | ({"Set-Cookie": cookies} if cookies else {})


def figures(given: Run, found: list[Finding]) -> Iterator[Figure]:
    """What the findings amount to."""
    for scanner in (scanners.WAPITI, scanners.HEADERS):
        of_it = [one for one in found if one.scanner == scanner]
        counted = Counter(one.severity for one in of_it)
        for severity in scanners.SEVERITIES:
            yield told(f"{scanner}: {severity}", counted[severity])
        left = unexplained(of_it)
        kinds = Counter((one.severity, one.category, one.says[:160]) for one in left)
        given.notes += [f"{scanner}, {a}, {b}: {c} ({times})." for (a, b, c), times in kinds.most_common(20)]
        yield must_be(f"{scanner}: above informational and not explained", len(left), 0)


MEASURE = Measure("scans", "Scanners of others", "seconds as each visitor", long=600, run=run, package="evidence")

if __name__ == "__main__":
    sys.exit(main(MEASURE))
