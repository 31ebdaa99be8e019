"""An app of its own, because its tables are nobody's evidence: they may be emptied."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "applications.monitoring"
    label = "monitoring"
    default_auto_field = "django.db.models.BigAutoField"
