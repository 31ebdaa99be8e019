"""The lender's messages arrive as HTML from outside (contract §1.4): kept readable, made harmless."""

import nh3
from django.utils.safestring import SafeString, mark_safe

# The four tags of the vendor's messages; everything else is dropped, its text kept.
_MESSAGE_TAGS = {"p", "br", "strong", "em"}


def sanitised_message(message: str) -> SafeString:
    """A message of the lender as safe HTML: a heading becomes a bold paragraph, attributes and links go."""
    headings_bold = message.replace("<h1>", "<p><strong>").replace("</h1>", "</strong></p>")
    return mark_safe(nh3.clean(headings_bold, tags=_MESSAGE_TAGS, attributes={}))  # noqa: S308  # nosec  (cleaned above)
