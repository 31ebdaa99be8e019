"""`python -m benchmarks.merchant`: the merchant, its stores and its people. Needs the portal's environment."""

import sys

import django


def make_merchant() -> None:
    """Forty stores in four provinces, five associates in each, and the people who sign in."""
    from benchmarks.stock import (
        ASSOCIATES_OF_A_STORE,
        MANAGER,
        MANAGER_OF_ONE,
        MANAGER_OF_SOME,
        MERCHANT,
        OPERATOR,
        SOME,
        STORES,
    )
    from merchants.demonstration import MERCHANTS, PASSWORD
    from merchants.models import Credential, Environment, Merchant, Role, Store, User

    merchant = Merchant.objects.create(name=MERCHANT, support_contact="–")
    demo = Credential.objects.filter(merchant__name=MERCHANTS[0].name).get()
    Credential.objects.create(
        merchant=merchant,
        environment=Environment.SANDBOX,
        base_url=demo.base_url,
        client_id=demo.client_id,
        client_secret=demo.client_secret,
    )
    places = (("Toronto", "ON"), ("Montréal", "QC"), ("Québec", "QC"), ("Vancouver", "BC"), ("Calgary", "AB"))
    stores = []
    for number in range(STORES):
        city, province = places[number % len(places)]
        stores.append(
            Store.objects.create(merchant=merchant, name=f"{city} {number + 1}", city=city, province=province)
        )
        for associate in range(ASSOCIATES_OF_A_STORE):
            user = User.objects.create(username=f"associate-{number}-{associate}", first_name="Alex", last_name=city)
            user.memberships.create(merchant=merchant, role=Role.ASSOCIATE).stores.set([stores[-1]])
    for name, theirs in ((MANAGER, stores), (MANAGER_OF_SOME, stores[:SOME]), (MANAGER_OF_ONE, stores[:1])):
        user = User.objects.create_user(name, password=PASSWORD)
        user.memberships.create(merchant=merchant, role=Role.MANAGER).stores.set(theirs)
    User.objects.create_superuser(OPERATOR, password=PASSWORD)


def vacuum() -> None:
    """What the server does by itself in quiet hours: mark pages as visible, learn how values are spread."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE, FREEZE)")


if __name__ == "__main__":
    django.setup()
    vacuum() if "--vacuum" in sys.argv else make_merchant()
