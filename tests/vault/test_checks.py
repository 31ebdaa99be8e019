import uuid

import pytest
from django.contrib import admin
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from tests.vault.specimens import Specimen
from vault import reindexing
from vault.checks import (
    admin_shows_no_encrypted_value,
    index_key_is_no_encryption_key,
    indexes_can_be_made_again,
)
from vault.fields import EncryptedJSONField, EncryptedTextField


def test_specimen_and_portal_pass_the_checks() -> None:
    assert Specimen.check() == []
    assert [problem for problem in run_checks() if (problem.id or "").startswith("vault.")] == []


@isolate_apps("vault")
def test_encrypted_column_with_options_that_cannot_work() -> None:
    class Wrong(models.Model):  # noqa: DJ008
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        unique = EncryptedTextField(unique=True)
        indexed = EncryptedTextField(db_index=True)
        choice = EncryptedTextField(choices=[("a", "A")])
        shared_default = EncryptedJSONField(default={})

        class Meta:
            app_label = "vault"

    assert [(found.id, found.obj.name) for found in Wrong.check()] == [
        ("vault.E001", "unique"),
        ("vault.E001", "indexed"),
        ("vault.E001", "choice"),
        ("fields.E010", "shared_default"),
    ]


@isolate_apps("vault")
def test_encrypted_column_needs_a_key_known_before_the_insert() -> None:
    class Numbered(models.Model):  # noqa: DJ008
        secret = EncryptedTextField()

        class Meta:
            app_label = "vault"

    assert [found.id for found in Numbered.check()] == ["vault.E002"]


def test_index_key_shared_with_encryption_is_refused(settings: pytest.FixtureRequest) -> None:
    assert index_key_is_no_encryption_key() == []
    settings.VAULT_INDEX_KEY = settings.VAULT_KEYS.partition(":")[2]
    assert [found.id for found in index_key_is_no_encryption_key()] == ["vault.E003"]


def test_index_that_nobody_can_make_again_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert indexes_can_be_made_again() == []
    monkeypatch.setattr(reindexing, "_places", [])
    assert [(found.id, "applications.Application" in found.msg) for found in indexes_can_be_made_again()] == [
        ("vault.E005", True)
    ]


@pytest.mark.parametrize("option", ["list_display", "readonly_fields"])
def test_admin_that_would_show_a_value_is_refused(option: str) -> None:
    shows = type("ShowsSecret", (admin.ModelAdmin,), {option: ("label", "text")})
    site = admin.AdminSite()
    site.register(Specimen, shows)
    assert [found.id for found in admin_shows_no_encrypted_value()] == ["vault.E004"]
    site.unregister(Specimen)
    assert admin_shows_no_encrypted_value() == []
