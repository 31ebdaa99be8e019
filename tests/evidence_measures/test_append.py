"""The short form of `python -m evidence.append`: that it counts rightly. How fast it is is never asserted here."""

import random
from pathlib import Path

from chaos.measure import Run
from evidence.append import of_verifying


def test_many_events_are_verified(db: None, tmp_path: Path) -> None:
    figures = of_verifying(Run(500, random.Random(1), tmp_path, brisk=True))
    assert [figure.name for figure in figures if figure.reached is False] == []
    assert {figure.name: figure.value for figure in figures}["events verified"] == 500
