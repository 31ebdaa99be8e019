"""Work that one process does at a time, whichever notices first that it is due."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache


@contextmanager
def only_one(work: str, *, longest_seconds: int) -> Iterator[bool]:
    """Whether nobody else is at this work: who gets False leaves it. Who dies at it holds it for `longest_seconds`."""
    is_free = cache.add(work, 1, timeout=longest_seconds)
    try:
        yield is_free
    finally:
        if is_free:
            cache.delete(work)
