"""What a start refuses about keys, and what the admin must not show."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register

from vault.demonstration import is_made_up, is_no_secret, is_of_a_demonstration
from vault.fields import EncryptedField
from vault.key_lists import keys_in
from vault.keys import encryption_keys, index_keys
from vault.reindexing import models_without_place


@register(Tags.security)
def no_key_serves_twice(**_: Any) -> list[Error]:
    """One stolen key must not give the values and the way to search them, nor sign evidence.

    `VaultConfig.ready` refuses to start with these too.
    """
    return [
        Error(f"{other} has one of {variable}.", hint="Give it 32 random bytes of its own.", id="vault.E003")
        for (variable, keys), (other, others) in combinations(_keys().items(), 2)
        if keys & others
    ]


@register(Tags.security)
def keys_are_fit_for_applicants(**_: Any) -> list[Error]:
    """In production, which is neither debugged nor a demonstration. `VaultConfig.ready` refuses to start with these."""
    if settings.DEBUG or settings.DEMONSTRATION:
        return []
    return [
        Error(f"{variable} is {what}.", hint="Make a new one for production (docs/configuration.md).", id="vault.E006")
        for variable, what in _unfit_keys()
    ]


def _unfit_keys() -> Iterator[tuple[str, str]]:
    if is_no_secret(settings.SECRET_KEY):
        yield "SECRET_KEY", "a demonstration's or an example, or shorter than 50 random characters"
    for variable, keys in _keys().items():
        if any(map(is_of_a_demonstration, keys)):
            yield variable, "a demonstration's, or has one among them"
        if any(map(is_made_up, keys)):
            yield variable, "an example, or has one among them: it is not random"


def _keys() -> dict[str, set[bytes]]:
    signing = keys_in(settings.AUDIT_SIGNING_KEY, "AUDIT_SIGNING_KEY", one_without_id=True)
    return {
        "VAULT_KEYS": set(encryption_keys().values()),
        "VAULT_INDEX_KEY": set(index_keys().values()),
        "AUDIT_SIGNING_KEY": set(signing.values()),
    }


@register(Tags.security)
def indexes_can_be_made_again(**_: Any) -> list[Error]:
    """Else the first key of blind indexes could never be replaced."""
    return [
        Error(
            f"Nobody says how the blind indexes of {model._meta.label} are made again.",
            hint="Call vault.reindexing.indexes_at when the apps are ready.",
            id="vault.E005",
        )
        for model in models_without_place()
    ]


@register(Tags.admin)
def admin_shows_no_encrypted_value(**_: Any) -> list[Error]:
    """Forms leave encrypted fields out by themselves; lists and read-only rows would show the plain value."""
    if not apps.is_installed("django.contrib.admin"):
        return []
    from django.contrib.admin.sites import all_sites

    return [
        Error(
            f"{type(model_admin).__name__} shows the encrypted field {name}.",
            hint="Show whether it is set instead, by a method of the admin class.",
            id="vault.E004",
        )
        for site in all_sites
        for model, model_admin in site._registry.items()
        for name in _encrypted_names(model) & _shown_names(model_admin)
    ]


def _encrypted_names(model: Any) -> set[str]:
    return {field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedField)}


def _shown_names(model_admin: Any) -> set[str]:
    return {name for name in (*model_admin.list_display, *model_admin.readonly_fields) if isinstance(name, str)}
