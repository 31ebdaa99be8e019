"""From the bytes of a file to its rows, whatever Excel made of it."""

import csv
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _

from merchants.console.bulk.columns import REQUIRED, Column, column_named

_DELIMITERS = ";,\t"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
MAX_ROWS = 2000


@dataclass(frozen=True)
class Problem:
    """Why the file is refused: the row as Excel counts them (0: the file as a whole), the heading, and what to do."""

    line: int
    column: str
    text: str


@dataclass(frozen=True)
class Row:
    """What stands in a row, by column name, without spaces around it."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A file that could be read. `headings` are its own words for the columns."""

    rows: tuple[Row, ...]
    headings: dict[str, str]


class Unreadable(Exception):
    """The file is no table of ours; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(problem.text for problem in problems))
        self.problems = list(problems)


def as_text(data: bytes) -> str:
    """UTF-8 with or without a mark, Excel's “Unicode text” (UTF-16), and otherwise Windows-1252."""
    if data.startswith(_UTF_16):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read(text: str) -> Sheet:
    """The rows of the table. Raises Unreadable, naming every heading at fault."""
    lines = _lines(text)
    number, heading = next(((number, line) for number, line in enumerate(lines, 1) if any(line)), (0, []))
    if not number:
        raise Unreadable(Problem(0, "", _("There is nothing in it. Give the file, or paste its lines.")))
    columns = _columns(number, heading)
    rows = [
        _row(number, columns, line)
        for number, line in enumerate(lines[number:], number + 1)
        if any(map(str.strip, line))
    ]
    if not rows:
        raise Unreadable(Problem(0, "", _("There are headings and no lines below them.")))
    if len(rows) > MAX_ROWS:
        raise Unreadable(Problem(0, "", _("Give %(most)d lines at most at a time.") % {"most": MAX_ROWS}))
    return Sheet(tuple(rows), {column.name: typed for column, typed in zip(columns, heading, strict=False) if column})


def _lines(text: str) -> list[list[str]]:
    text = text.replace("\0", "").removeprefix("\ufeff")
    delimiter = ""
    if text[:4].lower() == "sep=":  # what Excel understands as a word about the file itself
        first, _end, text = text.partition("\n")
        delimiter = first.strip()[4:5]
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text), strict=True))
    except csv.Error as problem:
        said = _("A quotation mark is opened and not closed, or stands alone. Save the file as CSV again.")
        raise Unreadable(Problem(0, "", said)) from problem
    return [[], *lines] if delimiter else lines


def _delimiter(text: str) -> str:
    """Whichever of the three occurs most often in the first line with words."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=first.count)


def _columns(number: int, heading: list[str]) -> list[Column | None]:
    columns = [column_named(typed) if typed.strip() else None for typed in heading]
    unknown = [typed for typed, column in zip(heading, columns, strict=True) if typed.strip() and column is None]
    problems = [
        Problem(number, typed, _("No column is called that. Take the heading from the template.")) for typed in unknown
    ]
    named = [column.name for column in columns if column]
    problems += [
        Problem(number, name, _("This column is there twice. Remove one."))
        for name in sorted({name for name in named if named.count(name) > 1})
    ]
    problems += [
        Problem(number, name, _("This column is missing. Take the headings from the template."))
        for name in REQUIRED
        if name not in named
    ]
    if problems:
        raise Unreadable(*problems)
    return columns


def _row(number: int, columns: list[Column | None], line: list[str]) -> Row:
    """Cells beyond the last heading are refused where they hold something: a delimiter inside a name."""
    if any(cell.strip() for cell in line[len(columns) :]):
        raise Unreadable(
            Problem(number, "", _("There are more cells than headings. Put text with a delimiter in quotation marks."))
        )
    cells = zip(columns, line, strict=False)
    return Row(number, {column.name: cell.strip() for column, cell in cells if column})
