"""The list of a manager's applications, newest first, a page at a time and never counted.

Each store is a branch, cut to a page in the order of an index (branches.py by the models). What serves which filter:

| filter | index of a branch |
| --- | --- |
| none, days | `applications_of_store` (store, created_at, id); for a manager of all stores `applications_of_merchant` |
| status | `narrowed_by_status` (store, status, created_at, id, and what else narrows) |
| associate | `narrowed_by_created_by` (store, created_by, created_at, id, …) |
| province | `narrowed_by_province` (store, province, created_at, id, …) |
| language | `narrowed_by_language` (store, language, created_at, id, …) |
| environment | `narrowed_by_environment` (store, environment, created_at, id, …) |
| amount | `applications_by_amount` (store, amount, created_at, id) while few match, else as without a filter |
| several | the one of them that fewest applications match; the others are tested within it |
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.http import QueryDict

from applications.branches import first_of
from applications.models import Application
from applications.review.filter_form import FilterForm
from applications.review.filters import Filters
from applications.review.keyset import NEWEST_FIRST, OLDEST_FIRST, Position
from applications.review.scope import stores_of_manager
from merchants.counter import Counter
from merchants.models import Membership, Merchant, Role, Store, User

PAGE_SIZE = 50

# What a list shows. Everything else stays in the database.
_SHOWN = (
    "merchant reference_id status language answers environment province amount created_at erased_at store created_by "
    "created_by__first_name created_by__last_name created_by__username"
).split()


@dataclass(frozen=True)
class Page:
    """Some applications, newest first. A cursor is empty where the list ends."""

    applications: Sequence[Application]
    newer: str = ""
    older: str = ""


@dataclass(frozen=True)
class Listing:
    """The applications of these stores, narrowed. The stores are a manager's own (`asked_for`).

    `is_whole_merchant`: the merchant has no other store, so its own index leads to no row in vain.
    """

    merchant: Merchant
    stores: tuple[Store, ...]
    filters: Filters
    is_whole_merchant: bool = False

    def first_page(self) -> Page:
        """The newest."""
        return self._page(self.positions(limit=PAGE_SIZE + 1), newer=False)

    def page_before(self, position: Position) -> Page:
        """The page of what is older."""
        return self._page(self.positions(older_than=position, limit=PAGE_SIZE + 1), newer=True)

    def page_after(self, position: Position) -> Page:
        """The page of what is newer; the first one where that is not full."""
        branches = [branch.filter(position.newer) for branch in self._branches]
        found = [Position(*row) for row in first_of(branches, OLDEST_FIRST, PAGE_SIZE + 1)]
        if len(found) <= PAGE_SIZE:
            return self.first_page()
        shown = found[PAGE_SIZE - 1 :: -1]
        return Page(self.opened(shown), newer=shown[0].cursor, older=shown[-1].cursor)

    def positions(self, *, limit: int, older_than: Position | None = None) -> list[Position]:
        """Where the next applications stand, newest first; older than a position, if one is given."""
        branches = self._branches
        if older_than:
            branches = [branch.filter(older_than.older) for branch in branches]
        return [Position(*row) for row in first_of(branches, NEWEST_FIRST, limit)]

    def counted(self, *, most: int) -> int | None:
        """How many there are; None when that is more than `most`, and nobody waits for the rest."""
        number = 0
        for branch in self._branches:
            number += branch.order_by()[: most + 1 - number].count()
            if number > most:
                return None
        return number

    def opened(self, positions: Iterable[Position]) -> list[Application]:
        """The applications that stand there, in that order, with their stores and who took them."""
        stores = {store.pk: store for store in self.stores}
        rows = Application.objects.filter(pk__in=[position.id for position in positions])
        # The merchant may have opened another store a moment ago, which is not this manager's yet.
        own = [row for row in rows.select_related("created_by").only(*_SHOWN) if row.store_id in stores]
        for application in own:
            application.store = stores[application.store_id]
        return sorted(own, key=lambda row: (row.created_at, row.pk), reverse=True)

    def _page(self, found: list[Position], *, newer: bool) -> Page:
        shown = found[:PAGE_SIZE]
        return Page(
            self.opened(shown),
            newer=shown[0].cursor if newer and shown else "",
            older=shown[-1].cursor if len(found) > PAGE_SIZE else "",
        )

    @cached_property
    def _branches(self) -> list[QuerySet[Application]]:
        """A store has one merchant: asking for it as well would only send a branch from its index to the rows."""
        stores = [self.filters.store] if self.filters.store else self.stores
        narrowed = self.filters.apply(Application.objects.all())
        is_in_order = not self.filters.given.keys() - {"day_from", "day_to"}
        if len(stores) > 1 and is_in_order and self.is_whole_merchant:
            return [narrowed.filter(merchant=self.merchant)]
        return [narrowed.filter(store=store) for store in stores]


def asked_for(counter: Counter, query: QueryDict) -> tuple[FilterForm, Listing | None]:
    """The list that an address names, of this manager's stores; None when the form has something to complain of."""
    stores = tuple(stores_of_manager(counter))
    form = FilterForm(query, stores=stores, people=people_of(counter.merchant, stores))
    if not form.is_valid():
        return form, None
    is_whole = counter.merchant.stores.count() == len(stores)
    return form, Listing(counter.merchant, stores, form.filters, is_whole_merchant=is_whole)


def people_of(merchant: Merchant, stores: Iterable[Store]) -> list[User]:
    """Who takes, or took, applications in these stores, by name."""
    memberships = Membership.objects.filter(merchant=merchant, stores__in=list(stores)).exclude(role=Role.ADMINISTRATOR)
    return sorted(
        User.objects.filter(memberships__in=memberships).distinct(), key=lambda person: str(person).casefold()
    )
