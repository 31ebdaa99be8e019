"""The definitions that must never change: what was hashed under them has to be provable for ever."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest

from audit.chain import BEGINNING, canonical, event_hash, inclusion_path, leaf, root_of, written

EVENT = {
    "actor": "Maude O’Brien",
    "actor_id": "7",
    "at": "2026-11-21T09:05:00.000012+00:00",
    "detail": {"step": "identity", "count": 2, "fields": ["é", "b"], "first": True, "none": None},
    "merchant_id": "",
    "name": "step_saved",
    "previous": BEGINNING,
    "sequence": 1,
    "subject_id": "42",
    "subject_type": "applications.application",
}
WRITTEN_BY_HAND = (
    '{"actor":"Maude O’Brien","actor_id":"7","at":"2026-11-21T09:05:00.000012+00:00",'
    '"detail":{"count":2,"fields":["é","b"],"first":true,"none":null,"step":"identity"},"merchant_id":"",'
    '"name":"step_saved","previous":"0000000000000000000000000000000000000000000000000000000000000000","sequence":1,'
    '"subject_id":"42","subject_type":"applications.application"}'
)
# The inputs and roots that implementations of RFC 6962 are held against.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def test_hash_of_an_event_is_of_its_canonical_form() -> None:
    assert event_hash(EVENT | {"id": 3, "hash": "left out"}) == hashlib.sha256(WRITTEN_BY_HAND.encode()).hexdigest()


@pytest.mark.parametrize("name", sorted(EVENT))
def test_hash_covers_every_column(name: str) -> None:
    assert event_hash(EVENT | {name: "another"}) != event_hash(EVENT)


def test_moment_is_written_in_utc_with_microseconds() -> None:
    there = datetime(2026, 11, 21, 4, 5, tzinfo=timezone(timedelta(hours=-5)))
    assert written(there) == written(there.astimezone(UTC)) == "2026-11-21T09:05:00.000000+00:00"
    with pytest.raises(ValueError, match="time zone"):
        written(datetime(2026, 11, 21, 4, 5))


def test_leaf_is_canonical() -> None:
    assert leaf("a.b", "7", 3, "ff") == b'["a.b","7",3,"ff"]' == canonical(("a.b", "7", 3, "ff"))


@pytest.mark.parametrize("count", sorted(ROOTS))
def test_root_is_that_of_rfc_6962(count: int) -> None:
    assert root_of(bytes.fromhex(one) for one in LEAVES[:count]) == ROOTS[count]


# Which leaf of how many, and the way to the root that implementations of RFC 6962 are held against.
PATHS = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
]


@pytest.mark.parametrize(("index", "count", "path"), PATHS)
def test_inclusion_path_is_that_of_rfc_6962(index: int, count: int, path: list[str]) -> None:
    leaves = [bytes.fromhex(value) for value in LEAVES[:count]]
    assert inclusion_path(leaves, index) == path


@pytest.mark.parametrize("index", [-1, 3])
def test_inclusion_path_of_no_leaf_is_refused(index: int) -> None:
    with pytest.raises(IndexError):
        inclusion_path([b"a", b"b", b"c"], index)
