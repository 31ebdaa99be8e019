"""The short form of `python -m evidence.tampering`: every kind and nearly every variant."""

import random
from pathlib import Path

from evidence.tampering import attempts


def test_tampering_is_caught_and_named(db: None, tmp_path: Path) -> None:
    notes: list[str] = []
    figures = list(attempts(5, random.Random(5), tmp_path, notes))
    assert [figure.name for figure in figures if figure.reached is False] == [], notes
