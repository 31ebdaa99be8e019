"""A manager's list: what is on it, in which order, page by page, and from which indexes it is read."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from applications.models import CustomerLanguage
from applications.review.filters import Filters
from applications.review.keyset import Position
from applications.review.listing import PAGE_SIZE, Listing, asked_for, people_of
from applications.statuses import Status
from merchants.counter import counter_of
from merchants.models import Environment, Role
from tests.applications.review.rows import BEGAN, applications_in
from tests.factories import CredentialFactory, MembershipFactory, StoreFactory, UserFactory


@pytest.fixture
def store(db):
    return StoreFactory(merchant__name="European Restorations", name="Bloor Street")


@pytest.fixture
def other(store):
    """Another store of the merchant."""
    return StoreFactory(merchant=store.merchant, name="Avenue Road")


@pytest.fixture
def credential(store):
    return CredentialFactory(merchant=store.merchant)


@pytest.fixture
def associate(store):
    user = UserFactory(first_name="Ann", last_name="Roy")
    MembershipFactory(user=user, merchant=store.merchant, stores=[store])
    return user


@pytest.fixture
def make(credential, associate):
    def make(store, number, **columns):
        return applications_in(store, number, **{"by": associate, "credential": credential, **columns})

    return make


def listing(*stores, **filters):
    return Listing(stores[0].merchant, stores, Filters(**filters))


def walked(found):
    """Every application of a list, page by page towards the older ones."""
    page = found.first_page()
    shown = list(page.applications)
    while page.older:
        page = found.page_before(Position.from_cursor(page.older))
        shown += page.applications
    return shown


def test_pages_lead_to_every_application_once_newest_first(store, other, make):
    made = make(store, 70) + make(other, 60, began=BEGAN + timedelta(seconds=30))
    shown = walked(listing(store, other))
    assert shown == sorted(made, key=lambda one: (one.created_at, one.pk), reverse=True)


def test_applications_begun_at_one_moment_are_neither_lost_nor_doubled(store, other, make):
    made = [one for _ in range(40) for place in (store, other) for one in make(place, 2, began=BEGAN)]
    shown = walked(listing(store, other))
    assert (len(shown), set(shown)) == (len(made), set(made))


def test_way_back_shows_the_same_pages(store, other, make):
    make(store, 80), make(other, 80)
    found = listing(store, other)
    first = found.first_page()
    second = found.page_before(Position.from_cursor(first.older))
    third = found.page_before(Position.from_cursor(second.older))
    assert found.page_after(Position.from_cursor(third.newer)) == second
    assert found.page_after(Position.from_cursor(second.newer)) == first
    assert first.newer == "", "nothing is newer than the first page"


def test_short_way_back_shows_the_first_page(store, make):
    made = make(store, PAGE_SIZE + 10)
    newest = list(reversed(made))
    page = listing(store).page_after(Position(newest[20].created_at, newest[20].pk))
    assert page.applications == newest[:PAGE_SIZE]


def test_list_of_nothing_is_empty(store):
    page = listing(store).first_page()
    assert (list(page.applications), page.newer, page.older) == ([], "", "")


def test_other_stores_are_never_on_it(store, other, make):
    make(other, 3)
    mine = make(store, 2)
    assert set(walked(listing(store))) == set(mine)


CASES = {
    "status": {"status": Status.CANCELLED},
    "associate": {},
    "province": {"province": "YT"},
    "language": {"language": CustomerLanguage.FRENCH},
    "environment": {"environment": Environment.TRAINING},
    "days": {"day_from": date(2026, 3, 2), "day_to": date(2026, 3, 2)},
    "amount": {"amount_from": Decimal(9000), "amount_to": Decimal("9000.50")},
}


@pytest.mark.parametrize("case", CASES)
def test_filter_leaves_only_what_matches(store, other, make, case):
    someone = UserFactory()
    wanted = {
        "status": {"status": Status.CANCELLED},
        "associate": {"created_by": someone},
        "province": {"province": "YT"},
        "language": {"language": CustomerLanguage.FRENCH},
        "environment": {"environment": Environment.TRAINING},
        "days": {"began": BEGAN + timedelta(days=1)},
        "amount": {"amount": Decimal("9000.25")},
    }[case]
    make(store, 3), make(other, 3)
    matching = make(store, 2, **wanted) + make(other, 1, **wanted)
    filters = {"associate": someone} if case == "associate" else CASES[case]
    assert set(walked(listing(store, other, **filters))) == set(matching)
    assert set(walked(listing(store, other, store=other, **filters))) == {matching[-1]}


def test_day_is_that_of_the_store(store, make):
    """Half past eight in the evening in Vancouver is another day in UTC."""
    store.time_zone = "America/Vancouver"
    (late,) = make(store, 1, began=BEGAN.replace(hour=4, minute=30))
    assert late.day == date(2026, 2, 28)
    assert walked(listing(store, day_to=date(2026, 2, 28))) == [late]
    assert walked(listing(store, day_from=date(2026, 3, 1))) == []


def test_address_names_only_the_managers_own_stores(store, other, make):
    manager = MembershipFactory(merchant=store.merchant, role=Role.MANAGER, stores=[store])
    make(other, 2)
    counter = counter_of(manager, chosen_store=None)
    form, found = asked_for(counter, QueryDict(f"store={other.pk}"))
    assert found is None
    assert form.errors["store"] == ["This is not one of your stores. Choose one from the list."]
    _, found = asked_for(counter, QueryDict(""))
    assert walked(found) == []


def test_merchant_is_whole_only_with_every_one_of_its_stores(store, other):
    some = MembershipFactory(merchant=store.merchant, role=Role.MANAGER, stores=[store])
    every = MembershipFactory(merchant=store.merchant, role=Role.MANAGER, stores=[store, other])

    def is_whole(membership):
        _, found = asked_for(counter_of(membership, chosen_store=None), QueryDict(""))
        return found.is_whole_merchant

    assert (is_whole(some), is_whole(every)) == (False, True)
    other.is_active = False
    other.save()
    assert not is_whole(every), "the closed store's applications are not theirs to see"


@pytest.mark.parametrize("whole", [True, False])
def test_pages_are_the_same_whichever_index_they_come_from(store, other, make, whole):
    make(store, 30), make(other, 30, began=BEGAN + timedelta(seconds=30))
    found = Listing(store.merchant, (store, other), Filters(day_to=date(2026, 3, 1)), is_whole_merchant=whole)
    assert [one.store for one in walked(found)] == [other, store] * 30


def test_store_that_was_opened_a_moment_ago_is_not_shown_yet(store, other, make):
    newest = StoreFactory(merchant=store.merchant)
    make(store, 2), make(newest, 2), make(other, 2)
    found = Listing(store.merchant, (store, other), Filters(), is_whole_merchant=True)
    assert {one.store for one in walked(found)} == {store, other}


def test_people_are_those_of_these_stores(store, other, associate):
    MembershipFactory(merchant=store.merchant, stores=[other])
    MembershipFactory(merchant=store.merchant, role=Role.ADMINISTRATOR, stores=[store])
    assert people_of(store.merchant, [store]) == [associate]


def test_page_asks_two_questions_however_many_stores(store, other, make):
    make(store, 60), make(other, 60)
    found = listing(store, other, status=Status.APPROVED)
    with CaptureQueriesContext(connection) as queries:
        page = found.first_page()
        assert {one.store.name for one in page.applications} == {"Bloor Street", "Avenue Road"}
        assert {str(one.created_by) for one in page.applications} == {"Ann Roy"}
    merged_here = not connection.features.supports_slicing_ordering_in_compound
    assert len(queries) == (3 if merged_here else 2)


# What a page may read in vain, of 20,000: the edges of a day, and what another filter then leaves out.
_FEW = 2000


@pytest.mark.postgres
def test_no_page_scans_or_sorts_the_table(store, credential):
    """20,000 applications in 8 stores; some values are rare, some absent."""
    people = [UserFactory() for _ in range(16)]
    stores = [store, *(StoreFactory(merchant=store.merchant) for _ in range(7))]
    for number, place in enumerate(stores):
        applications_in(
            place,
            2500,
            by=people[0],
            credential=credential,
            created_by=people[2 * number : 2 * number + 2],
            status=[Status.APPROVED] * 27 + [Status.DECLINED] * 22 + [Status.CANCELLED],
            province=["ON"] * 499 + ["YT"],
            language=[CustomerLanguage.ENGLISH] * 99 + [CustomerLanguage.FRENCH],
            environment=[Environment.SANDBOX] * 1249 + [Environment.TRAINING],
            amount=[Decimal(step * 10) for step in range(1, 2001)],
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE applications_application")
    own = [stores, stores[:3], stores[:1]]
    rare = [
        {"status": Status.CANCELLED},
        {"status": Status.UNKNOWN},
        {"associate": people[0]},
        {"province": "YT"},
        {"province": "NU"},
        {"language": CustomerLanguage.FRENCH},
        {"environment": Environment.TRAINING},
        {"amount_from": Decimal(19990)},
        {"amount_from": Decimal(100), "amount_to": Decimal(200)},
        {"status": Status.CANCELLED, "province": "YT"},
        {"status": Status.APPROVED, "language": CustomerLanguage.FRENCH, "amount_from": Decimal(15000)},
        {"day_from": date(2026, 3, 2), "day_to": date(2026, 3, 2)},
    ]
    middle = Position(BEGAN + timedelta(minutes=1250), store.pk)
    for places in own:
        for filters in [{}, {"status": Status.APPROVED}, *rare]:
            whole = len(places) == len(stores)
            found = Listing(store.merchant, tuple(places), Filters(**filters), is_whole_merchant=whole)
            for name, read in {
                "first": found.first_page,
                "before": lambda found=found: found.page_before(middle),
                "after": lambda found=found: found.page_after(middle),
            }.items():
                with CaptureQueriesContext(connection) as queries:
                    read()
                case = f"{len(places)} stores, {filters}, {name}"
                for query in queries.captured_queries:
                    assert_reads_little(query["sql"], case, may_sort="amount_from" in filters)


def assert_reads_little(sql, case, *, may_sort):
    """By what PostgreSQL really did, not by what it expected."""
    if "applications_application" not in sql:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on applications_application" not in plan, f"{case}:\n{plan}"
    removed = sum(int(number) for number in re.findall(r"Rows Removed by Filter: (\d+)", plan))
    assert removed <= _FEW, f"{case}: {removed} rows were read in vain\n{plan}"
    sorted_rows = [int(rows) for rows in re.findall(r"->  (?:Incremental )?Sort .*?actual rows=(\d+)", plan)]
    assert may_sort or max(sorted_rows, default=0) <= PAGE_SIZE + 1, f"{case}:\n{plan}"
