"""Refuses to start with a signing key or witnesses that cannot work."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Evidence")

    def ready(self) -> None:
        from audit import checks  # noqa: F401  (registers by import)
        from audit.signing import signing_key
        from audit.witnesses import witnesses

        signing_key()
        witnesses()
