"""The credit application, from the first step to the decision."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = _("Credit applications")

    def ready(self) -> None:
        """Tell who cannot ask: the configuration of stores what is open, the vault its indexes, /metrics what stays."""
        from applications.monitoring.figures import Told, also
        from applications.open_work import unfinished_in
        from applications.retention import checks  # noqa: F401  (registers by import)
        from applications.retention.purging import kept_open
        from applications.submission.recognising import APPLICATIONS, KNOWN_ACCOUNTS
        from merchants.open_work import told_by
        from vault.reindexing import indexes_at

        told_by(unfinished_in)
        kept = "Applications kept in full past the period of their answers, because something about them is open."
        also(Told("portal_kept_although_old", kept, lambda: kept_open().count()))
        indexes_at(APPLICATIONS)
        indexes_at(KNOWN_ACCOUNTS)
