"""The command, over the portal's own models."""

import base64
import io
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories import CLIENT_SECRET, ApplicationFactory, CredentialFactory, UserFactory, saved_answers
from vault.resealing import sealed_places

pytestmark = pytest.mark.django_db

NEW = base64.b64encode(bytes(range(64, 96))).decode()


def run(*options: str) -> list[str]:
    said = io.StringIO()
    call_command("vault_rotate", *options, stdout=said)
    return said.getvalue().splitlines()


@pytest.fixture
def put_in_front(settings: Any) -> Any:
    """Give the portal a key in front of those under which everything was sealed."""

    def put_in_front() -> None:
        settings.VAULT_KEYS = f"n1:{NEW},{settings.VAULT_KEYS}"

    return put_in_front


def test_places_are_all_that_hold_sealed_values() -> None:
    assert {place.model._meta.label for place in sealed_places()} == {
        "applications.Application",
        "applications.SubmissionAttempt",
        "applications.Settlement",
        "merchants.Credential",
        "mfa.Authenticator",
        "review.Correction",
        "review.Export",
        "review.FollowUpNote",
        "review.Reveal",
    }


def test_old_key_can_be_taken_out_afterwards(settings: Any, put_in_front: Any) -> None:
    application = ApplicationFactory(answers={"saved": saved_answers()})
    data = {"seed": encrypt("a seed"), "used_mask": 3, "migrated_codes": [encrypt("a code")]}
    factor = Authenticator.objects.create(user=UserFactory(), type=Authenticator.Type.RECOVERY_CODES, data=data)
    put_in_front()
    assert "applications.Application: 1 of 1 rows to do" in run("--dry-run")
    said = run()
    assert {"applications.Application: 1 done, 0 left", "mfa.Authenticator: 1 done, 0 left"} <= set(said)
    assert said[-1] == "0 left: of VAULT_KEYS only n1 is needed from now on."
    settings.VAULT_KEYS = f"n1:{NEW}"
    application.refresh_from_db()
    assert application.answers["saved"] == saved_answers()
    assert application.credential.client_secret == CLIENT_SECRET
    factor.refresh_from_db()
    assert (decrypt(factor.data["seed"]), factor.data["used_mask"]) == ("a seed", 3)
    assert decrypt(factor.data["migrated_codes"][0]) == "a code"


def test_rows_that_no_key_opens_are_named_and_the_old_key_stays(put_in_front: Any) -> None:
    put_in_front()
    damaged = CredentialFactory()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE merchants_credential SET client_secret = 'v1.gone.AAAA'")
    said = io.StringIO()
    with pytest.raises(CommandError, match=r"^Rows left: 1\. Keep the former keys") as refused:
        call_command("vault_rotate", stdout=said)
    assert refused.value.returncode == 1
    assert f"merchants.Credential: 0 done, 1 left; not possible with {damaged.pk}" in said.getvalue()


def test_factor_used_in_between_keeps_its_counter(put_in_front: Any) -> None:
    (place,) = [place for place in sealed_places() if place.model is Authenticator]
    data = {"secret": encrypt("a secret"), "last_counter": 1}
    factor = Authenticator.objects.create(user=UserFactory(), type=Authenticator.Type.TOTP, data=data)
    put_in_front()
    (row,) = place.left()
    new = place.renewed(row)
    factor.data["last_counter"] = 2
    factor.save()
    assert place.unchanged(row, new.columns).update(**new.columns) == 0
    factor.refresh_from_db()
    assert factor.data["last_counter"] == 2
