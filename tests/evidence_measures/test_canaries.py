"""The short form of `python -m evidence.canaries`: one applicant at the running portal, and a search that can find."""

import base64
import json
import random
import zlib
from pathlib import Path
from urllib.parse import quote, urlsplit
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from evidence.canary_people import canary, values_of, without_own
from evidence.canary_places import bundles_in, files_in, keys_of, lines_of
from evidence.canary_walk import Walk
from evidence.searching import Search
from tests.stack.whole import RunningPortal

SECRET = b"77xde15a-9d33"
FLAT = canary(7).flat
WRITTEN = {
    "name": FLAT["last_name"],
    "in capitals": FLAT["email"].upper(),
    "backwards": FLAT["last_name"][::-1],
    "number": FLAT["sin"],
    "number in groups": " ".join((FLAT["sin"][:3], FLAT["sin"][3:6], FLAT["sin"][6:])),
    "number backwards": FLAT["sin"][::-1],
    "phone": "(416) 947-0007",
    "birth": FLAT["dob"].replace("-", "/"),
    "income": "40,007.37",
    "card": "6374 9801 0040 8234",
    "secret": SECRET.decode(),
}
FORMS = {
    "as it is": lambda text: text,
    "base64": lambda text: base64.b64encode(b"x " + text).rstrip(b"="),
    "base64 of an address": lambda text: base64.urlsafe_b64encode(b'{"a": "' + text + b'"}'),
    "compressed": lambda text: base64.urlsafe_b64encode(zlib.compress(b'{"name": "' + text + b'"}')),
    "hexadecimal": lambda text: (b"  " + text + b"  ").hex().encode(),
    "percent signs": lambda text: quote(text, safe="").encode(),
    "JSON": lambda text: b"".join(b"\\u%04x" % byte for byte in text),
    "Python": lambda text: b"".join(b"\\x%02x" % byte for byte in text),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", WRITTEN)
def test_value_is_found_however_it_is_written(name: str, form: str) -> None:
    search = Search(values_of(20, (SECRET,)))
    line = b"event: " + FORMS[form](WRITTEN[name].encode()) + b" ;"
    assert search.through("log", [line]) > 0
    assert search.examples[0].startswith("log (")


def test_nothing_is_found_where_nothing_is() -> None:
    noise = random.Random(1).randbytes(300_000)
    search = Search(values_of(2000, (SECRET,)))
    ordinary = json.dumps({"timestamp": "2026-11-21T14:55:01.123456Z", "seconds": 0.4037, "id": 194700}).encode()
    assert search.through("noise", [noise, base64.b64encode(noise), noise.hex().encode(), ordinary]) == 0, (
        search.examples
    )


@pytest.mark.parametrize("strange", [FLAT["sin"], FLAT["piw"], canary(8).flat["last_name"], canary(8).flat["dob"]])
def test_file_for_a_customer_may_hold_theirs_and_nothing_else(strange: str) -> None:
    theirs = f"{FLAT['first_name']} {FLAT['last_name']}, {FLAT['dob']}, {FLAT['phone_number']}, {FLAT['email']}"
    search = Search(values_of(20, ()))
    assert search.through("file", [without_own(theirs.encode(), canary(7))[0]]) == 0, search.examples
    assert without_own(theirs.encode(), canary(7))[1] == 5
    assert search.through("file", [without_own(f"{theirs}. {strange}".encode(), canary(7))[0]]) == 1


def test_files_are_searched_by_name_and_content_and_what_is_packed(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / f"{FLAT['last_name']}.txt").write_text(FLAT["email"])
    (tmp_path / "left out").write_text(FLAT["email"])
    with ZipFile(tmp_path / "7.zip", "w", ZIP_DEFLATED) as packed:
        packed.writestr("record.json", FLAT["email"] * 2 + FLAT["city"])
    search = Search(values_of(20, ()))
    assert search.through("files", files_in(tmp_path, but=("left out",))) == 2
    assert search.through("bundles", bundles_in(tmp_path)) == 2


@pytest.mark.stack
def test_applicant_is_nowhere_but_where_they_belong(portal: RunningPortal) -> None:
    walk = Walk(portal.url, 1, random.Random(1))
    portal.sandbox.fail("apply", "unknown_code", message="quelvazim is not known")
    walk.go()
    assert walk.failures == []
    search = Search(values_of(1, (SECRET,)))
    kept = Path(portal.environment["DATABASE_URL"].removeprefix("sqlite:///"))
    places = {
        "database": [file.read_bytes() for file in kept.parent.glob(f"{kept.name}*")],
        "broker and cache": keys_of(Path(urlsplit(portal.environment["CACHE_URL"]).path)),
        "logs": [portal.log(name).encode() for name in ("web", "worker", "beat")],
        "headers": walk.overheard.headers,
        "error pages": walk.overheard.error_pages,
    }
    assert {place: search.through(place, chunks) for place, chunks in places.items()} == dict.fromkeys(places, 0), (
        search.examples
    )
    assert sum(1 for _ in lines_of(portal.supervisor.logs / "web.log"))
    arrived = str(portal.sandbox.control("GET", "requests?bodies=1")).encode()
    assert Search(search.values).through("lender", [arrived]) > 5
