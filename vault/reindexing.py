"""Making blind indexes again with the first key of `VAULT_INDEX_KEY`.

An index cannot be turned into another one: it is made again from what it is of, which the room that has the model knows
where to find, and says so when the apps are ready. The index that a row holds is recognised among those that its
former key makes of these values, so a row goes on saying exactly what it said.

A digest of what is gone (`KeyedDigestField`) stays as it is, and names its key for good.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import F, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from vault.digest_fields import BlindIndexField, KeyedDigestField
from vault.keys import CannotOpen, index_keys
from vault.rotation import Place, Renewed

_places: list["BlindIndexes | IndexesInJSON"] = []


def indexed_places() -> Iterator[Place]:
    """Where blind indexes are."""
    yield from _places


def indexes_at(place: "BlindIndexes | IndexesInJSON") -> None:
    """Say, when the apps are ready, how the indexes of a model are made again."""
    if place not in _places:
        _places.append(place)


def models_without_place() -> list[type[Model]]:
    """Models whose indexes nobody can make again: a key could never be taken out."""
    known = {place.model for place in _places}
    return [model for model in apps.get_models() if _columns(model, BlindIndexField) and model not in known]


def digests_of_former_keys() -> Iterator[tuple[str, int]]:
    """Column and how many of its digests name a former key."""
    for model in apps.get_models():
        for column in _columns(model, KeyedDigestField):
            rows: QuerySet[Any] = QuerySet(model)
            if count := rows.filter(_names_former_key(column)).count():
                yield f"{model._meta.label}.{column}", count


@dataclass(frozen=True)
class BlindIndexes:
    """The indexes of a model. `keys_of` gives, for everything a row may be about, its indexes by every key by column.

    `related` is fetched along with the rows.
    """

    model: type[Model]
    keys_of: Callable[[Any], Iterable[Mapping[str, tuple[str, ...]]]]
    related: tuple[str, ...] = ()

    def left(self) -> QuerySet[Any]:
        is_left = Q(pk=None)
        for column in _columns(self.model, BlindIndexField):
            is_left |= _names_former_key(column)
        rows: QuerySet[Any] = QuerySet(self.model)
        return rows.filter(is_left).prefetch_related(*self.related)

    def renewed(self, row: Any) -> Renewed:
        try:
            known = list(self.keys_of(row))
        except CannotOpen:
            return Renewed({}, is_whole=False)
        former = [column for column in _columns(self.model, BlindIndexField) if _is_of_former_key(getattr(row, column))]
        new = {
            column: keys[column][0]
            for column in former
            for keys in known
            if getattr(row, column) in keys.get(column, ())
        }
        return Renewed(new, is_whole=len(new) == len(former))

    def unchanged(self, row: Any, columns: Iterable[str]) -> QuerySet[Any]:
        rows: QuerySet[Any] = QuerySet(self.model)
        return rows.filter(pk=row.pk, **{column: getattr(row, column) for column in columns})


@dataclass(frozen=True)
class IndexesInJSON:
    """A JSON list of indexes of values that nobody keeps. They wait for their rows to need them no longer."""

    model: type[Model]
    column: str
    while_needed: Q

    def left(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = QuerySet(self.model)
        primary = next(iter(index_keys()))
        former = rf'"(?!{primary}\.)[a-z0-9]' if primary else r'"[a-z0-9_-]+\.'
        as_read = Cast(F(self.column), TextField())
        return rows.alias(as_read=as_read).filter(self.while_needed, as_read__regex=former)

    def renewed(self, _row: Any) -> Renewed:
        return Renewed({}, is_whole=False)

    def unchanged(self, row: Any, _columns: Iterable[str]) -> QuerySet[Any]:
        rows: QuerySet[Any] = QuerySet(self.model)
        return rows.filter(pk=row.pk)


def _columns(model: type[Model], kind: type) -> list[str]:
    return [field.name for field in model._meta.local_concrete_fields if isinstance(field, kind)]


def _names_former_key(column: str) -> Q:
    primary = next(iter(index_keys()))
    if not primary:
        return Q(**{f"{column}__contains": "."})
    return ~Q(**{column: ""}) & ~Q(**{f"{column}__startswith": f"{primary}."})


def _is_of_former_key(held: str) -> bool:
    return bool(held) and held.rpartition(".")[0] != next(iter(index_keys()))
