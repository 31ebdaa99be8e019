"""The definitions that must never change: what was hashed under them has to be provable for ever."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest

from audit.chain import BEGINNING, canonical, event_hash, leaf, root_of, written

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
