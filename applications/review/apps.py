"""An app of its own: what managers add to an application beside what happened to it."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "applications.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"
