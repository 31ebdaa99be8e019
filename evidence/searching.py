"""Looking for applicants' values in bytes, however they are written there.

Every value that is made of letters has one stem, and every number is one of a known few, so a search takes as long for
one applicant as for thousands. It looks at the bytes as they are, backwards, and at what is in them in base64 (also
compressed), in hexadecimal, and behind percent signs and backslashes.
"""

import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

STEM = "quelvazim"
_AROUND = 60  # bytes shown before and after what was found
_EXAMPLES = 5  # of each place
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{12,}")
_STANDARD = bytes.maketrans(b"-_", b"+/")  # for base64 in addresses
_BETWEEN = b"\0"
_HEX = re.compile(rb"[0-9a-fA-F]{16,}")
_NO_LETTER_BEFORE, _NO_LETTER_AFTER = rb"(?<![0-9A-Za-z])", rb"(?![0-9A-Za-z])"
_GAP = rb"[ .\-]?"
_SIN = re.compile(_NO_LETTER_BEFORE + rb"\d{3}" + _GAP + rb"\d{3}" + _GAP + rb"\d{3}" + _NO_LETTER_AFTER)
_PHONE = re.compile(rb"(?<![0-9A-Za-z])(?:\+?1[ .\-]?)?\(?(?:416|905)\)?[ .\-]?947[ .\-]?\d{4}" + _NO_LETTER_AFTER)
_CARD = re.compile(rb"6374[ \-]?9801[ \-]?00\d\d[ \-]?\d{4}")
_BORN = re.compile(_NO_LETTER_BEFORE + rb"19[56]\d[-/.]?[01]\d[-/.]?[0-3]\d" + _NO_LETTER_AFTER)
_INCOME = re.compile(rb"(?<![0-9A-Za-z.,])\d\d[ ,\xa0]?\d{3}[.,](?:37|59)" + _NO_LETTER_AFTER)
# What is in every number of a kind, however it is written: bytes are found much faster than patterns.
_MARKS = (
    (_SIN, (b"1947", b"194 7", b"194-7", b"194.7", b"7491", b"7 491", b"7-491", b"7.491")),
    (_PHONE, (b"947",)),
    (_CARD, (b"6374",)),
    (_BORN, (b"195", b"196")),
    (_INCOME, (b".37", b",37", b".59", b",59")),
)
_LONGEST = 32  # bytes of a number with what stands between its digits


@dataclass(frozen=True)
class Values:
    """What is looked for besides the stem. Numbers are digits without anything between them."""

    sins: frozenset[bytes]
    births: frozenset[bytes]
    incomes: frozenset[bytes]
    secrets: tuple[bytes, ...] = ()


@dataclass
class Search:
    """Hits by kind, with the first few as they stand there."""

    values: Values
    looked_through: int = 0
    hits: int = 0
    examples: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        stem = STEM.encode()
        self._needles = [needle.lower() for needle in (stem, stem[::-1], *self.values.secrets)]

    def through(self, place: str, chunks: Iterable[bytes]) -> int:
        """How often something was found in this place. A value must lie within one chunk."""
        before = self.hits
        for chunk in chunks:
            self.looked_through += len(chunk)
            for form, written in forms_of(chunk):
                self._note(place, form, written)
        return self.hits - before

    def _note(self, place: str, form: str, written: bytes) -> None:
        for start, end in self.found_in(written):
            self.hits += 1
            if sum(one.startswith(place) for one in self.examples) < _EXAMPLES:
                text = written[max(0, start - _AROUND) : end + _AROUND]
                self.examples.append(f"{place} ({form}): {text!r}")

    def found_in(self, written: bytes) -> set[tuple[int, int]]:
        """Where something stands in these bytes, as they are."""
        small = written.lower()
        found = {(at, at + len(needle)) for needle in self._needles for at in _places(small, needle)}
        for pattern, marks in _MARKS:
            near = (at for mark in marks for at in _places(written, mark))
            numbers = (
                one for at in near for one in pattern.finditer(written, max(0, at - _LONGEST), at + 2 * _LONGEST)
            )
            found.update(one.span() for one in numbers if self._is_wanted(pattern, one[0]))
        return found

    def _is_wanted(self, pattern: re.Pattern[bytes], number: bytes) -> bool:
        """Every phone and card that looks like theirs is; other numbers only if they are one of theirs."""
        of_kind = {_SIN: self.values.sins, _BORN: self.values.births, _INCOME: self.values.incomes}
        wanted, digits = of_kind.get(pattern), re.sub(rb"\D", b"", number)
        return wanted is None or digits in wanted or digits[::-1] in wanted


def _places(written: bytes, needle: bytes) -> Iterator[int]:
    at = written.find(needle)
    while at >= 0:
        yield at
        at = written.find(needle, at + 1)


def forms_of(chunk: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes, and what is written in them in other ways, each way in one piece: many short ones take long."""
    yield "as it is", chunk
    if b"%" in chunk:
        yield "percent signs", unquote_to_bytes(chunk.replace(b"+", b" "))
    if b"\\u" in chunk or b"\\x" in chunk:
        yield "escapes", _unescaped(chunk)
    if said := list(_from_base64(_BASE64.findall(chunk.translate(_STANDARD)))):
        yield "base64", _BETWEEN.join(said)
    if said := [binascii.unhexlify(part) for run in _HEX.findall(chunk) for part in _in_pairs(run)]:
        yield "hexadecimal", _BETWEEN.join(said)


def _from_base64(runs: Iterable[bytes]) -> Iterator[bytes]:
    """What each run may say, from each of the four places where a group of letters may begin."""
    for run in runs:
        for part in (run, run[1:], run[2:], run[3:]):
            decoded = binascii.a2b_base64((part[:-1] if len(part) % 4 == 1 else part) + b"==")
            yield decoded
            if decoded[:1] == b"x":  # how zlib begins
                with suppress(zlib.error):
                    yield zlib.decompressobj().decompress(decoded, 1 << 20)


def _in_pairs(run: bytes) -> tuple[bytes, ...]:
    """An odd number of digits has one too many before or after."""
    return (run[1:], run[:-1]) if len(run) % 2 else (run,)


def _unescaped(chunk: bytes) -> bytes:
    """What JSON, Python and Redis write as \\u00e9 and \\xe9."""
    return re.sub(
        rb"\\(?:u00|x)([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), chunk.replace(b"\\\\", b"\\")
    )
