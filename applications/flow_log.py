"""The reference id of an application on every line that is logged for it, by whatever library."""

from collections.abc import Iterator
from contextlib import contextmanager

from structlog.contextvars import bind_contextvars, bound_contextvars

from applications.models import Application


def enter_flow(application: Application) -> None:
    """All lines from here on are about this application, until the request or the task ends."""
    bind_contextvars(reference_id=application.reference_id)


@contextmanager
def flow_of(application: Application) -> Iterator[None]:
    """The lines of this block are about this application; for a task that looks after one after the other."""
    with bound_contextvars(reference_id=application.reference_id):
        yield
