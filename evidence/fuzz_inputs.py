"""What is thrown at a parser: what it reads with a few changes, anything at all, and JSON with strangers in it."""

import json
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

# What readers stumble over: ends, marks that cannot be seen, signs of other languages, beginnings of something else.
PIECES = (
    *("", "\0", "\x1e", "\x7f", "\x85", "\r\n", "\n", "\t", " ", "\u00a0", "\u202f", "\u200b", "\u202e", "\ufeff"),
    *("\ufffd", "\uffff", "\u0301", "é", "ß", "İ", "ﬁ", "٣", "²", "①", "Ⅷ", "🙂", "-", "\u2212", "+", ".", ",", "'"),
    *('"', "`", "(", ")", "[", "]", "{", "}", "{0}", "%", "%s", "%00", "%zz", "&", "&#0;", "&#xD800;", ";", "=", "?"),
    *("/", "//", "\\", "..", "<", ">", "<a ", "<!--", "]]>", "</script>", "@", "#", "$", "0", "1", "9" * 40, "-1"),
    *("1e999", "NaN", "Infinity", "null", "true", "a" * 300, "A", "O", "x"),
)
# As they stand in JSON: what no Python value is written as.
_RAW = (
    *("1e999", "-1e999", "1e-400", "-0", "0.0", "1E5", "NaN", "-Infinity", "9" * 4400, "9" * 30, '"\\ud800"'),
    *('"\\u0000"', '"\\ud83d\\ude00"', '{"a":1,"a":2}', "[" * 3000 + "]" * 3000, "[[[[]]]]", '"' + "x" * 5000 + '"'),
)
_MARK = "\u241f"  # no specimen has it

_values: SearchStrategy[Any] = (
    st.sampled_from((None, True, False, 0, -1, 1.5, 10**18, "", " ", [], {}, [None], [[]], {"options": []}, {"": ""}))
    | st.text(max_size=12)
    | st.sampled_from(PIECES)
    | st.integers(0, len(_RAW) - 1).map(lambda number: f"{_MARK}{number}")
)
_edits = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 3), st.sampled_from(PIECES) | st.text(max_size=2)), max_size=4
)


def texts(*specimens: str, longest: int = 60) -> SearchStrategy[str]:
    """Specimens with up to four changes, and any text."""
    near = st.builds(_edited, st.sampled_from(specimens or ("",)), _edits)
    return near | near | st.text(max_size=longest)


def contents(*specimens: bytes) -> SearchStrategy[bytes]:
    """The same for bytes."""
    parts = tuple(one.decode("latin-1") for one in specimens or (b"",))
    near = st.builds(_edited, st.sampled_from(parts), _edits).map(_as_bytes)
    return near | near | st.binary(max_size=80)


def documents(*specimens: Any) -> SearchStrategy[bytes]:
    """JSON: specimens with members replaced, added or taken away, sometimes broken, and any bytes."""
    written = tuple(json.dumps(one) for one in specimens or ({},))
    changes = st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 3), _values), max_size=4)
    changed = st.builds(_changed, st.sampled_from(written), changes)
    broken = st.builds(lambda text, edits: _as_bytes(_edited(text, edits)), st.sampled_from(written), _edits)
    return changed | changed | changed | broken | st.binary(max_size=40)


def some_of(**members: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    """A dictionary with each of these members or without it."""
    return st.fixed_dictionaries({}, optional=members)


def _edited(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    for place, length, piece in edits:
        at = place % (len(text) + 1)
        text = text[:at] + piece + text[at + length :]
    return text


def _as_bytes(text: str) -> bytes:
    """Latin letters as one byte, which breaks UTF-8 here and there; what has none, as UTF-8."""
    return b"".join(one.encode("latin-1" if ord(one) < 0x100 else "utf-8") for one in text)


def _changed(written: str, changes: Sequence[tuple[int, int, Any]]) -> bytes:
    document = {"": json.loads(written)}
    for where, kind, value in changes:
        _change(document, where, kind, value)
    text = json.dumps(document[""])
    for number, raw in enumerate(_RAW):
        text = text.replace(json.dumps(f"{_MARK}{number}"), raw)
    return text.encode()


def _change(document: dict[str, Any], where: int, kind: int, value: Any) -> None:
    """At one of all places: another value, none, a further one, or the same twice over."""
    holders: list[tuple[Any, Any]] = [(document, "")]
    for holder, key in holders:  # grows meanwhile
        inner = holder[key]
        if isinstance(inner, dict):
            holders += [(inner, name) for name in inner]
        elif isinstance(inner, list):
            holders += [(inner, place) for place in range(len(inner))]
    holder, key = holders[where % len(holders)]
    value = deepcopy(value)  # or a list could come to hold itself
    if kind == 1 and key != "":
        del holder[key]
    elif kind == 2 and isinstance(holder[key], dict):
        holder[key][str(value)] = value
    elif kind == 3 and isinstance(holder[key], list):
        holder[key] += [value]
    else:
        holder[key] = value
