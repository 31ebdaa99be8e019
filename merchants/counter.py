"""Who stands at the counter, for whom, and where: what every page of the counter needs to know."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from audit.events import record
from audit.names import EventName
from merchants.credentials import alerts
from merchants.models import Credential, Environment, Membership, Merchant, Role, Store, User
from merchants.selectors import credential_for, stores_for

CHOSEN_STORE = "store"


@dataclass(frozen=True)
class Counter:
    """One request's view of the person signed in.

    `store` is None until one is chosen, and always for administrators. `credential_alert` is a sentence in the active
    language, empty when nothing is wrong. `is_demonstration` is true wherever no real application can be made.
    """

    membership: Membership
    merchant: Merchant
    store: Store | None
    credential: Credential | None
    merchant_name: str
    environment_label: str
    credential_alert: str
    is_demonstration: bool


class CounterRequest(HttpRequest):
    """A request of a person who is signed in, after the middleware."""

    user: User
    counter: Counter | None


def counter_of(membership: Membership, *, chosen_store: str | None) -> Counter:
    """The counter of a membership; a chosen store that is not (or no longer) among its stores counts as not chosen."""
    merchant = membership.merchant
    credential = credential_for(merchant)
    speaks_to_staff = membership.role != Role.ADMINISTRATOR
    alert = alerts.for_staff if speaks_to_staff else alerts.for_administrators
    return Counter(
        membership=membership,
        merchant=merchant,
        store=_store_of(membership, chosen_store),
        credential=credential,
        merchant_name=(credential and credential.merchant_name) or merchant.name,
        environment_label=credential.get_environment_display() if credential else "",
        credential_alert=alert(merchant, credential),
        is_demonstration=_is_demonstration(credential),
    )


@transaction.atomic
def take_place(request: HttpRequest, store: Store, *, by: User) -> None:
    """Stand in this store from the next request on."""
    request.session[CHOSEN_STORE] = str(store.pk)
    record(EventName.STORE_CHOSEN, subject=store, merchant_id=str(store.merchant_id), by=by)


def _store_of(membership: Membership, chosen_store: str | None) -> Store | None:
    if not membership.takes_applications:
        return None
    stores = list(stores_for(membership))
    if len(stores) == 1:
        return stores[0]
    return next((store for store in stores if str(store.pk) == chosen_store), None)


def _is_demonstration(credential: Credential | None) -> bool:
    if credential is None:
        return bool(settings.DEMONSTRATION)
    return credential.environment != Environment.PRODUCTION
