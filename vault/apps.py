"""Refuses to start with keys that cannot work."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "vault"

    def ready(self) -> None:
        from vault import checks  # noqa: F401  (registers by import)
        from vault.keys import index_keys, keyring

        keyring()
        index_keys()
