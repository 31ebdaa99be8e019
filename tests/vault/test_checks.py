import base64
import secrets
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.test.utils import isolate_apps

from tests.vault.specimens import Specimen
from vault import reindexing
from vault.checks import (
    admin_shows_no_encrypted_value,
    indexes_can_be_made_again,
    keys_are_fit_for_applicants,
    no_key_serves_twice,
)
from vault.demonstration import demonstration_key, demonstration_secret
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


@pytest.mark.parametrize("second", ["VAULT_INDEX_KEY", "AUDIT_SIGNING_KEY"])
def test_key_that_serves_twice_is_refused(settings: Any, second: str) -> None:
    assert no_key_serves_twice() == []
    setattr(settings, second, settings.VAULT_KEYS.partition(":")[2])
    assert [(found.id, found.msg) for found in no_key_serves_twice()] == [
        ("vault.E003", f"{second} has one of VAULT_KEYS.")
    ]


def key(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@pytest.fixture
def production(settings: Any) -> Any:
    settings.DEBUG = settings.DEMONSTRATION = False
    settings.SECRET_KEY = secrets.token_urlsafe(50)
    settings.VAULT_KEYS = f"k2:{key(secrets.token_bytes(32))},k1:{key(secrets.token_bytes(32))}"
    settings.VAULT_INDEX_KEY = key(secrets.token_bytes(32))
    settings.AUDIT_SIGNING_KEY = key(secrets.token_bytes(32))
    return settings


def test_keys_made_for_production_are_fit(production: Any) -> None:
    assert keys_are_fit_for_applicants() == []


@pytest.mark.parametrize(
    "unfit",
    [demonstration_key(), bytes(range(7, 39)), b"an example key with 32 letters!!", b"\x01\x9f" * 16],
    ids=["demonstration", "series", "text", "few"],
)
@pytest.mark.parametrize("variable", ["VAULT_KEYS", "VAULT_INDEX_KEY"])
def test_production_does_not_start_with_such_a_key(production: Any, variable: str, unfit: bytes) -> None:
    setattr(production, variable, f"{getattr(production, variable)},other:{key(unfit)}")
    assert [(found.id, found.msg.partition(" ")[0]) for found in keys_are_fit_for_applicants()] == [
        ("vault.E006", variable)
    ]
    with pytest.raises(ImproperlyConfigured, match=rf"^{variable} is .*\(vault\.E006\)$"):
        apps.get_app_config("vault").ready()
    production.DEMONSTRATION = True
    apps.get_app_config("vault").ready()


@pytest.mark.parametrize("second", ["VAULT_INDEX_KEY", "AUDIT_SIGNING_KEY"])
def test_production_does_not_start_with_one_key_in_two_places(production: Any, second: str) -> None:
    apps.get_app_config("vault").ready()
    setattr(production, second, production.VAULT_KEYS.rpartition(":")[2])
    with pytest.raises(ImproperlyConfigured, match=rf"^{second} has one of VAULT_KEYS\. .*\(vault\.E003\)$"):
        apps.get_app_config("vault").ready()


def test_production_does_not_sign_with_a_key_of_a_demonstration(production: Any) -> None:
    production.AUDIT_SIGNING_KEY = key(demonstration_key())
    with pytest.raises(ImproperlyConfigured, match=r"^AUDIT_SIGNING_KEY is a demonstration's"):
        apps.get_app_config("vault").ready()


@pytest.mark.parametrize(
    "secret",
    [demonstration_secret(), "django-insecure-" + "8fj2k1" * 12, "short", "ab" * 40],
    ids=["demonstration", "example", "short", "repeated"],
)
def test_production_does_not_start_with_such_a_secret(production: Any, secret: str) -> None:
    production.SECRET_KEY = secret
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY is"):
        apps.get_app_config("vault").ready()
    production.DEMONSTRATION, production.DEBUG = False, True
    apps.get_app_config("vault").ready()


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
