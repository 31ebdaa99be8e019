"""The short form of `python -m evidence.tampering`: every kind and nearly every variant."""

import random
from pathlib import Path

from evidence.attacks import roll_back
from evidence.chains import make_chains
from evidence.tampering import attempt, attempts


def test_tampering_is_caught_and_named(db: None, tmp_path: Path) -> None:
    notes: list[str] = []
    figures = list(attempts(5, random.Random(5), tmp_path, notes))
    assert [figure.name for figure in figures if figure.reached is False] == [], notes


def test_portal_that_was_put_back_and_goes_on_with_its_witness_is_named_by_it(db: None, tmp_path: Path) -> None:
    chance = random.Random(5)
    chains = make_chains(chance, tmp_path)
    told, tried = chains.witness.path.read_bytes(), set()
    for _ in range(12):
        done, findings = attempt(roll_back, chains, random.Random(chance.random()), [chains.witness])
        tried.add(done.variant)
        assert any(map(done.is_named_by, findings)), (done, findings)
        assert chains.witness.path.read_bytes() == told
    assert {"and told to the witness", "from before its witness, and told to it"} <= tried
