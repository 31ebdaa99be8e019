"""The restore drill: a backup while people submit, everything dies, the backup is put back, and nothing is sent twice.

python -m evidence.restoring --size 5

Each round submits, takes a backup in the middle, submits the rest and waits until all of it was sent: so what waits in
the backup has reached the lender since. Then PostgreSQL, its data, the broker and every process are gone. Rounds take
turns: the recipe of docs/operations.md as it stands; an operator who forgets its step and starts the portal; a backup
of the newest moment; PostgreSQL's files put back with the step forgotten; and the control, where the portal is told
that nothing was lost.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from chaos.measure import Measure, Run, main
from chaos.results import Figure, at_least, must_be, told
from chaos.stack import Shape, django_here
from evidence.mortal import mortal
from evidence.restore_kinds import SUBMISSIONS, Found, Kind

_SHAPE = Shape(delivering=1, threads=3, settings="chaos.quick_sign_in_settings")
_SETTINGS = {
    "LEASE_SECONDS": "3",
    "RECONCILE_LOOKS_SECONDS": "1,4,7,10",
    "NO_ACCOUNT_AFTER_SECONDS": "6",
    "POSAPI_APPLY_READ_SECONDS": "3",
    "CHECKPOINT_MINUTES": "0.1",
    "CIRCUIT_FAILURES": "1000",
    "RATE_LIMIT_SIGN_IN": "1000000/m/ip",
    "RATE_LIMIT_SIGN_IN_FAILED": "1000000/m/ip,1000000/m/key",
}
_NOTE = (
    f"Each round has {SUBMISSIONS} submissions and a portal with three calls at once; `apply` takes 1 to 2 s, and "
    "one in ten is processed without an answer. Checkpoints are signed every 6 s, leases last 3 s and an outcome is "
    "searched for 1, 4, 7 and 10 s after it became unknown. The sandbox's check for a second application of the same "
    "person is off, so that each would be accepted and counted. The control's operator says that nothing was lost, "
    "which a portal that notices nothing takes for granted. A draft of the backup that was submitted after it is a "
    "draft again; the portal sends none by itself."
)


def run(given: Run) -> Iterable[Figure]:
    """`given.size` rounds."""
    with mortal(given.folder, _SHAPE, **_SETTINGS) as portal:
        django_here(portal.environment)
        from evidence.restore_rounds import PEOPLE, Round

        portal.lender.latency(apply=[1, 2])
        portal.lender.switch(duplicate_check=False)
        portal.serve()
        found = {kind: Found() for kind in Kind}
        kinds = [list(Kind)[number % len(Kind)] for number in range(given.size)]
        for number, kind in enumerate(kinds):
            given.say(f"round {number + 1}: {kind}")
            Round(given, portal, kind, found[kind], first=number * PEOPLE).go()
    given.notes.append(_NOTE)
    yield from _figures(found)


def _figures(found: dict[Kind, Found]) -> Iterator[Figure]:
    portal = [one for kind, one in found.items() if kind != Kind.CONTROL]
    total = lambda name: sum(getattr(one, name) for one in portal)  # noqa: E731
    rolled = sum(found[kind].rounds for kind in (Kind.BY_THE_BOOK, Kind.FORGOTTEN, Kind.FILES))
    yield from (told(f"rounds, {kind}", one.rounds) for kind, one in found.items())
    in_backup = sum((one.in_backup for one in found.values()), Counter[str]())
    yield from (told(f"in the backups {status}", count) for status, count in sorted(in_backup.items()))
    yield told("in line in a backup, and sent since", total("in_line_but_sent"))
    yield told("presumed sent by the documented step", total("presumed"))
    yield must_be("applicants with more than one apply accepted", total("twice"), 0)
    yield must_be("applications of a backup that were lost", total("lost"), 0)
    yield must_be("not settled in the end", total("unsettled"), 0)
    yield must_be("settled wrongly", total("wrong"), 0)
    yield must_be(
        "step forgotten: noticed, and held back",
        found[Kind.FORGOTTEN].held + found[Kind.FILES].held,
        found[Kind.FORGOTTEN].rounds + found[Kind.FILES].rounds,
    )
    yield must_be("step forgotten: applications sent before it", total("sent_while_held"), 0)
    yield must_be("newest moment: OK", found[Kind.NEWEST].said_ok, found[Kind.NEWEST].rounds)
    yield must_be("earlier moment: audit_verify says so", total("said_rolled_back"), rolled)
    yield must_be("OK with a new witness", total("ok_in_the_end"), total("rounds"))
    control = found[Kind.CONTROL]
    if control.rounds:
        yield told("control: in line in a backup, and sent since", control.in_line_but_sent)
        yield at_least("control: applicants with more than one apply accepted", control.twice, 1)


MEASURE = Measure(
    "restoring",
    "The restore drill",
    "rounds",
    long=20,
    run=run,
    package="evidence",
)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
