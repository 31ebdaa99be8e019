"""Parsers and what is thrown at each: the value or the parser's own error, and nothing else."""

import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

_BATCH = 5000


@dataclass(frozen=True)
class Parser:
    """`read` raises nothing: what a parser may raise is caught there. `share`: of all inputs, beside the others'."""

    name: str
    share: int
    inputs: SearchStrategy[Any]
    read: Callable[[Any], object]


@dataclass
class Fuzzed:
    """`inputs` by parser, and how each went wrong that did, with the shortest input that does it."""

    inputs: Counter[str] = field(default_factory=Counter)
    problems: dict[str, str] = field(default_factory=dict)


def fuzz(
    parsers: Iterable[Parser], size: int, seeded: Callable[[], int], say: Callable[[str], None] = lambda _text: None
) -> Fuzzed:
    """About `size` inputs, shared among the parsers. A parser that failed gets no more."""
    parsers = tuple(parsers)
    whole = sum(parser.share for parser in parsers)
    fuzzed = Fuzzed()
    for parser in parsers:
        share = max(1, -(-size * parser.share // whole))
        say(f"{parser.name}: {share:,}")
        while fuzzed.inputs[parser.name] < share and parser.name not in fuzzed.problems:
            _batch(parser, min(_BATCH, share - fuzzed.inputs[parser.name]), seeded(), fuzzed)
    return fuzzed


def _batch(parser: Parser, size: int, seeded: int, fuzzed: Fuzzed) -> None:
    """In batches, because Hypothesis remembers all that it has tried."""
    unhurried = settings(
        max_examples=size,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )

    @seed(seeded)
    @unhurried
    @given(parser.inputs)
    def read(value: Any) -> None:
        fuzzed.inputs[parser.name] += 1
        parser.read(value)

    try:
        read()
    except Exception:
        fuzzed.problems[parser.name] = traceback.format_exc()
