"""The lender's HTML in a real browser: nothing of it runs, styles or asks for anything, and no visible word is lost.

python -m evidence.hostile_html --size 40

Half of the documents are agreements, half try something. Each is the lender's terms once, fetched and shown by the
running portal; one of each kind and one in ten of the others are messages of a decline too, read at the counter and by
a manager. Beside it stands the document itself, opened alone: what it shows with scripts off are the words that must
be on the portal's page, and what it does with scripts on proves that the attacks are ones.
"""

import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import redis

from chaos.associates import Associate
from chaos.lender import Lender
from chaos.measure import Measure, Run, main
from chaos.results import Figure, at_least, must_be, told
from chaos.stack import Shape, Stack, portal_in_this_process, running
from evidence.lender_documents import Sent, documents

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from evidence.watched_pages import PortalWindow, Seen

_TWO_WORDS = 6  # letters of the shortest two that may stand together
_WORD = re.compile(r"\w+|[^\w\s]")
_MESSAGES_SHARE = 10
_MESSAGE = ".lender-message .prose"
_PATIENCE = 60  # milliseconds in which an attack may act on the portal's page
_PLAIN = ("<p>Plain.</p>", "<p>Plain.</p><iframe></iframe>")
PLAIN_MESSAGES = [Sent(html, "plain", is_benign=True) for html in _PLAIN]
_UNWANTED = ("executed", "styled", "requests", "clobbered or sent elsewhere", "left to the policy of the page")
_NO_LIMITS = {"RATE_LIMIT_SIGN_IN": "1000/m/ip"}


@dataclass
class Tally:
    """What was seen of many documents."""

    found: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def count(self, what: str, sent: Sent, example: object = "") -> None:
        self.found[what] += 1
        if len(self.notes) < 20:
            self.notes.append(f"{what}: {sent.kind}. {str(example)[:200]}")


def run(given: Run) -> Iterable[Figure]:
    """`given.size` documents as terms, a tenth of them as messages too."""
    from evidence.watched_pages import chromium

    with running(given.folder, Shape(web_workers=1, delivering=1), **_NO_LIMITS) as stack:
        stack.lender.latency(apply=[0, 0])
        portal_in_this_process(stack)
        sent = documents(given.size, given.random)
        messages = _as_messages(given, stack, PLAIN_MESSAGES + _chosen(sent))
        with chromium() as browser:
            yield from shown(given, browser, stack.url, stack.lender, stack.supervisor.environment["CACHE_URL"], sent)
            yield from messages_shown(given, browser, stack.url, messages)


def shown(
    given: Run, browser: "Browser", url: str, lender: Lender, cache_url: str, sent: Sequence[Sent]
) -> Iterator[Figure]:
    """The same at a portal that runs already, for the terms."""
    from evidence.watched_pages import PlainWindow, PortalWindow
    from tests.journeys.in_browser import begin, fill_all

    window = PortalWindow(browser, url)
    begin(window.page)
    fill_all(window.page)
    address, tally = window.page.url, Tally()
    plain = PlainWindow(browser.new_context(java_script_enabled=False))
    acting = PlainWindow(browser.new_context())
    usual = {seen.looks for html in _PLAIN if (seen := _terms(window, address, lender, cache_url, html))}
    works = {seen.works for html in _PLAIN if (seen := _terms(window, address, lender, cache_url, html))}
    acted = 0
    for number, one in enumerate(sent):
        if number % 50 == 0:
            given.say(f"{number} of {len(sent)} documents")
        seen = _terms(window, address, lender, cache_url, one.html, patience=0 if one.is_benign else _PATIENCE)
        _judge(tally, one, seen, usual, works)
        if seen:
            _compare(tally, one, plain.text(one.html), seen)
        acted += not one.is_benign and acting.acts(one.html)
    for context in browser.contexts:
        context.close()
    given.notes += tally.notes
    benign = sum(one.is_benign for one in sent)
    yield from _figures(tally, benign, len(sent) - benign, acted)


def _terms(
    window: "PortalWindow", address: str, lender: Lender, cache_url: str, html: str, *, patience: int = 0
) -> "Seen | None":
    """The terms page while the lender's terms are this."""
    lender.fail("terms", "hostile_html", message=html)
    with redis.Redis.from_url(cache_url) as cache:
        for key in cache.scan_iter("*terms:*"):
            cache.delete(key)
    return window.look(address, ".terms-box", patience=patience)


def _judge(tally: Tally, one: Sent, seen: "Seen | None", usual: set[str], works: set[str]) -> None:
    if seen is None:
        tally.count("pages that failed", one, one.html)
        return
    if seen.ran:
        tally.count("executed", one, one.html)
    if seen.requests:
        tally.count("requests", one, seen.requests)
    if seen.violations:
        tally.count("left to the policy of the page", one, one.html)
    if seen.foreign or seen.looks not in usual:
        tally.count("styled", one, seen.foreign or seen.looks)
    if not works & {seen.works, seen.works_but_for_title}:
        tally.count("clobbered or sent elsewhere", one, seen.works)


