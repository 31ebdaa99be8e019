"""From an answer to a value or to the exception that names it."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from posapi.calls import Answer, Request
from posapi.errors import PosApiError, error_class, unanswered
from posapi.reading import NotUnderstood

Value = TypeVar("Value")


def understand(request: Request, answer: Answer, read: Callable[[Answer], Value]) -> Value:
    """What `read` makes of a success; every other answer raises its named exception.

    Reading is done in a function that returns its problem, so that the exception's traceback holds no frame
    with the answer's content in it.
    """
    outcome = _outcome(request, answer, read)
    if isinstance(outcome, _Problem):
        raise outcome.error
    return outcome


class _Problem:
    def __init__(self, error: PosApiError) -> None:
        self.error = error


def _outcome(request: Request, answer: Answer, read: Callable[[Answer], Value]) -> Value | _Problem:
    if answer.status != 200 or _is_refusal(answer):
        return _Problem(_refused(request, answer))
    try:
        return read(answer)
    except NotUnderstood as problem:
        reason = str(problem)
    kind = unanswered(request.call.endpoint)
    return _Problem(kind(request.call.endpoint, http_status=200, reference_id=request.reference_id, reason=reason))


def _is_refusal(answer: Answer) -> bool:
    """Whether a 200 carries an error code instead of a result (contract §6.6, conflict 3)."""
    try:
        members = answer.json()
    except NotUnderstood:
        return False
    return isinstance(members, Mapping) and bool(members.get("error")) and not members.get("account_number")


def _refused(request: Request, answer: Answer) -> PosApiError:
    refusal = answer.refusal()
    kind = error_class(request.call.endpoint, answer.status, refusal.code)
    return kind(
        request.call.endpoint,
        http_status=answer.status,
        code=refusal.code,
        message=refusal.message,
        reference_id=request.reference_id,
        field_errors=refusal.field_errors,
        reason=refusal.reason,
    )
