"""The Celery application: a message is only a nudge, the database row is the truth (design.md §3)."""

import json
import logging
import os
from typing import Any

import structlog
from celery import Celery, Task
from celery.apps import worker as workers
from celery.signals import celeryd_init, setup_logging, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "flexiti_portal.settings")

app = Celery("flexiti_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "audit",
        "merchants",
        "applications.submission",
        "applications.statistics",
        "applications.retention",
    ]
)


@celeryd_init.connect
@setup_logging.connect
def log_as_the_portal_does(**_: Any) -> None:
    """Take the place of Celery's own handlers and formats, from the first line on."""
    from django.conf import settings

    from flexiti_portal import logs

    logs.configure(settings.LOGGING)
    logging.captureWarnings(True)
    if settings.LOG_FORMAT == logs.JSON:
        workers.safe_say = _say_in_json  # it writes around the logging, from inside a signal handler


@task_prerun.connect
def begin_a_task(task_id: str, task: Task, **_: Any) -> None:
    """Put the task on every line it writes, and nothing of the task that this thread did before."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task_id=task_id, task=task.name)


def _say_in_json(message: str, _stream: Any = None) -> None:
    line = json.dumps({"level": "warning", "logger": "celery.apps.worker", "event": message})
    os.write(2, f"{line}\n".encode())
