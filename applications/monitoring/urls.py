"""Addresses for machines."""

from django.urls import path

from applications.monitoring import views
from flexiti_portal.middleware import BROWSER_REPORTS

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics_page, name="metrics"),
    path(BROWSER_REPORTS.removeprefix("/"), views.browser_reports, name="browser_reports"),
]
