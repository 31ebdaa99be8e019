"""Hostile requests: lines, methods, headers, cookies, queries and bodies that no browser sends, one kind at a time."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote, urlencode

from evidence.fuzz_inputs import PIECES
from evidence.fuzz_signs import COOKIES, FORM, HEADERS, JSON, LINES, METHODS, QUERY_NAMES, TARGETS
from evidence.fuzz_wire import Sent

_CSRF = "a" * 32
_BOUNDARY = "frontier"
_OF_A_BODY = ("Content-Type", "Content-Length", "Transfer-Encoding")
_ALSO_OF_A_FORM = ("Referer", "Origin", "X-CSRFToken", "Expect")


@dataclass(frozen=True)
class Aim:
    """Where a request goes, as whom, and the names of boxes that forms of the portal have."""

    host: str
    target: str
    cookies: tuple[str, ...]
    names: Sequence[str]

    def sent(
        self,
        method: str = "GET",
        target: str = "",
        body: bytes = b"",
        cookie: str = "",
        *,
        is_whole: bool = True,
        more: Mapping[str, str] = MappingProxyType({}),
        **headers: str,
    ) -> Sent:
        """headers: with underscores for dashes, `more` as they are; an empty one is sent empty."""
        given = {**more, **{name.replace("_", "-"): value for name, value in headers.items()}}
        usual = {"Host": self.host, "Connection": "close", "X-CSRFToken": _CSRF}
        cookies = "; ".join((*self.cookies, f"csrf={_CSRF}", *filter(None, (cookie,))))
        if body or method == "POST":
            usual |= {"Content-Type": FORM, "Content-Length": str(len(body))}
        lines = [f"{name}: {value}" for name, value in ({**usual, "Cookie": cookies} | given).items()]
        head = "\r\n".join([f"{method} {target or self.target} HTTP/1.1", *lines, "", ""])
        return Sent(_latin(head) + body, is_whole)

    def posted(self, body: bytes, content_type: str = FORM, **headers: str) -> Sent:
        return self.sent("POST", body=body, more=headers, Content_Type=content_type)


Kind = Callable[[Aim, random.Random], Sent]


def _latin(text: str) -> bytes:
    return text.encode("latin-1", "replace")


def _query(aim: Aim, query: str) -> Sent:
    return aim.sent(target=f"{aim.target}?{query}")


def _some(chance: random.Random, among: Sequence[str]) -> str:
    return among[chance.randrange(len(among))]


def _typed(aim: Aim, chance: random.Random) -> dict[str, str]:
    """Something in every box that any form has; it makes no sense anywhere."""
    return {name: _some(chance, PIECES) + _some(chance, PIECES) for name in aim.names[:150]}


def _multipart(parts: Sequence[tuple[str, bytes]], end: str = "--") -> bytes:
    written = [_latin(f"--{_BOUNDARY}\r\n{head}\r\n\r\n") + body + b"\r\n" for head, body in parts]
    return b"".join(written) + _latin(f"--{_BOUNDARY}{end}\r\n")


def _part(name: str, more: str = "") -> str:
    return f'Content-Disposition: form-data; name="{name}"{more}'


def _parts(aim: Aim, chance: random.Random) -> list[tuple[str, bytes]]:
    name, value = _some(chance, (*aim.names, "file")), _some(chance, PIECES).encode()
    heads = (
        _part(name),
        _part(name, '; filename="x.csv"'),
        _part(name, '; filename="../../etc/passwd"'),
        _part(name, "; filename*=nope''x"),
        _part(name, "; filename=") + "\r\nContent-Type: multipart/mixed; boundary=frontier",
        _part(name) + "\r\nContent-Type: text/plain; charset=nope",
        _part(name) + "\r\nContent-Transfer-Encoding: base64",
        _part(name) + "\r\nContent-Length: -1",
        _part("\u00ff"),
        _part("\x00"),
        _part("x", "; y*=utf-8''a; y*0=b"),
        "Content-Disposition: form-data; name*=x'y'z",
        "Content-Disposition: form-data",
        "Content-Disposition",
        "no colon",
        "X: " + "a" * 3000,
        "",
    )
    return [(_some(chance, heads), value) for _ in range(4)]


def _chunked(aim: Aim, chunks: bytes) -> Sent:
    head = aim.sent("POST", Transfer_Encoding="chunked", Content_Length="").content
    return Sent(head.replace(b"Content-Length: \r\n", b"") + chunks, is_whole=False)


def _json_bomb(chance: random.Random) -> bytes:
    bombs = (
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"csp-report":' + "[" * 3000 + "]" * 3000 + "}",
        '{"csp-report": null}',
        '{"csp-report": {"document-uri": "http://["}}',
        '{"csp-report": {"line-number": 1e999}}',
        '{"csp-report": {"blocked-uri": "HOST/static//etc/passwd"}}',
        '{"csp-report": {"source-file": "HOST/static/../x"}}',
        '{"csp-report": {"source-file": "HOST/static/%00\\u0000"}}',
        '{"csp-report": {"source-file": "HOST/static/\\ud800"}}',
        json.dumps({"csp-report": {"document-uri": "HOST/" + "a" * 9000}}),
        "1" * 10_000,
        '"\\ud800"',
        "null",
        "[]",
        "\ufeff{}",
    )
    return _some(chance, bombs).encode()


def _with_header(name: str) -> Kind:
    return lambda aim, chance: aim.sent(more={name: _some(chance, HEADERS[name])})


def _form_with_header(name: str) -> Kind:
    def form(aim: Aim, chance: random.Random) -> Sent:
        header = {name: _some(chance, HEADERS[name])}
        return aim.sent("POST", body=b"x=1", more=header, is_whole=name not in ("Content-Length", "Transfer-Encoding"))

    return form


KINDS: dict[str, Kind] = {
    "ordinary": lambda aim, _: aim.sent(),
    "ordinary, by htmx": lambda aim, _: aim.sent(HX_Request="true", HX_Current_URL=f"http://{aim.host}/"),
    "method": lambda aim, chance: aim.sent(_some(chance, METHODS)),
    "method with a body": lambda aim, chance: aim.sent(_some(chance, METHODS), body=b"x=1"),
    "line": lambda aim, chance: Sent(
        _latin(
            _some(chance, LINES).replace("{target}", aim.target) + f"\r\nHost: {aim.host}\r\nConnection: close\r\n\r\n"
        ),
        is_whole=False,
    ),
    "longer address": lambda aim, chance: aim.sent(target=aim.target + _some(chance, TARGETS)),
    "address of 9,000 signs": lambda aim, _: aim.sent(target=aim.target + "a" * 9000),
    "address of 4,000 levels": lambda aim, _: aim.sent(target=aim.target + "a/" * 1500),
    "query": lambda aim, chance: _query(
        aim, urlencode({_some(chance, QUERY_NAMES): _some(chance, PIECES) for _ in range(4)})
    ),
    "query of broken signs": lambda aim, chance: _query(
        aim, f"{_some(chance, QUERY_NAMES)}={_some(chance, TARGETS[:4])}&&=&=&%"
    ),
    "query of NUL": lambda aim, _: _query(aim, "&".join(f"{name}=%00" for name in QUERY_NAMES)),
    "query of every name": lambda aim, chance: _query(
        aim, urlencode({name: _some(chance, PIECES[:-2]) for name in QUERY_NAMES})
    ),
    "query of boxes": lambda aim, chance: _query(
        aim, urlencode({_some(chance, aim.names): _some(chance, PIECES) for _ in range(6)})
    ),
    "query of 1,000 names": lambda aim, _: _query(aim, "&".join(f"n{number}" for number in range(700))),
    "query way back": lambda aim, chance: _query(
        aim,
        "next="
        + quote(
            _some(chance, ("http://[", "//[", "/\\x", "///x", "javascript:x", "/" + "a" * 3000, "\n/x", "/%0d%0a"))
        ),
    ),
    **{f"header {name}": _with_header(name) for name in HEADERS if name not in _OF_A_BODY},
    **{f"header {name} of a form": _form_with_header(name) for name in (*_OF_A_BODY, *_ALSO_OF_A_FORM)},
    "header Referer of a form by htmx": lambda aim, chance: aim.sent(
        "POST", body=b"x=1", HX_Request="true", Referer=_some(chance, HEADERS["Referer"])
    ),
    "header without a colon": lambda aim, _: Sent(aim.sent().content.replace(b"Connection", b"nonsense\r\nConnection")),
    "header with NUL": lambda aim, _: aim.sent(X_Nothing="a\x00b"),
    "header that goes on": lambda aim, _: aim.sent(X_Nothing="a\r\n b"),
    "header of 9,000 signs": lambda aim, _: aim.sent(X_Long="a" * 9000),
    "headers, 150 of them": lambda aim, _: aim.sent(more={f"X-{number}": "a" for number in range(150)}),
    "two hosts": lambda aim, _: Sent(aim.sent().content.replace(b"Connection", b"Host: evil.example\r\nConnection")),
    "no host": lambda aim, _: Sent(aim.sent().content.replace(f"Host: {aim.host}\r\n".encode(), b"")),
    "cookies": lambda aim, chance: aim.sent(cookie=_some(chance, COOKIES)),
    "broken cookies of a form": lambda aim, chance: aim.sent("POST", body=b"x=1", cookie=_some(chance, COOKIES)),
    "form, nothing in it": lambda aim, _: aim.posted(b""),
    "form, something in every box": lambda aim, chance: aim.posted(urlencode(_typed(aim, chance)).encode()),
    "form, by htmx": lambda aim, chance: aim.posted(urlencode(_typed(aim, chance)).encode(), HX_Request="true"),
    "form, one box": lambda aim, chance: aim.posted(
        urlencode({_some(chance, aim.names): _some(chance, PIECES)}).encode()
    ),
    "form, NUL in every box": lambda aim, _: aim.posted(
        "&".join(f"{quote(name)}=%00a" for name in aim.names[:150]).encode()
    ),
    "form, words in every box": lambda aim, _: aim.posted(
        "&".join(f"{quote(name)}=1" for name in aim.names[:150]).encode()
    ),
    "form, boxes many times": lambda aim, chance: aim.posted(
        "&".join([f"{_some(chance, aim.names)}=a"] * 150).encode()
    ),
    "form, 5,000 boxes": lambda aim, _: aim.posted(b"&".join(b"n%d=1" % number for number in range(5000))),
    "form, 200 KB in a box": lambda aim, chance: aim.posted(
        f"{_some(chance, aim.names)}=".encode() + b"%C3%A9" * 33_000
    ),
    "form, 5 MB": lambda aim, _: aim.posted(b"x=" + b"a" * 5_000_000),
    "form, broken signs": lambda aim, _: aim.posted(b"%=%&%zz=%u0041&%00=%ff%fe&=&&&\xff\xfe=\x80"),
    "form in UTF-16": lambda aim, _: aim.posted("x=é&next=/".encode("utf-16"), f"{FORM}; charset=utf-16"),
    "form in Latin letters": lambda aim, _: aim.posted(b"last_name=\xe9\xff&login=\xe9", f"{FORM}; charset=iso-8859-1"),
    "JSON": lambda aim, chance: aim.posted(_json_bomb(chance).replace(b"HOST", f"http://{aim.host}".encode()), JSON),
    "report of a browser": lambda aim, chance: aim.posted(
        _json_bomb(chance).replace(b"HOST", f"http://{aim.host}".encode()), "application/csp-report"
    ),
    "XML": lambda aim, _: aim.posted(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "text/xml"),
    "parts": lambda aim, chance: aim.posted(
        _multipart(_parts(aim, chance)), f"multipart/form-data; boundary={_BOUNDARY}"
    ),
    "parts without an end": lambda aim, chance: aim.posted(
        _multipart(_parts(aim, chance), end=""), f"multipart/form-data; boundary={_BOUNDARY}"
    ),
    "parts of another boundary": lambda aim, chance: aim.posted(
        _multipart(_parts(aim, chance)), "multipart/form-data; boundary=other"
    ),
    "parts, 3,000 of them": lambda aim, _: aim.posted(
        _multipart([(_part(f"n{number}"), b"1") for number in range(3000)]),
        f"multipart/form-data; boundary={_BOUNDARY}",
    ),
    "file of 3 MB": lambda aim, _: aim.posted(
        _multipart([(_part("file", '; filename="x.csv"'), b"a" * 3_000_000)]),
        f"multipart/form-data; boundary={_BOUNDARY}",
    ),
    "file of strange bytes": lambda aim, chance: aim.posted(
        _multipart([(_part("file", '; filename="x.csv"'), chance.randbytes(2000))]),
        f"multipart/form-data; boundary={_BOUNDARY}",
    ),
    "body that is too short": lambda aim, _: aim.sent("POST", body=b"x=1", is_whole=False, Content_Length="500"),
    "parts that are too short": lambda aim, chance: aim.sent(
        "POST",
        body=_multipart(_parts(aim, chance))[:-30],
        is_whole=False,
        Content_Type=f"multipart/form-data; boundary={_BOUNDARY}",
        Content_Length="5000",
    ),
    "body that is too long": lambda aim, _: aim.sent("POST", body=b"x=1&y=" + b"a" * 500, Content_Length="3"),
    "two lengths": lambda aim, _: Sent(
        aim.posted(b"x=1").content.replace(b"Connection", b"Content-Length: 7\r\nConnection"), is_whole=False
    ),
    "length and chunks": lambda aim, _: aim.sent(
        "POST", body=b"0\r\n\r\n", is_whole=False, Transfer_Encoding="chunked"
    ),
    "chunks": lambda aim, _: _chunked(aim, b"3\r\nx=1\r\n1;" + b"e" * 500 + b"\r\n&\r\n0\r\nX: y\r\n\r\n"),
    "chunks of no size": lambda aim, chance: _chunked(
        aim,
        _some(
            chance, ("zz\r\nx\r\n", "-1\r\n", "ffffffffffffffff\r\nx", "3\r\nx", "", "1\r\nxyz", "0x3\r\nx=1\r\n")
        ).encode(),
    ),
}
