"""Giving checkpoints to witnesses. One that fails is given what it missed the next time, and holds nobody up."""

import logging

from django.utils import timezone

from audit.models import Checkpoint, Standing
from audit.witnesses import Witness, witnesses

logger = logging.getLogger(__name__)


def hand_over() -> list[Standing]:
    """Give every witness the checkpoints that it lacks; how far each is now.

    A new witness begins with the newest checkpoint, which vouches for those before it.
    """
    newest = Checkpoint.newest_number()
    return [_give(witness, newest) for witness in witnesses()] if newest else []


def _give(witness: Witness, newest: int) -> Standing:
    label = witness.label[:200]
    standing, _ = Standing.objects.get_or_create(witness=label, defaults={"number": newest - 1})
    for checkpoint in Checkpoint.objects.filter(number__gt=standing.number).order_by("number").iterator(100):
        try:
            witness.take(checkpoint.number, checkpoint.line())
        except OSError as problem:
            _failed(standing, problem)
            break
        standing.number, standing.failing_since, standing.problem = checkpoint.number, None, ""
        standing.save()
    return standing


def _failed(standing: Standing, problem: OSError) -> None:
    standing.failing_since = standing.failing_since or timezone.now()
    standing.problem = (problem.strerror or str(problem) or type(problem).__name__)[:200]
    standing.save()
    logger.error("A witness did not take a checkpoint: %s: %s", standing.witness, standing.problem)
