"""Where sealed values are, and sealing them again with the first key of `VAULT_KEYS`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import F, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast, Left

from vault.fields import EncryptedField
from vault.keys import VERSION, CannotOpen, keyring
from vault.rotation import Place, Renewed

_elsewhere: list["TokensInJSON"] = []


def sealed_places() -> Iterator[Place]:
    """Every model with encrypted columns, whoever defined it, and what was registered besides."""
    for model in apps.get_models(include_auto_created=True):
        names = [field.name for field in model._meta.local_concrete_fields if isinstance(field, EncryptedField)]
        if names and not model._meta.proxy:
            yield EncryptedColumns(model, tuple(names))
    yield from _elsewhere


def seals_elsewhere(place: "TokensInJSON") -> None:
    """Say, when the apps are ready, where tokens are kept outside of encrypted columns."""
    if place not in _elsewhere:
        _elsewhere.append(place)


@dataclass(frozen=True)
class EncryptedColumns:
    """The encrypted columns of a model."""

    model: type[Model]
    names: tuple[str, ...]

    def left(self) -> QuerySet[Any]:
        prefix = keyring().prefix
        rows: QuerySet[Any] = QuerySet(self.model)
        is_left = Q(pk=None)
        for name in self.names:
            rows = rows.alias(**{f"{name}_head": Left(_as_text(name), len(prefix))})
            is_left |= Q(**{f"{name}__isnull": False}) & ~Q(**{f"{name}_head": prefix})
        return rows.filter(is_left).only("pk", *self.names)

    def renewed(self, row: Any) -> Renewed:
        new: dict[str, Any] = {}
        is_whole = True
        for name in self.names:
            held = row.__dict__[name]
            if held is None or held.token.startswith(keyring().prefix):
                continue
            try:
                new[name] = self._field(name).resealed(row, held)
            except CannotOpen:
                is_whole = False
        return Renewed(new, is_whole)

    def unchanged(self, row: Any, columns: Iterable[str]) -> QuerySet[Any]:
        rows: QuerySet[Any] = QuerySet(self.model).filter(pk=row.pk)
        for name in columns:
            rows = rows.alias(**{f"{name}_now": _as_text(name)}).filter(**{f"{name}_now": row.__dict__[name].token})
        return rows

    def _field(self, name: str) -> EncryptedField:
        field = self.model._meta.get_field(name)
        assert isinstance(field, EncryptedField)
        return field


@dataclass(frozen=True)
class TokensInJSON:
    """Tokens anywhere inside a JSON column of somebody else's model, all of them sealed for one context."""

    model: type[Model]
    column: str
    context: str

    def left(self) -> QuerySet[Any]:
        rows = QuerySet(self.model).annotate(as_read=_as_text(self.column))
        return rows.filter(as_read__regex=f'"{_of_a_former_key()}')

    def renewed(self, row: Any) -> Renewed:
        try:
            return Renewed({self.column: self._resealed(getattr(row, self.column))})
        except CannotOpen:
            return Renewed({}, is_whole=False)

    def unchanged(self, row: Any, columns: Iterable[str]) -> QuerySet[Any]:  # noqa: ARG002
        return QuerySet(self.model).alias(now=_as_text(self.column)).filter(pk=row.pk, now=row.as_read)

    def _resealed(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._resealed(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._resealed(inner) for inner in value]
        if isinstance(value, str) and re.match(_of_a_former_key(), value):
            return keyring().resealed(value, context=self.context)
        return value


def _of_a_former_key() -> str:
    """A pattern that PostgreSQL, and SQLite by Python, understand alike."""
    return rf"{VERSION}\.(?!{keyring().primary_id}\.)[a-z0-9_-]+\."


def _as_text(name: str) -> Cast:
    return Cast(F(name), TextField())
