"""Changes to merchants and stores, each in one transaction with its event. Names of fields are kept, never values."""

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction

from audit.events import record
from audit.names import EventName
from merchants.models import Merchant, Store, User


@transaction.atomic
def add_merchant(values: Mapping[str, Any], *, by: User) -> Merchant:
    merchant = Merchant.objects.create(**values)
    record(EventName.MERCHANT_CREATED, subject=merchant, merchant_id=merchant.pk, by=by)
    return merchant


@transaction.atomic
def change_merchant(merchant: Merchant, values: Mapping[str, Any], *, by: User) -> list[str]:
    """The names of the fields that were changed."""
    changed = _write(merchant, values)
    if changed:
        detail = {"fields": changed}
        record(EventName.MERCHANT_CHANGED, subject=merchant, merchant_id=merchant.pk, by=by, detail=detail)
    return changed


@transaction.atomic
def add_store(merchant: Merchant, values: Mapping[str, Any], *, by: User) -> Store:
    store = Store.objects.create(merchant=merchant, **values)
    record(EventName.STORE_CREATED, subject=store, merchant_id=merchant.pk, by=by)
    return store


@transaction.atomic
def change_store(store: Store, values: Mapping[str, Any], *, by: User) -> list[str]:
    """The names of the fields that were changed. Nobody stands in a store that is not active."""
    changed = _write(store, values)
    if changed:
        detail = {"fields": changed}
        record(EventName.STORE_CHANGED, subject=store, merchant_id=store.merchant_id, by=by, detail=detail)
    return changed


def _write(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed
