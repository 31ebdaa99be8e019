"""Does what was shown, all of it or nothing."""

from collections.abc import Iterable

from django.core import signing
from django.db import transaction

from audit.events import record
from audit.names import EventName
from merchants.console import organising, staffing
from merchants.console.bulk.columns import PERSON, STORE
from merchants.console.bulk.planning import Plan, plan
from merchants.console.bulk.reading import Problem
from merchants.console.bulk.steps import Step, Verb
from merchants.console.links import Link
from merchants.models import Merchant, Role, Store, User

_SALT = "bulk start"
_SHOWN_FOR_SECONDS = 24 * 60 * 60
_OF_A_PERSON = ("first_name", "last_name", "email", "language", "username")


class ShownDiffers(Exception):
    """What would be done is no longer what was shown; `plan` is what it would be now."""

    def __init__(self, now: Plan) -> None:
        super().__init__("The data changed meanwhile.")
        self.plan = now


def seal(shown: Plan, *, by: User) -> str:
    """A signature of what was shown to whom; it holds no value of the file."""
    return signing.dumps({"plan": shown.digest, "by": by.pk}, salt=_SALT)


@transaction.atomic
def apply(merchant: Merchant, text: str, sealed: str, *, by: User) -> list[Link]:
    """The links of the people invited, in the order of the file. Raises ShownDiffers and then has changed nothing."""
    Merchant.objects.select_for_update().get(pk=merchant.pk)
    now = plan(merchant, text, by=by)
    if now.is_refused or not _is_what_was_shown(now, sealed, by):
        raise ShownDiffers(now)
    for step in _of(now, STORE):
        _apply_store(step, merchant, by)
    stores = {store.name: store for store in merchant.stores.all()}
    links = [link for step in _of(now, PERSON) if (link := _apply_person(step, now, stores, by))]
    detail = {f"{kind}_{verb}": number for (kind, verb), number in now.counts.items()}
    record(EventName.BULK_STARTED, subject=merchant, merchant_id=merchant.pk, by=by, detail=detail)
    return links


def _is_what_was_shown(now: Plan, sealed: str, by: User) -> bool:
    try:
        shown = signing.loads(sealed, salt=_SALT, max_age=_SHOWN_FOR_SECONDS)
    except signing.BadSignature:
        return False
    return bool(shown == {"plan": now.digest, "by": by.pk})


def _of(now: Plan, kind: str) -> Iterable[Step]:
    return (step for step in now.steps if step.kind == kind and step.verb != Verb.LEAVE)


def _apply_store(step: Step, merchant: Merchant, by: User) -> None:
    if step.store is None:
        organising.add_store(merchant, step.values, by=by)
    else:
        organising.change_store(step.store, step.values, by=by)


def _apply_person(step: Step, now: Plan, stores: dict[str, Store], by: User) -> Link | None:
    details = staffing.Details(
        **{name: step.values[name] for name in _OF_A_PERSON},
        role=Role(step.values["role"]),
        stores=(*(stores[name] for name in step.values["stores"]), *_kept(step)),
    )
    if step.membership is None:
        return staffing.invite(now.merchant, details, by=by)
    try:
        staffing.change(step.membership, details, by=by)
    except staffing.NotAllowed as problem:  # two rows together do what neither does alone
        refusal = Problem(step.line, "", str(problem))
        raise ShownDiffers(Plan(now.merchant, now.steps, (refusal,))) from problem
    return None


def _kept(step: Step) -> Iterable[Store]:
    """Stores out of use stay with those who have them: a file does not speak of these."""
    if step.membership is None or step.values["role"] == Role.ADMINISTRATOR:
        return ()
    return (store for store in step.membership.stores.all() if not store.is_active)
