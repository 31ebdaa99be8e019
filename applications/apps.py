"""The credit application, from the first step to the decision."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = _("Credit applications")

    def ready(self) -> None:
        """Tell those who configure stores what is open in one."""
        from applications.open_work import unfinished_in
        from merchants.open_work import told_by

        told_by(unfinished_in)
