"""Where keys come from: the environment or a file, unless `VAULT_KEY_SOURCE` names something else.

A class of your own may ask a key management service: it has these two methods, takes no arguments, is made once in each
process, and is asked whenever something is opened, so it remembers what it was given.
"""

from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


class KeySource(Protocol):
    """Gives keys as text: `k2:<base64 of 32 bytes>,k1:<…>`, separated by commas or lines, the newest first."""

    def encryption_keys(self) -> str: ...

    def index_keys(self) -> str: ...


class KeysFromSettings:
    """`VAULT_KEYS` and `VAULT_INDEX_KEY`; django-environ reads them from the environment, or a file that it names."""

    def encryption_keys(self) -> str:
        return str(settings.VAULT_KEYS)

    def index_keys(self) -> str:
        return str(settings.VAULT_INDEX_KEY)


def key_source() -> KeySource:
    """The one source of this process; raises ImproperlyConfigured when there is no such class."""
    return _source(settings.VAULT_KEY_SOURCE)


@lru_cache(maxsize=4)
def _source(path: str) -> KeySource:
    try:
        source: KeySource = import_string(path)()
    except ImportError as problem:
        raise ImproperlyConfigured(f"VAULT_KEY_SOURCE names no class: {problem}") from problem
    return source
