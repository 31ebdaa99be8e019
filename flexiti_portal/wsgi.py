"""WSGI entry point for gunicorn."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "flexiti_portal.settings")
django.setup(set_prefix=False)

from flexiti_portal.unreadable_requests import Handler  # noqa: E402

application = Handler()
