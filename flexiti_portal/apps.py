"""Registers the system checks of the portal, and its own site of the Django admin."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    name = "flexiti_portal"

    def ready(self) -> None:
        from flexiti_portal import checks  # noqa: F401  (registers by import)


class AdministrationConfig(AdminConfig):
    default_site = "merchants.admin_site.PortalSite"
