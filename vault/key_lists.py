"""Reading keys as they are written down: named, in base64, the newest first."""

import base64
import binascii
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
KEY_ID = re.compile(r"[a-z0-9_-]{1,16}")
_BETWEEN = re.compile(r"[,\n]")
_MAKE_ONE = 'python -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"'


@lru_cache(maxsize=8)
def keys_in(listed: str, variable: str, *, one_without_id: bool = False) -> Mapping[str, bytes]:
    """Keys by id, in their order, of a list separated by commas or lines; raises ImproperlyConfigured.

    `variable` is named when something is wrong; no key is ever shown. `one_without_id`: so it may be, its id is "".
    """
    keys: dict[str, bytes] = {}
    for position, entry in enumerate(_BETWEEN.split(listed.strip()), start=1):
        key_id, colon, encoded = entry.strip().rpartition(":")
        if (colon or not one_without_id) and not KEY_ID.fullmatch(key_id):
            raise _misconfigured(variable, f"entry {position} does not start with a key id and a colon")
        if key_id in keys:
            raise _misconfigured(variable, f"key id {key_id!r} is given twice")
        keys[key_id] = _decoded(encoded, variable=variable, which=f"key {key_id!r}")
    if len(set(keys.values())) < len(keys):
        raise _misconfigured(variable, "the same key is given under two ids")
    return MappingProxyType(keys)


def _decoded(encoded: str, *, variable: str, which: str) -> bytes:
    try:
        key = base64.b64decode(encoded.strip(), altchars=b"-_" if set(encoded) & set("-_") else None, validate=True)
    except (binascii.Error, ValueError):
        raise _misconfigured(variable, f"{which} is not base64") from None
    if len(key) != KEY_BYTES:
        raise _misconfigured(variable, f"{which} is {len(key)} bytes long, not {KEY_BYTES}")
    if len(set(key)) == 1:
        raise _misconfigured(variable, f"{which} repeats a single byte")
    return key


def _misconfigured(variable: str, problem: str) -> ImproperlyConfigured:
    form = '"k2:<key>,k1:<key>", the newest first, each key'
    return ImproperlyConfigured(
        f"{variable}: {problem}. Give {form} the base64 of {KEY_BYTES} random bytes, made with: {_MAKE_ONE}"
    )
