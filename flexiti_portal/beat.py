"""Celery's scheduler, which begins anew where a process that was killed left a damaged file."""

import logging

from celery.beat import PersistentScheduler

logger = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):
    """Celery looks at the keys only before it trusts the file; a damaged value ended beat, and its worker lived on.

    The file says when each task ran last, and may be lost (docs/operations.md).
    """

    def setup_schedule(self) -> None:
        try:
            super().setup_schedule()
        except Exception as problem:  # whatever comes of reading what is no pickle
            logger.warning("The file of beat's schedule was damaged, it begins anew: %s", type(problem).__name__)
            self._remove_db()
            super().setup_schedule()
