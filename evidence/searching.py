"""Looking for applicants' values in bytes, however they are written there.

Every value that is made of letters has one stem, and every number is one of a known few, so a search takes as long for
one applicant as for thousands. It looks at the bytes as they are, backwards, and at what is in them in base64 (also
compressed), in hexadecimal, and behind percent signs and backslashes.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

STEM = "quelvazim"
_AROUND = 60  # bytes shown before and after what was found
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
_NO_LETTER_BEFORE, _NO_LETTER_AFTER = rb"(?<![0-9A-Za-z])", rb"(?![0-9A-Za-z])"
_GAP = rb"[ .\-]?"
_SIN = re.compile(_NO_LETTER_BEFORE + rb"\d{3}" + _GAP + rb"\d{3}" + _GAP + rb"\d{3}" + _NO_LETTER_AFTER)
_PHONE = re.compile(rb"(?<![0-9A-Za-z])(?:\+?1[ .\-]?)?\(?(?:416|905)\)?[ .\-]?947[ .\-]?\d{4}" + _NO_LETTER_AFTER)
_CARD = re.compile(rb"6374[ \-]?9801[ \-]?00\d\d[ \-]?\d{4}")
_BORN = re.compile(_NO_LETTER_BEFORE + rb"19[56]\d[-/.]?[01]\d[-/.]?[0-3]\d" + _NO_LETTER_AFTER)
_INCOME = re.compile(rb"(?<![0-9A-Za-z.,])\d\d[ ,\xa0]?\d{3}[.,](?:37|59)" + _NO_LETTER_AFTER)


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
        needles = [stem, stem[::-1], *(re.escape(secret) for secret in self.values.secrets)]
        self._needles = re.compile(b"|".join(needles), re.IGNORECASE)

    def through(self, place: str, chunks: Iterable[bytes]) -> int:
        """How often something was found in this place. A value must lie within one chunk."""
        before = self.hits
        for chunk in chunks:
            self.looked_through += len(chunk)
            for form, written in forms_of(chunk):
                self._note(place, form, written)
        return self.hits - before

    def _note(self, place: str, form: str, written: bytes) -> None:
        for found in self.found_in(written):
            self.hits += 1
            if len(self.examples) < 25:
                text = written[max(0, found.start() - _AROUND) : found.end() + _AROUND]
                self.examples.append(f"{place} ({form}): {text!r}")

    def found_in(self, written: bytes) -> Iterator[re.Match[bytes]]:
        """Everything in these bytes, as they are."""
        yield from self._needles.finditer(written)
        yield from _PHONE.finditer(written)
        yield from _CARD.finditer(written)
        numbers = ((_SIN, self.values.sins), (_BORN, self.values.births), (_INCOME, self.values.incomes))
        for pattern, wanted in numbers:
            for found in pattern.finditer(written):
                digits = re.sub(rb"\D", b"", found[0])
                if digits in wanted or digits[::-1] in wanted:
                    yield found


def forms_of(chunk: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes, and what is written in them in other ways."""
    yield "as it is", chunk
    if b"%" in chunk:
        yield "percent signs", unquote_to_bytes(chunk.replace(b"+", b" "))
    if b"\\u" in chunk or b"\\x" in chunk:
        yield "escapes", _unescaped(chunk)
    for run in _BASE64.findall(chunk):
        yield from (("base64", written) for written in _from_base64(run))
    for run in _HEX.findall(chunk):
        yield "hexadecimal", binascii.unhexlify(run)


def _from_base64(run: bytes) -> Iterator[bytes]:
    """What the run may say, from each of the four places where a group of letters may begin."""
    standard = run.translate(bytes.maketrans(b"-_", b"+/"))
    for start in range(4):
        part = standard[start:]
        whole = part[:-1] if len(part) % 4 == 1 else part
        decoded = base64.b64decode(whole + b"=" * (-len(whole) % 4))
        yield decoded
        if decoded[:1] == b"x":  # how zlib begins
            packed = zlib.decompressobj()
            try:
                yield packed.decompress(decoded, 1 << 20)
            except zlib.error:
                continue


def _unescaped(chunk: bytes) -> bytes:
    """What JSON, Python and Redis write as \\u00e9 and \\xe9."""
    return re.sub(
        rb"\\(?:u00|x)([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), chunk.replace(b"\\\\", b"\\")
    )
