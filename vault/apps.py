"""Refuses to start with keys that cannot work."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "vault"

    def ready(self) -> None:
        from vault import checks  # noqa: F401  (registers by import)
        from vault.keys import index_key, keyring

        keyring()
        index_key()