def _compare(tally: Tally, one: Sent, original: str, seen: "Seen") -> None:
    wanted, missing = words_of(original), missing_in(seen.text, original)
    tally.found["words compared"] += wanted.total()
    if one.is_benign:
        tally.found["benign, every visible word shown"] += not missing
        tally.found["benign, said to be complete"] += seen.is_complete
        if missing or not seen.is_complete:
            tally.notes.append(f"Not in full: {one.kind}, {missing.total()} words: {list(missing)[:5]}.")
    else:
        tally.found["hostile, said to be in part"] += not seen.is_complete
        if missing and seen.is_complete:
            tally.count("incomplete, and said to be complete", one, list(missing)[:5])


def missing_in(shown: str, original: str) -> Counter[str]:
    """Words of the original that are not shown. Its own styles may set words without a gap that are shown with one."""
    shown_together = "".join(_WORD.findall(shown.casefold()))
    missing = words_of(original) - words_of(shown)
    return Counter({one: n for one, n in missing.items() if len(one) < _TWO_WORDS or one not in shown_together})


def words_of(text: str) -> Counter[str]:
    """Words and signs, however they are set."""
    return Counter(_WORD.findall(text.casefold()))


def _figures(tally: Tally, benign: int, hostile: int, acted: int) -> Iterator[Figure]:
    found = tally.found
    for name in _UNWANTED:
        yield must_be(f"terms: {name}", found[name], 0)
    yield must_be("terms: pages that failed", found["pages that failed"], 0)
    yield must_be("benign: every visible word shown", found["benign, every visible word shown"], benign)
    yield must_be("benign: said to be complete", found["benign, said to be complete"], benign)
    yield must_be("words missing, and said to be complete", found["incomplete, and said to be complete"], 0)
    yield told("hostile: said to be shown in part", found["hostile, said to be in part"])
    yield told("visible words compared", found["words compared"])
    yield at_least(f"of {hostile} hostile ones, acted when opened alone", acted, hostile // 4)


def _chosen(sent: Sequence[Sent]) -> list[Sent]:
    """The first of each kind, and one in ten of the others, both halves in turn."""
    firsts = {one.kind: one for one in reversed(sent)}.values()
    return [one for number, one in enumerate(sent) if one in firsts or number % (_MESSAGES_SHARE - 1) == 0]


def _as_messages(given: Run, stack: Stack, sent: Sequence[Sent]) -> list[tuple[Sent, str]]:
    """Applications declined with these messages, and the paths of their pages."""
    from applications.models import Application
    from applications.statuses import IN_FLIGHT
    from chaos.drafts import make_drafts

    drafts = make_drafts(len(sent), given.random, username="associate")
    associate = Associate(stack.url, "associate")
    associate.sign_in()
    for draft, one in zip(drafts, sent, strict=True):
        stack.lender.fail("apply", "hostile_html", reference_id=draft.reference_id, message=one.html)
        associate.submit(draft)
    associate.close()
    waiting = Application.objects.filter(pk__in=[draft.id for draft in drafts], status__in=IN_FLIGHT)
    until = time.monotonic() + 120
    while waiting.exists() and time.monotonic() < until:
        time.sleep(0.2)
    return [(one, draft.path) for draft, one in zip(drafts, sent, strict=True)]


def messages_shown(given: Run, browser: "Browser", url: str, messages: Sequence[tuple[Sent, str]]) -> Iterator[Figure]:
    """The same for messages of declines; the first ones are plain, to see how their pages look and work."""
    from evidence.watched_pages import PlainWindow, PortalWindow
    from tests.stack.windows import sign_in

    plain, tally = PlainWindow(browser.new_context(java_script_enabled=False)), Tally()
    acting = PlainWindow(browser.new_context())
    whole = {"associate": 0, "manager": 0}
    for username in whole:
        window = PortalWindow(browser, url)
        sign_in(window.page, username)
        usual: set[str] = set()
        works: set[str] = set()
        for one, path in messages:
            address = f"{url}/review{path}" if username == "manager" else url + path
            seen = window.look(address, _MESSAGE, patience=0 if one.is_benign else _PATIENCE)
            if seen and one.kind == "plain":
                usual.add(seen.looks)
                works.add(seen.works_but_for_title)
            _judge(tally, one, seen, usual, works)
            if seen and one.is_benign:
                missing = missing_in(seen.text, plain.text(one.html))
                whole[username] += not missing
                given.notes += [f"Message not in full: {one.kind}: {list(missing)[:5]}."] if missing else []
    given.notes += tally.notes
    benign = sum(one.is_benign for one, _ in messages)
    acted = sum(acting.acts(one.html) for one, _ in messages if not one.is_benign)
    yield told("messages of declines, each read by two", len(messages))
    for name in (*_UNWANTED, "pages that failed"):
        yield must_be(f"messages: {name}", tally.found[name], 0)
    yield must_be("benign messages: every visible word at the counter", whole["associate"], benign)
    yield must_be("benign messages: every visible word for a manager", whole["manager"], benign)
    hostile = len(messages) - benign
    yield at_least(f"of {hostile} hostile messages, acted when opened alone", acted, hostile // 4)


MEASURE = Measure(
    "hostile_html",
    "The lender's HTML in a browser",
    "documents",
    long=500,
    run=run,
    package="evidence",
)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
