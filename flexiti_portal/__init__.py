"""Wiring: settings, URLs, Celery and WSGI. No business rules live here."""

from flexiti_portal.celery import app as celery_app

__all__ = ["celery_app"]
