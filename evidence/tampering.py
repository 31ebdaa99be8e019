"""Whoever may write anything to the database changes evidence, and `audit_verify` has to name record and kind.

python -m evidence.tampering --size 60

Each attempt starts from the same untouched chains, in a transaction that is taken back. The first six kinds must be
named from the database alone; the last two need a witness.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chaos.in_process import portal_here
from chaos.measure import POSTGRES, SQLITE, Measure, Run, main
from chaos.results import Figure, must_be, told

if TYPE_CHECKING:
    from audit.verification import Finding
    from audit.witnesses import Witness
    from evidence.attacks import Attack, Done
    from evidence.chains import Chains

_NEED_A_WITNESS = ("tail cut", "whole database rolled back")


def run(given: Run) -> Iterable[Figure]:
    """`given.size` attempts of each kind."""
    with portal_here(given.folder, on_postgres=given.database == POSTGRES):
        yield from attempts(given.size, given.random, given.folder, given.notes)


def attempts(size: int, given: random.Random, folder: Path, notes: list[str]) -> Iterator[Figure]:
    """The figures, in Django's database, which has no evidence yet."""
    from audit.verification import verify
    from evidence.attacks import ATTACKS
    from evidence.chains import make_chains

    chains = make_chains(given, folder)
    alarms = [not verify([chains.witness]).is_ok]
    named: Counter[str] = Counter()
    variants: Counter[str] = Counter()
    for kind, attack in ATTACKS.items():
        witnesses = [chains.witness] if kind in _NEED_A_WITNESS else []
        for number in range(size):
            done, findings = attempt(attack, chains, random.Random(f"{given.random()}"), witnesses)
            variants[f"{kind}: {done.variant}"] += 1
            if any(map(done.is_named_by, findings)):
                named[kind] += 1
            else:
                notes.append(f"Not named, attempt {number} of {kind}, {done.variant}: {'; '.join(map(str, findings))}")
    alarms.append(not verify([chains.witness]).is_ok)
    yield from (must_be(f"{kind}: caught and named", named[kind], size) for kind in ATTACKS)
    yield must_be("all: caught and named", named.total(), size * len(ATTACKS))
    yield must_be("alarms over untouched evidence", sum(alarms), 0)
    yield told("variants tried", len(variants))
    notes.append("Tried: " + ", ".join(f"{name} ({count})" for name, count in sorted(variants.items())) + ".")


def attempt(
    attack: "Attack", chains: "Chains", given: random.Random, witnesses: "Sequence[Witness]"
) -> "tuple[Done, list[Finding]]":
    """One, taken back at once, from the database and from the witness's file."""
    from django.db import transaction

    from audit.verification import verify
    from evidence.chains import unguarded

    kept = chains.witness.path.read_bytes()
    with transaction.atomic():
        unguarded()
        done = attack(chains, given)
        findings = verify(witnesses).findings
        transaction.set_rollback(True)
    chains.witness.path.write_bytes(kept)
    return done, findings


MEASURE = Measure(
    "tampering",
    "Tampering by whoever may write to the database",
    "attempts of each kind",
    long=60,
    run=run,
    databases=(POSTGRES, SQLITE),
    package="evidence",
)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
