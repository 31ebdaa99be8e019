"""An app of its own, because its tables are nobody's evidence: they can be made again from the applications."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "applications.statistics"
    label = "statistics"
    default_auto_field = "django.db.models.BigAutoField"
