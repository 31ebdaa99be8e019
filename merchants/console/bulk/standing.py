"""What a merchant has before a file is applied, found by what people write: read once, then asked for each row."""

from collections import defaultdict

from merchants.console.bulk.columns import folded
from merchants.models import Membership, Merchant, Store, User


class Standing:
    """Stores and staff by folded names, and what the rows of the file before this one have spoken for."""

    def __init__(self, merchant: Merchant, *, by: User) -> None:
        self.merchant, self.by = merchant, by
        self.stores = {folded(one.name): one for one in merchant.stores.all()}
        self.staff = list(merchant.memberships.select_related("user", "merchant").prefetch_related("stores"))
        self._by_username = {one.user.username.lower(): one for one in self.staff}
        self._by_email: defaultdict[str, list[Membership]] = defaultdict(list)
        self._by_name: defaultdict[str, list[Membership]] = defaultdict(list)
        for one in self.staff:
            self._by_email[one.user.email.lower()].append(one)
            self._by_name[folded(one.user.get_full_name())].append(one)
        self.new_stores: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.new_usernames: set[str] = set()

    def store(self, name: str) -> Store | None:
        return self.stores.get(folded(name))

    def people(self, *, username: str, email: str, full_name: str) -> list[Membership]:
        """Who of the staff is meant: by user name if one is given, else by e-mail, else by name."""
        if username:
            found = self._by_username.get(username.lower())
            return [found] if found else []
        return (self._by_email[email.lower()] if email else []) or self._by_name[folded(full_name)]

    def first_line_of(self, key: str, line: int) -> int:
        """The row that spoke of this first; this one if none did."""
        return self.lines.setdefault(key, line)

    @property
    def names_of_stores(self) -> dict[str, str]:
        """Folded names and names of all stores that are in use once the file is applied."""
        return {key: one.name for key, one in self.stores.items() if one.is_active} | self.new_stores
