"""Celery entry points."""

from celery import shared_task

from applications.retention import purging

# A run leaves the threads of upkeep to others after so long, and goes on a moment later.
_SECONDS, _PAUSE = 120.0, 5


@shared_task
def purge_by_the_hour() -> None:
    purging.purge_by_the_hour()


@shared_task
def purge() -> None:
    """Purge what is due. What is left when its time is over is for the next message."""
    run = purging.purge(seconds=_SECONDS)
    if not run.is_complete:
        purge.apply_async(countdown=_PAUSE)
