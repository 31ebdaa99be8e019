"""The credit application, from the first step to the decision."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = _("Credit applications")

    def ready(self) -> None:
        """Tell those who configure stores what is open in one, and the vault how blind indexes are made again."""
        from applications.open_work import unfinished_in
        from applications.retention import checks  # noqa: F401  (registers by import)
        from applications.submission.recognising import APPLICATIONS, KNOWN_ACCOUNTS
        from merchants.open_work import told_by
        from vault.reindexing import indexes_at

        told_by(unfinished_in)
        indexes_at(APPLICATIONS)
        indexes_at(KNOWN_ACCOUNTS)
