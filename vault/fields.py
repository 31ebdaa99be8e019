"""Encrypted columns.

The value is bound to table, column and primary key, so a ciphertext copied to another place does not open
there; the key must therefore be known before the row is inserted (a UUID default). Renaming the table or
column needs a data migration that seals again. Values open on first access, never when a row is loaded, and
travel outside an instance only as `Sealed`.

A non-null encrypted column cannot be added to an existing table with a default, because each row needs its
own ciphertext: add it with `null=True` and fill it in a data migration.
"""

import json
from typing import TYPE_CHECKING, Any

from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.fields.mixins import CheckFieldDefaultMixin
from django.db.models.query_utils import DeferredAttribute

from vault.keys import keyring

if TYPE_CHECKING:
    _Field = models.TextField
else:
    _Field = models.Field
_ONLY_ISNULL = "can only be filtered by isnull, not {}; search by a blind index in a column of its own"


class Sealed:
    """A value as the database holds it. Shows nothing of itself; compares by its token."""

    __slots__ = ("token",)

    def __init__(self, token: str) -> None:
        self.token = token

    def __repr__(self) -> str:
        return "<Sealed>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.token == self.token

    def __hash__(self) -> int:
        return hash(self.token)


class OpenedOnAccess(DeferredAttribute):
    """Reads like the plain value: opens what the database gave on first access; kept on the instance."""

    field: "EncryptedField"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Sealed):
            return value
        value = self.field.opened(instance, value)
        instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedField(_Field):
    """What text and JSON columns have in common; not used by itself."""

    descriptor_class = OpenedOnAccess
    empty_strings_allowed = False

    def to_bytes(self, value: Any) -> bytes:
        raise NotImplementedError

    def from_bytes(self, plaintext: bytes) -> Any:
        raise NotImplementedError

    def sealed(self, instance: models.Model, value: Any) -> Sealed | None:
        """The value as this row may hold it; None stays None (NULL)."""
        if value is None:
            return None
        return Sealed(keyring().seal(self.to_bytes(value), context=self._context(instance)))

    def opened(self, instance: models.Model, value: Sealed) -> Any:
        """The value behind what the database holds for this row; raises `vault.keys.CannotOpen`."""
        return self.from_bytes(keyring().open(value.token, context=self._context(instance)))

    def resealed(self, instance: models.Model, value: Sealed) -> Sealed:
        """The very same content, sealed with the first key; raises `vault.keys.CannotOpen`."""
        return Sealed(keyring().resealed(value.token, context=self._context(instance)))

    def _context(self, instance: models.Model) -> str:
        key = instance._meta.pk.to_python(instance.pk)
        if key is None:
            raise ValueError(f"{self.model.__name__} needs its primary key before {self.name} is sealed or opened.")
        return f"{self.model._meta.db_table}.{self.column}.{key}"

    # To and from the database

    def get_internal_type(self) -> str:
        return "TextField"

    def from_db_value(self, value: str | None, *_: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:  # noqa: ARG002
        # Opens an unread value too: an instance whose key was changed must not carry its old ciphertext
        # along.
        return self.sealed(model_instance, getattr(model_instance, self.attname))

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, Sealed):
            return value.token
        raise self._refusal("can only be written by saving an instance; an update may only set it to None")

    def get_db_prep_save(self, value: Any, *_: Any, **__: Any) -> str | None:
        # Not Django's own: that one lets expressions through, and with them plaintext (`Value("...")`).
        return self.get_prep_value(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise self._refusal(_ONLY_ISNULL.format(lookup_name))

    def get_transform(self, lookup_name: str) -> Any:
        raise self._refusal(_ONLY_ISNULL.format(lookup_name))

    def _refusal(self, why: str) -> FieldError:
        return FieldError(f"{self.model.__name__}.{self.name} is encrypted: it {why}.")

    # To forms, admin and serializers

    def value_from_object(self, obj: models.Model) -> Any:
        held = obj.__dict__.get(self.attname)
        return held if isinstance(held, Sealed) else self.sealed(obj, getattr(obj, self.attname))

    def value_to_string(self, obj: models.Model) -> Any:
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, *_args: Any, **_kwargs: Any) -> None:
        return None

    # System checks

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_options(), *self._check_primary_key()]

    def _check_options(self) -> list[checks.CheckMessage]:
        *_, options = self.deconstruct()
        if not options.keys() & {"primary_key", "unique", "db_index", "choices"}:
            return []
        hint = "Equal values have different ciphertexts: put a blind index in a column of its own."
        return [
            checks.Error("An encrypted column cannot be a key, unique, indexed or a choice.", hint, self, "vault.E001")
        ]

    def _check_primary_key(self) -> list[checks.CheckMessage]:
        key = self.model._meta.pk
        if self.model._meta.abstract or key.has_default() or key.is_relation or not isinstance(key, models.AutoField):
            return []
        hint = "The ciphertext is bound to the key: use UUIDField(primary_key=True, default=uuid.uuid4)."
        return [checks.Error("An encrypted column needs a primary key made by the client.", hint, self, "vault.E002")]


class EncryptedTextField(EncryptedField):
    """Text of any length. The empty string is kept apart from None."""

    def to_bytes(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise TypeError(f"{self.name} holds text, not {type(value).__name__}.")
        return value.encode("utf-8", "surrogatepass")

    def from_bytes(self, plaintext: bytes) -> str:
        return plaintext.decode("utf-8", "surrogatepass")


class EncryptedJSONField(CheckFieldDefaultMixin, EncryptedField):
    """Anything JSON can say. Changes made in place are kept by `save`."""

    _default_hint = ("dict", "{}")
    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()

    def from_bytes(self, plaintext: bytes) -> Any:
        return json.loads(plaintext)
