"""Makes sure that the demonstration exists. What somebody has changed since stays as it is."""

import os
from argparse import ArgumentParser
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from audit.events import record
from audit.names import EventName
from merchants.demonstration import MERCHANTS, PASSWORD, DemoMerchant, DemoPerson
from merchants.models import Credential, Environment, Membership, Merchant, SessionOutcome, Store, User
from merchants.models.environments import destinations, environment_of
from merchants.staff import align_admin_access
from posapi import Credentials


class Command(BaseCommand):
    help = "Makes sure that the demonstration's merchants, stores, people and credentials exist."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--base-url",
            default=os.environ.get("POSAPI_BASE_URL", ""),
            help="Where the POS API is, ending in /flexiti/pos-api/v2.5 (default: POSAPI_BASE_URL).",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("DEMONSTRATION is off: people with a known password belong to a demonstration only.")
        base_url = _checked(options["base_url"])
        with transaction.atomic():
            for demo in _merchants():
                _seed(demo, base_url=base_url)
        self.stdout.write(f"The demonstration is ready and speaks to {base_url}")


def _checked(base_url: str) -> str:
    if not base_url:
        raise CommandError("Give --base-url or set POSAPI_BASE_URL.")
    try:
        checked = Credentials(base_url, "demo", "demo").base_url
    except ValueError as problem:
        raise CommandError(str(problem)) from problem
    if not destinations().allow(checked):
        raise CommandError("Its host is neither this machine nor one of POSAPI_HOSTS, where credentials may go.")
    if environment_of(checked) == Environment.PRODUCTION:
        raise CommandError("The demonstration does not speak to production: an application there is a real one.")
    return checked


def _merchants() -> tuple[DemoMerchant, ...]:
    """Keys of one's own (POSAPI_CLIENT_ID, POSAPI_CLIENT_SECRET) replace the first merchant's, its sign-in included."""
    client_id, client_secret = os.environ.get("POSAPI_CLIENT_ID"), os.environ.get("POSAPI_CLIENT_SECRET")
    if not (client_id and client_secret):
        return MERCHANTS
    first, *others = MERCHANTS
    own = replace(
        first,
        client_id=client_id,
        client_secret=client_secret,
        merchant_username=os.environ.get("POSAPI_MERCHANT_USERNAME", ""),
        merchant_password=os.environ.get("POSAPI_MERCHANT_PASSWORD", ""),
    )
    return own, *others


def _seed(demo: DemoMerchant, *, base_url: str) -> None:
    merchant, _created = Merchant.objects.get_or_create(
        name=demo.name, defaults={"support_contact": demo.support_contact}
    )
    for store in demo.stores:
        Store.objects.get_or_create(
            merchant=merchant,
            name=store.name,
            defaults={"city": store.city, "province": store.province, "time_zone": store.time_zone},
        )
    for person in demo.people:
        _seed_person(person, merchant)
    _seed_credential(demo, merchant, base_url=base_url)


def _seed_person(person: DemoPerson, merchant: Merchant) -> None:
    if User.objects.filter(username=person.username).exists():
        return
    user = User.objects.create_user(
        person.username,
        password=PASSWORD,
        first_name=person.first_name,
        last_name=person.last_name,
    )
    membership = Membership.objects.create(user=user, merchant=merchant, role=person.role)
    membership.stores.set(merchant.stores.filter(name__in=person.stores))
    align_admin_access(user)


def _seed_credential(demo: DemoMerchant, merchant: Merchant, *, base_url: str) -> None:
    credential = merchant.active_credential
    wanted = _wanted(demo, base_url=base_url, is_new=credential is None)
    credential = credential or Credential(merchant=merchant, used_from=timezone.now())
    is_new = credential._state.adding
    changed = sorted(name for name, value in wanted.items() if getattr(credential, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(credential, name, wanted[name])
    credential.session_outcome, credential.session_checked_at = SessionOutcome.NEVER, None
    credential.save()
    record(
        EventName.CREDENTIAL_CREATED if is_new else EventName.CREDENTIAL_CHANGED,
        subject=credential,
        merchant_id=merchant.pk,
        by=None,
        detail={"environment": credential.environment, "fields": changed},
    )


def _wanted(demo: DemoMerchant, *, base_url: str, is_new: bool) -> dict[str, str | None]:
    """The address follows on every start; keys only at first, or when they are given in the environment."""
    address: dict[str, str | None] = {
        "base_url": base_url,
        "environment": environment_of(base_url) or Environment.SANDBOX.value,
    }
    if not is_new and demo in MERCHANTS:
        return address
    return {
        **address,
        "client_id": demo.client_id,
        "client_secret": demo.client_secret,
        "merchant_username": demo.merchant_username,
        "merchant_password": demo.merchant_password or None,
    }
