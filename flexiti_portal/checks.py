"""What must hold beyond the presence of a setting."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def debug_is_off(**_: Any) -> list[Error]:
    """A page with a traceback would show an applicant's answers."""
    if settings.DEBUG:
        return [Error("DEBUG is on.", hint="Unset DEBUG: error pages would show answers.", id="portal.E001")]
    return []
