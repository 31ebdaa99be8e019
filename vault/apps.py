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
        for unfit in checks.keys_are_fit_for_applicants():  # web and worker run no checks
            raise ImproperlyConfigured(f"{unfit.msg} {unfit.hint} ({unfit.id})")
