"""Refuses to start with keys that cannot work."""

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class VaultConfig(AppConfig):
    name = "vault"

    def ready(self) -> None:
        from vault import checks  # registers by import
        from vault.keys import index_keys, keyring

        keyring()
        index_keys()
        unfit_keys = [*checks.no_key_serves_twice(), *checks.keys_are_fit_for_applicants()]
        for unfit in unfit_keys:  # web and worker run no checks
            raise ImproperlyConfigured(f"{unfit.msg} {unfit.hint} ({unfit.id})")
