"""What a log line does not carry: the values that libraries put into their messages.

House rule: what we log ourselves names things by their ids. Libraries know no such rule, and a traceback ends in a
message such as `Key (email)=(…) already exists`.
"""

import re
import traceback
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from psycopg import OperationalError as PsycopgOperationalError
from structlog.typing import EventDict, ExcInfo, WrappedLogger

# Their messages speak of code, machines and connections. Of every other exception only the kind is told.
_SPEAKS_OF_MACHINES = (
    AttributeError,
    ImportError,
    ImproperlyConfigured,
    InterfaceError,
    NameError,
    OperationalError,
    PsycopgOperationalError,
)
_OUR_ROOMS = ("applications", "audit", "flexiti_portal", "merchants", "posapi", "vault")
_REFUSED = "django.security."
_OF_THE_BROKER = ("amqp", "kombu", "redis")

# A one-time link is a password of its own for some days.
_ONE_TIME_LINK = re.compile(r"(?<=/welcome/)[^\s/'\"?]+")
_QUERY = re.compile(r"\?[^\s'\"?]*=[^\s'\"]*")
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_MANY_DIGITS = re.compile(r"(?<![\w.:/-])\+?(?:\d[ .-]?){8,18}\d(?![\w-])")


def without_links(text: str) -> str:
    """A path or a message in which one-time links became marks."""
    return _ONE_TIME_LINK.sub("…", text)


def without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A net under the house rule: query strings, e-mail addresses and long numbers (SIN, phone, card) become marks."""
    for name in ("event", "exception"):
        text = event.get(name)
        if isinstance(text, str):
            event[name] = _MANY_DIGITS.sub("#", _E_MAIL.sub("@", _QUERY.sub("?…", without_links(text))))
    return event


def celery_failure(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Celery repeats the exception and its traceback inside the message: keep what it says of the task."""
    record = event.get("_record")
    if record is not None and record.name == "celery.app.trace" and event.get("exc_info"):
        event["event"] = "Task {name}[{id}] {description}".format_map(record.data)
    return event


def refused_request(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What Django refuses (a form too large, a host that is not ours) is no failure of ours: of it only the kind.

    Anybody can send such a thing, thousands of times; and Django's message may quote it.
    """
    record = event.get("_record")
    if record is not None and record.name.startswith(_REFUSED) and event.pop("exc_info", None):
        event.update(event=f"Refused: {record.name.removeprefix(_REFUSED)}", level="warning")
    return event


def what_went_wrong(exc_info: ExcInfo) -> str:
    """A traceback with code lines but, beyond what speaks of machines, without messages."""
    return "".join(_told(exc_info[1], set())).rstrip()


def _told(error: BaseException, already: set[int]) -> Iterator[str]:
    already.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in already:
        yield from _told(before, already)
        yield "which led to:\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{_name(type(error))}{_message(error)}\n"


def _message(error: BaseException) -> str:
    room = type(error).__module__.partition(".")[0]
    is_of_the_system = room == "builtins" and isinstance(error, OSError)
    if is_of_the_system or room in (*_OUR_ROOMS, *_OF_THE_BROKER) or isinstance(error, _SPEAKS_OF_MACHINES):
        return f": {error}"
    return " (its message is withheld)"


def _name(kind: type[Any]) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
