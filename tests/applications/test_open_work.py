"""What is open in a store, for those who configure it."""

from applications.open_work import unfinished_in
from applications.statuses import Status
from merchants.open_work import OpenWork, open_work
from tests.factories import ApplicationFactory, CredentialFactory, StoreFactory


def test_drafts_and_what_is_on_its_way_are_counted_apart(db):
    store = StoreFactory()
    credential = CredentialFactory(merchant=store.merchant)
    for status in (Status.DRAFT, Status.NEEDS_CORRECTION, Status.SENDING, Status.PENDING, Status.APPROVED):
        ApplicationFactory(store=store, credential=credential, status=status)
    ApplicationFactory(status=Status.DRAFT)  # in another store
    assert [(work.label, work.number) for work in unfinished_in(store)] == [
        ("Drafts", 2),
        ("On their way to Flexiti", 1),
        ("Unknown or under review at Flexiti", 1),
    ]


def test_console_is_told_and_nothing_of_it_when_there_is_nothing(db):
    store = StoreFactory()
    assert open_work(store) == []
    ApplicationFactory(store=store, status=Status.DRAFT)
    assert open_work(store) == [OpenWork("Drafts", 1)]
