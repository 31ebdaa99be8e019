"""Keys that must never guard a real applicant: a demonstration's own, and those that somebody made up.

A demonstration's keys are recognised wherever they are copied to and whatever they are called there: half of each is
random, as strong as AES-128, and the other half follows from it. This module knows no Django, because `make run` makes
keys with it.
"""

import hashlib
import secrets
import string
from itertools import pairwise

_HALF = 16
_MARK = "demonstration-"
_NOT_RANDOM = (_MARK, "django-insecure-", "tests-only-")
_PRINTABLE = frozenset(string.printable.encode())
_FEW = 12  # of 32 random bytes some 30 are different, and so are the steps from one to the next


def demonstration_key() -> bytes:
    """A new key of 32 bytes that `is_of_a_demonstration`."""
    random = secrets.token_bytes(_HALF)
    return random + _follows_from(random)


def demonstration_secret() -> str:
    """A new SECRET_KEY that `is_no_secret`, except to the demonstration itself."""
    return _MARK + secrets.token_urlsafe(50)


def is_of_a_demonstration(key: bytes) -> bool:
    return key[_HALF:] == _follows_from(key[:_HALF])


def is_made_up(key: bytes) -> bool:
    """Whether these bytes are a text, few different ones, or a series, as in examples; never so by chance."""
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    return set(key) <= _PRINTABLE or len(set(key)) < _FEW or len(steps) < _FEW


def is_no_secret(secret: str) -> bool:
    """Whether this SECRET_KEY is a demonstration's, an example, too short, or one character over and over."""
    return secret.startswith(_NOT_RANDOM) or len(secret) < 50 or len(set(secret)) < _FEW


def _follows_from(random: bytes) -> bytes:
    return hashlib.sha256(b"a key of a demonstration" + random).digest()[:_HALF]
