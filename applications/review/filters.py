"""What a manager narrows a list by: from and to the address of the page, and in words. The form is filter_form.py."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy
from localflavor.ca.ca_provinces import PROVINCE_CHOICES

from applications.models import Application, CustomerLanguage
from applications.statuses import Status
from applications.templatetags.amounts import money
from merchants.models import Environment, Store, User

# A store's day begins and ends at most so far from UTC's.
_A_DAY_ELSEWHERE = timedelta(hours=15)


@dataclass(frozen=True)
class Filters:
    """A list narrowed. Days are those of the store's clock, both ends belong to the range; amounts are dollars."""

    status: str = ""
    store: Store | None = None
    associate: User | None = None
    province: str = ""
    language: str = ""
    environment: str = ""
    day_from: date | None = None
    day_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None

    @property
    def given(self) -> dict[str, Any]:
        """What the list is narrowed by, under the names used in the address."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value not in ("", None)}

    def to_query(self) -> str:
        """The query of the list's address; it holds no applicant's data."""
        return urlencode({name: _written(value) for name, value in self.given.items()})

    def apply(self, applications: QuerySet[Application]) -> QuerySet[Application]:
        """The applications that match. The days bound `created_at` as well, by which lists are ordered and indexed."""
        equal = ("status", "store", "province", "language", "environment")
        conditions = {name: value for name, value in self.given.items() if name in equal}
        if self.associate:
            conditions["created_by"] = self.associate
        if self.day_from:
            conditions |= {"day__gte": self.day_from, "created_at__gte": _midnight(self.day_from) - _A_DAY_ELSEWHERE}
        if self.day_to:
            end = _midnight(self.day_to + timedelta(days=1)) + _A_DAY_ELSEWHERE
            conditions |= {"day__lte": self.day_to, "created_at__lt": end}
        if self.amount_from is not None:
            conditions["amount__gte"] = self.amount_from
        if self.amount_to is not None:
            conditions["amount__lte"] = self.amount_to
        return applications.filter(**conditions)

    def summary(self) -> list[tuple[str, str]]:
        """Each thing it is narrowed by: its label and its value, in the active language."""
        return [(str(LABELS[name]), _shown(name, value)) for name, value in self.given.items()]


LABELS = {
    "status": gettext_lazy("Status"),
    "store": gettext_lazy("Store"),
    "associate": gettext_lazy("Associate"),
    "province": gettext_lazy("Customer’s province"),
    "language": gettext_lazy("Customer’s language"),
    "environment": gettext_lazy("Environment"),
    "day_from": gettext_lazy("Begun from"),
    "day_to": gettext_lazy("Begun until"),
    "amount_from": gettext_lazy("Amount from"),
    "amount_to": gettext_lazy("Amount up to"),
}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _written(value: Any) -> str:
    if isinstance(value, Store | User):
        return str(value.pk)
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def _shown(name: str, value: Any) -> str:
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, Decimal):
        return money(value)
    return str(_CHOICE_LABELS[name][value] if name in _CHOICE_LABELS else value)


_CHOICE_LABELS: dict[str, dict[str, Any]] = {
    "status": dict(Status.choices),
    "province": dict(PROVINCE_CHOICES),
    "language": dict(CustomerLanguage.choices),
    "environment": dict(Environment.choices),
}
