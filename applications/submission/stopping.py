"""A worker that was told to stop finishes its calls and begins no other.

Celery stops taking messages at its next turn; one that arrives before that still reaches a task.
"""

from celery.exceptions import Reject
from celery.worker import state


def leave_to_others_when_stopping() -> None:
    """Give the message back to the broker. Raises Reject."""
    if state.should_stop is not None:  # it is then the exit code, mostly 0
        raise Reject("this worker is stopping", requeue=True)
