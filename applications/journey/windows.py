"""Two windows on one draft: what a page was built from, so that an older page never overwrites silently."""

import json

from applications.answers import Answers
from vault.digests import keyed_digest

_LENGTH = 32


def seen(answers: Answers, step: str) -> str:
    """A keyed mark of a step's saved answers, sent with its page and back; empty when nothing was saved yet."""
    saved = answers.saved.get(step)
    if saved is None:
        return ""
    canonical = json.dumps(saved, sort_keys=True, ensure_ascii=False).encode()
    return keyed_digest(canonical, purpose="page-built-from")[:_LENGTH]
