"""How every process logs: one JSON object a line, for the lines of libraries too; or plain lines for a person.

Lines carry ids (`reference_id` of the flow, `request_id`, `user_id`, `task_id`), outcomes and durations, never an
applicant's data (flexiti_portal/discretion.py).
"""

import logging.config
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

from flexiti_portal import discretion

JSON, LINES = "json", "lines"

_BEGINNING: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.ExtraAdder(allow={"reference_id"}),  # posapi knows the id, and nothing of structlog
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_END = {
    JSON: structlog.processors.JSONRenderer(),
    LINES: structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, sort_keys=False),
}
# What would say in every line what another line says better, or would show values.
_QUIET = {
    "celery.beat": "WARNING",  # "sending due task": the task's own line follows
    "celery.worker.strategy": "WARNING",  # "received": the line at the end of the task has its duration too
    "django.db.backends": "WARNING",  # SQL with its parameters
    "django.request": "CRITICAL",  # flexiti_portal/request_log.py says it with the ids
    "gunicorn.access": "CRITICAL",  # it shows queries; the request log does not
    "psycopg": "WARNING",
    "psycopg.pool": "ERROR",  # each look at a database that is away; who needed it says so
    "urllib3": "WARNING",  # addresses with their query
}


# Libraries that bring handlers of their own.
_WITH_HANDLERS = ("django", "django.server", "gunicorn.access", "gunicorn.error")
# Every few seconds, and their last run can be seen in /metrics: worth a line only when they fail.
_ROUTINE = frozenset({"applications.submission.tasks.sweep", "merchants.tasks.probe_circuits"})


class Routine(logging.Filter):
    """Leaves out Celery's line for a task of routine that went well."""

    def filter(self, record: logging.LogRecord) -> bool:
        data = getattr(record, "data", {})
        return record.levelno > logging.INFO or data.get("name") not in _ROUTINE


def configuration(form: str, level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`. form: `json` or `lines`; level: a name such as INFO."""
    if form not in _END:
        raise ImproperlyConfigured(f"LOG_FORMAT is {form!r}. Give {JSON} or {LINES}.")
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _BEGINNING,
        "processors": [
            discretion.celery_failure,
            discretion.refused_request,
            structlog.processors.ExceptionRenderer(discretion.what_went_wrong),
            discretion.without_values,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _END[form],
        ],
    }
    loggers: dict[str, dict[str, Any]] = {name: {"level": quiet} for name, quiet in _QUIET.items()}
    for name in _WITH_HANDLERS:
        loggers.setdefault(name, {}).update(handlers=[], propagate=True)
    loggers["celery.app.trace"] = {"filters": ["routine"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"portal": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "portal"}},
        "root": {"handlers": ["stderr"], "level": level},
        "filters": {"routine": {"()": Routine}},
        "loggers": loggers,
    }


def configure(wanted: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: set up logging and hand structlog's lines to it."""
    logging.config.dictConfig(wanted)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_BEGINNING,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
