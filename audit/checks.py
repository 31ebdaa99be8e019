"""What a start refuses about the witnesses."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register()
def messages_to_witnesses_can_be_sent(**_: Any) -> list[Error]:
    """Without a server, what is sent to a witness by e-mail goes nowhere, and nobody would notice."""
    if settings.EMAIL_URL or not any(witness.startswith("email:") for witness in settings.AUDIT_WITNESSES):
        return []
    hint = "Set EMAIL_URL, or take the address out of AUDIT_WITNESSES."
    return [Error("AUDIT_WITNESSES has an e-mail address, but there is no mail server.", hint=hint, id="audit.E001")]
