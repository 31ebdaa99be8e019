"""Registers the system checks of the portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "flexiti_portal"

    def ready(self) -> None:
        from flexiti_portal import checks  # noqa: F401  (registers by import)
