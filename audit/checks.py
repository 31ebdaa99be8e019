"""What a start refuses about the signing key and the witnesses."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security)
def signing_key_is_no_other_key(**_: Any) -> list[Error]:
    """Whoever may sign checkpoints must not thereby open answers, nor the other way round."""
    others = {entry.partition(":")[2].strip() for entry in settings.VAULT_KEYS.split(",")}
    others |= {settings.VAULT_INDEX_KEY.strip()}
    if settings.AUDIT_SIGNING_KEY.strip() not in others:
        return []
    return [
        Error(
            "AUDIT_SIGNING_KEY is also a key of the vault.",
            hint="Give it 32 random bytes of its own.",
            id="audit.E001",
        )
    ]


@register()
def messages_to_witnesses_can_be_sent(**_: Any) -> list[Error]:
    """Without a server, what is sent to a witness by e-mail goes nowhere, and nobody would notice."""
    if settings.EMAIL_URL or not any(witness.startswith("email:") for witness in settings.AUDIT_WITNESSES):
        return []
    hint = "Set EMAIL_URL, or take the address out of AUDIT_WITNESSES."
    return [Error("AUDIT_WITNESSES has an e-mail address, but there is no mail server.", hint=hint, id="audit.E002")]
