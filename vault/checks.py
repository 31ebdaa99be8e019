"""What a start refuses about keys, and what the admin must not show."""

from typing import Any

from django.apps import apps
from django.core.checks import Error, Tags, register

from vault.fields import EncryptedField
from vault.keys import encryption_keys, index_keys
from vault.reindexing import models_without_place


@register(Tags.security)
def index_key_is_no_encryption_key(**_: Any) -> list[Error]:
    """One stolen key must not give both the values and the way to search them."""
    if not set(index_keys().values()) & set(encryption_keys().values()):
        return []
    return [
        Error(
            "VAULT_INDEX_KEY has one of VAULT_KEYS.",
            hint="Give it 32 random bytes of its own.",
            id="vault.E003",
        )
    ]


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
