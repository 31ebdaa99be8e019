"""Rotating a merchant's credential while fifty submissions a second go out with it.

python -m benchmarks.rotation --size 3000

A new key is made at the sandbox, added, tested and put into use, again and again; right after each switch the sandbox
revokes the old key and its tokens, so that every call under way with it is refused.
"""

import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from chaos.measure import Measure, Run, main
from chaos.results import Figure, at_least, must_be, told
from chaos.stack import Shape, Stack, portal_in_this_process, running

if TYPE_CHECKING:
    from benchmarks.paced import Paced
    from merchants.models import Credential

PER_SECOND = 50.0
_LEAST_PER_SECOND = 45.0  # the associates' own threads share the machine with everything else
_ROTATE_EVERY_SECONDS = 10.0
_BRISK_PER_SECOND, _BRISK_SECONDS = 10.0, 2.0  # few submissions still last longer than a rotation
_DELIVERED_WITHIN = 300.0
_LATENCY = (0.2, 0.8)
_ASSOCIATES = ("associate",) * 10 + ("manager",) * 6


def run(given: Run) -> Iterable[Figure]:
    """`given.size` submissions."""
    with running(given.folder, Shape(), CREDENTIAL_KEEP_HOURS="0") as stack:
        portal_in_this_process(stack)
        from applications.statuses import IN_FLIGHT
        from benchmarks.paced import Paced
        from chaos.drafts import make_drafts
        from chaos.storm import calm

        given.say("making drafts")
        drafts = make_drafts(given.size, given.random, username="associate")
        stack.lender.latency(apply=list(_LATENCY), search=0.05)
        per_second = _BRISK_PER_SECOND if given.brisk else PER_SECOND
        paced = Paced(stack.url, _ASSOCIATES, drafts, per_second=per_second)
        given.say("submitting")
        paced.start()
        rotations = _rotate_until_over(given, stack, paced)
        given.say(f"{len(paced.acknowledged)} acknowledged, {rotations} rotations; delivering the rest")
        calm(given, stack, IN_FLIGHT, within=_DELIVERED_WITHIN)
        rotations += _rotated(stack, rotations + 1)
        return [*_of_submitting(given, paced), told("rotations", rotations), *_promises(stack), *_of_secrets()]


def _rotate_until_over(given: Run, stack: Stack, paced: "Paced") -> int:
    """How often; the first time after a moment, so that something is under way."""
    every = _BRISK_SECONDS if given.brisk else _ROTATE_EVERY_SECONDS
    rotations, next_at = 0, time.monotonic() + every / 2
    while not paced.is_over:
        stack.check()
        time.sleep(0.1)
        if time.monotonic() > next_at:
            rotations += _rotated(stack, rotations + 1)
            given.say(f"rotation {rotations}, {len(paced.acknowledged)} acknowledged")
            next_at += every
    return rotations


def _rotated(stack: Stack, number: int) -> int:
    """One rotation as an administrator makes it; 1, to be counted. The old key is revoked as soon as it is replaced."""
    from merchants.credentials import rotation
    from merchants.credentials.connection import check_connection
    from merchants.models import Credential, User

    administrator = User.objects.get(username="admin")
    old = _in_use()
    keys = {"client_id": f"rotated-{number}", "client_secret": f"secret-of-rotation-{number}"}
    stack.lender.control("PUT", "keys", {**keys, "of": old.client_id})
    new = Credential(merchant=old.merchant, environment=old.environment, base_url=old.base_url, **keys)
    rotation.add(new, by=administrator)
    if not check_connection(new, by=administrator).has_passed:
        raise AssertionError("the sandbox refuses the key that it has just been given")
    rotation.switch(new, by=administrator)
    stack.lender.control("DELETE", "keys", {"client_id": old.client_id})
    return 1


def _in_use() -> "Credential":
    from merchants.models import Credential

    return Credential.objects.select_related("merchant").get(
        is_active=True, merchant__memberships__user__username="admin"
    )


def _of_submitting(given: Run, paced: "Paced") -> list[Figure]:
    rate = round(paced.rate, 1)
    return [
        must_be("acknowledged", len(paced.acknowledged), given.size),
        told("acknowledged per second", rate)
        if given.brisk
        else at_least("acknowledged a second", rate, _LEAST_PER_SECOND),
        told("errors that associates saw before", paced.errors),
    ]


def _promises(stack: Stack) -> list[Figure]:
    from collections import Counter

    from applications.models import Application, SubmissionAttempt
    from applications.statuses import IN_FLIGHT, Status
    from applications.submission.decisions import Decision
    from audit.models import Event
    from audit.names import EventName

    failed = SubmissionAttempt.objects.filter(outcome=Status.FAILED)
    decisions = [Decision.from_json(attempt.answer) for attempt in failed if attempt.answer]
    ended = Counter(Application.objects.values_list("status", flat=True))
    accepted = [flow.accepted for flow in stack.lender.flows().values()]
    return [
        must_be("failed for reasons of credentials", sum(one.is_refused_credential for one in decisions), 0),
        must_be("not delivered in the end", sum(ended[status] for status in IN_FLIGHT), 0),
        must_be("accepted more than once by the lender", sum(times > 1 for times in accepted), 0),
        told("handed over after a refusal of apply", Event.objects.filter(name=EventName.HANDED_OVER).count()),
        told("credentials with which something was sent", _credentials_used()),
        *(told(f"in the end {status}", number) for status, number in sorted(ended.items())),
    ]


def _credentials_used() -> int:
    from applications.models import SubmissionAttempt

    return SubmissionAttempt.objects.exclude(sending_since=None).values("credential").distinct().count()


def _of_secrets() -> list[Figure]:
    """Nothing is under way any more, so nothing but the last one may still hold a secret."""
    from applications.submission.retiring import erase_retired_credentials
    from merchants.models import Credential

    erase_retired_credentials()
    kept = Credential.objects.filter(is_active=False, erased_at=None).count()
    return [must_be("replaced credentials that still hold secrets", kept, 0)]


MEASURE = Measure(
    "rotation",
    "Rotating a credential under fifty submissions a second",
    "submissions",
    long=3_000,
    run=run,
    package="benchmarks",
)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
