"""Which credential goes in the place of one that was replaced (docs/decisions/0016)."""

from merchants.models import Credential


def in_place_of(credential: Credential) -> Credential:
    """The one in use at the same merchant in the same environment, or this one itself when there is none.

    Nothing of one environment ever goes to another: what was entered to try something out would become a real inquiry.
    """
    if credential.is_active:
        return credential
    in_use = credential.merchant.active_credential
    return in_use if in_use and in_use.environment == credential.environment else credential


def is_left_behind(credential: Credential) -> bool:
    """Whether the merchant has gone on to another environment since this one was in use."""
    if credential.is_active:
        return False
    in_use = credential.merchant.active_credential
    return in_use is not None and in_use.environment != credential.environment


def was_replaced(credential: Credential) -> bool:
    """Whether another one took its place since it was read: what it was refused for, the other may be taken for."""
    now = Credential.objects.select_related("merchant").get(pk=credential.pk)
    return in_place_of(now) != credential
