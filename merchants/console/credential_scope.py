"""The credentials an administrator may look after."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from merchants.console.scope import ConsoleRequest, merchant_or_404
from merchants.models import Credential


def credential_or_404(request: ConsoleRequest, merchant_id: UUID, credential_id: UUID) -> Credential:
    """A credential of a merchant this person administers, or a 404 that does not tell whether there is one."""
    merchant = merchant_or_404(request, merchant_id)
    found: Credential = get_object_or_404(merchant.credentials.select_related("merchant", "circuit"), pk=credential_id)
    return found
