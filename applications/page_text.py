"""Text as a page can hold it."""

import re
from typing import Any

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Control characters other than line breaks, and noncharacters (HTML standard, "preprocessing the input stream").
_FORBIDDEN = re.compile(
    "[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "]"
)


def printable(value: Any) -> Any:
    """A text with U+FFFD, as browsers show it, in place of what HTML forbids in any form; other values as they are."""
    return _FORBIDDEN.sub(REPLACEMENT, value) if isinstance(value, str) else value
