"""The Celery application: a message is only a nudge, the database row is the truth (design.md §3)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "flexiti_portal.settings")

app = Celery("flexiti_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["merchants", "applications.submission", "applications.journey"])
