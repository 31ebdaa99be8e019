"""What gunicorn needs to know: `gunicorn --config python:flexiti_portal.web_server`."""

import gc
import logging

import gunicorn  # type: ignore[import-untyped]
from environ import Env

from flexiti_portal import logs

_env = Env()

gunicorn.SERVER = "portal"  # in the Server header, which is always sent: no product's name
wsgi_app = "flexiti_portal.wsgi:application"
bind = _env.str("WEB_BIND", default="127.0.0.1:8000")
worker_class = "gthread"
workers = _env.int("WEB_WORKERS", default=2)
threads = _env.int("WEB_THREADS", default=8)
timeout = 60
graceful_timeout = _env.int("WEB_GRACE_SECONDS", default=30)
control_socket_disable = True
logconfig_dict = logs.configuration(
    _env.str("LOG_FORMAT", default=logs.JSON), _env.str("LOG_LEVEL", default="INFO").upper()
)
logging.captureWarnings(True)


def post_worker_init(worker: object) -> None:  # noqa: ARG001
    """What is loaded by now stays for good: the garbage collector need not go through it again and again."""
    gc.collect()
    gc.freeze()
