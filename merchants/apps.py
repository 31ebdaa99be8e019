"""Who is behind the counter."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MerchantsConfig(AppConfig):
    name = "merchants"
    verbose_name = _("Merchants")

    def ready(self) -> None:
        """Tell the vault of the second factors' secrets, which are no column of ours."""
        from allauth.mfa.models import Authenticator

        from merchants.signing_in.second_factor import SEALED_AS
        from vault.resealing import TokensInJSON, seals_elsewhere

        seals_elsewhere(TokensInJSON(Authenticator, "data", SEALED_AS))
