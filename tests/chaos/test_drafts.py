"""Drafts that are made for a measure are begun as any other."""

import random

from applications.models import Application
from applications.statistics.checking import differences
from chaos.drafts import make_drafts
from tests.factories import CredentialFactory, MembershipFactory, StoreFactory


def test_drafts_are_counted_as_begun(db):
    store = StoreFactory()
    CredentialFactory(merchant=store.merchant)
    counter = MembershipFactory(merchant=store.merchant, stores=[store])
    made = make_drafts(3, random.Random(1), username=counter.user.username)
    assert Application.objects.filter(pk__in=[draft.id for draft in made], store=store).count() == 3
    assert not differences()
