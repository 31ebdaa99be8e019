"""Concurrent double submissions: clicks, tabs, devices, back and again, an old page, a replay. One `apply` each.

    python -m chaos.double_submission --size 50
    python -m chaos.double_submission --size 50 --database sqlite

Real forms from real pages are sent through the real web server by browsers that follow redirects (clicks.py), in the
ways of twice.py. What came of it is counted by the sandbox, and every page that a click landed on is held against the
portal's rows (truth.py).
"""

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chaos.clicks import Landing
from chaos.doubles import Doubles, click, open_desks, replay_all
from chaos.measure import POSTGRES, SQLITE, Measure, Run, main
from chaos.results import Figure, at_least, must_be, told
from chaos.stack import Shape, portal_in_this_process, running
from chaos.truth import OUTCOMES, READ_AGAIN, SAME_PERSON, WAITING, untrue
from chaos.twice import ANOTHER_EMPLOYER, Done

if TYPE_CHECKING:
    from chaos.ledger import Kept
    from chaos.lender import Flow

_DESKS = 8
_LENDER_TAKES = (0.2, 0.8)  # seconds
_MINUTES = 10.0  # minutes until the replay, by the rows' own times
_PAIRS = 10  # one pair of drafts of one person for so many submissions
_AT_ONCE = 90.0  # percent of the doubles in which the last click came before the first was answered

_NOTE = (
    "An apply is counted as the sandbox received it, whether it accepted it or not; its own check for a second "
    "application of the same person is off. A page is true when it is of the application that was clicked, and either "
    "waits for an answer that had not come when the page was asked for, or shows the outcome that the sandbox decided, "
    "or sends an old page back to be read again, or tells of the other application of the same person. "
    f"Clicks of one double are started at one moment, each on a connection of its own, at {_DESKS} counters in "
    f"parallel. Before the replay every time in the rows is put {_MINUTES:.0f} minutes back."
)


def run(given: Run) -> Iterable[Figure]:
    """`given.size` applications, and one pair of drafts of one person for every ten."""
    sqlite = f"sqlite:///{given.folder / 'portal.sqlite3'}"
    environment = {"DATABASE_URL": sqlite} if given.database == SQLITE else {}
    with running(given.folder, Shape(), **environment) as stack:
        portal_in_this_process(stack)
        from chaos.drafts import make_drafts
        from chaos.ledger import kept, let_pass

        given.say("making drafts")
        people = max(given.size // _PAIRS, 1)
        drafts = make_drafts(people + given.size, given.random, username="associate")
        twins = make_drafts(people, given.random, username="associate")  # of the first people once more
        stack.lender.latency(apply=list(_LENDER_TAKES))
        stack.lender.switch(duplicate_check=False)  # a second `apply` for a person is accepted, and so it is seen
        given.say("signing in")
        desks = open_desks(stack.url, _DESKS)
        given.say("clicking")
        doubles = click(desks, drafts[people:], list(zip(drafts, twins, strict=False)), given.say)
        given.say("replaying")
        let_pass([done.draft for done in doubles.replayed], _MINUTES)
        replay_all(desks, doubles)
        stack.check()
        flows = stack.lender.flows()
        books = kept(doubles.drafts, flows)
    given.notes.append(_NOTE)
    _write_down(given.folder / "untrue", doubles, books)
    return figures(doubles, books, flows)


def _write_down(folder: Path, doubles: Doubles, kept: "Mapping[str, Kept]") -> None:
    """The untrue pages, to be looked at."""
    folder.mkdir()
    for number, (done, landing) in enumerate(untrue(doubles, kept)):
        what = f"{done.draft.reference_id} {kept[done.draft.reference_id]} {landing.status} {landing.path}"
        (folder / f"{number}.html").write_text(f"<!-- {what} -->\n{landing.html}")


def figures(doubles: Doubles, kept: "Mapping[str, Kept]", flows: "Mapping[str, Flow]") -> list[Figure]:
    """`kept` and `flows` by reference id, from after the last click."""
    books = {done.draft: kept[done.draft.reference_id] for done in doubles.all}
    applies = {done.draft: _received(done, flows) for done in doubles.all}
    single = [done.draft for done in doubles.single]
    paired = [(one.draft, other.draft) for one, other in doubles.pairs]
    landings = [landing for done in doubles.all for landing in done.landings]
    return [
        *(told(name, len(of_way)) for name, of_way in doubles.by_way.items()),
        told("clicks", len(landings)),
        at_least("doubles whose clicks were under way together, %", doubles.percent_at_once, _AT_ONCE),
        *_landed(landings),
        must_be("submissions with other than 1 apply", sum(applies[draft] != 1 for draft in single), 0),
        must_be("submissions with other than 1 attempt", sum(books[draft].attempts != 1 for draft in single), 0),
        must_be("clicks that brought an error", sum(not landing.is_page for landing in landings), 0),
        must_be("clicks that landed on an untrue page", len(untrue(doubles, kept)), 0),
        must_be("old answers sent", sum(books[one.draft].employer != ANOTHER_EMPLOYER for one in doubles.edited), 0),
        must_be("outcomes that the lender knows otherwise", sum(one.is_wrong for one in books.values()), 0),
        told("same person from two drafts at the same moment", len(paired)),
        must_be("of these with other than 1 apply", sum(applies[a] + applies[b] != 1 for a, b in paired), 0),
        must_be(
            "of these with other than 1 attempt", sum(books[a].attempts + books[b].attempts != 1 for a, b in paired), 0
        ),
    ]


def _landed(landings: Sequence[Landing]) -> list[Figure]:
    titles = Counter(landing.title for landing in landings)
    shown = {
        "landed on the waiting page": titles.pop(WAITING, 0),
        "landed on the outcome": sum(titles.pop(title, 0) for title in OUTCOMES.values()),
        "sent back to read the changed answers": titles.pop(READ_AGAIN, 0),
        "told of the other application": titles.pop(SAME_PERSON, 0),
        "landed elsewhere": titles.total(),
    }
    return [told(name, count) for name, count in shown.items()]


def _received(done: Done, flows: "Mapping[str, Flow]") -> int:
    return flows[done.draft.reference_id].received if done.draft.reference_id in flows else 0


MEASURE = Measure(
    "double_submission",
    "Concurrent double submissions",
    "submissions",
    long=1000,
    run=run,
    databases=(POSTGRES, SQLITE),
)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
