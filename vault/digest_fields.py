"""Columns for digests: wide enough for the id of their key, and found by what looks for those of former keys."""

from typing import Any

from django.db import models

_LONGEST_ID = 17  # with its dot


class BlindIndexField(models.CharField):
    """What `vault.digests.blind_index` gave, or nothing. Made again after a change of keys (`vault.reindexing`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 32 + _LONGEST_ID, "blank": True, **kwargs})


class KeyedDigestField(models.CharField):
    """What `vault.digests.keyed_digest` gave. What it is of is gone, so it keeps naming the key it was made with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 64 + _LONGEST_ID, **kwargs})
