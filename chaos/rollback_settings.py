"""The portal's settings, with the other pattern in place of its own submission (control.py)."""

from flexiti_portal.settings import *  # noqa: F403
from flexiti_portal.settings import CELERY_BROKER_TRANSPORT_OPTIONS, CELERY_TASK_ROUTES, env

ROOT_URLCONF = "chaos.rollback_urls"
CELERY_IMPORTS = ("chaos.rollback",)
CELERY_TASK_ROUTES = {**CELERY_TASK_ROUTES, "chaos.rollback.send": {"queue": "deliveries"}}
# In the pattern's favour: what a killed worker held is given to another one within the run, not after an hour.
VISIBILITY_SECONDS = env.int("ROLLBACK_VISIBILITY_SECONDS", default=120)
CELERY_BROKER_TRANSPORT_OPTIONS = {**CELERY_BROKER_TRANSPORT_OPTIONS, "visibility_timeout": VISIBILITY_SECONDS}
