"""The verifier's own Ed25519 says what RFC 8032 and a library say."""

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.bundle.verifier import ORDER, P, is_signed

# RFC 8032, 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2465"
        "5141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb0"
        "0d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc0"
        "27beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_signature_of_the_rfc_is_one(public: str, message: str, signature: str) -> None:
    given = bytes.fromhex(public), bytes.fromhex(signature)
    assert is_signed(*given, bytes.fromhex(message))
    assert not is_signed(*given, bytes.fromhex(message) + b"\0")


def test_signatures_of_a_library_are_ones_and_changed_ones_are_not() -> None:
    chance = random.Random(8032)
    for length in range(12):
        key, message = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)), chance.randbytes(length * 7)
        public, signature = key.public_key().public_bytes_raw(), key.sign(message)
        assert is_signed(public, signature, message)
        assert not is_signed(public, one_bit_changed(signature, chance), message)
        assert not is_signed(one_bit_changed(public, chance), signature, message)


def one_bit_changed(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) * 8)
    changed = bytearray(content)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


def test_second_form_of_a_signature_is_none() -> None:
    """The same number beyond the group's order would make another signature of the same message."""
    public, _, signature = (bytes.fromhex(part) for part in VECTORS[0])
    beyond = int.from_bytes(signature[32:], "little") + ORDER
    assert not is_signed(public, signature[:32] + beyond.to_bytes(32, "little"), b"")


@pytest.mark.parametrize("public", [b"", b"\xff" * 32, P.to_bytes(32, "little"), (2).to_bytes(32, "little")])
def test_what_is_no_key_signs_nothing(public: bytes) -> None:
    assert not is_signed(public, bytes.fromhex(VECTORS[0][2]), b"")


def test_signature_of_another_length_is_none() -> None:
    public, _, signature = (bytes.fromhex(part) for part in VECTORS[0])
    assert not is_signed(public, signature + b"\0", b"")
    assert not is_signed(public, b"", b"")
