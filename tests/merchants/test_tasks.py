"""Refreshing in the background."""

from typing import Any

import pytest
from django.core.cache import cache

from merchants.models import Credential, SessionOutcome
from merchants.tasks import refresh_session, refresh_sessions
from tests.merchants.conftest import People, credential_of


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(refresh_session, "delay", found.append)
    return found


def test_every_credential_in_use_is_refreshed(people: People, credential: Credential, asked: list[str]) -> None:
    other = credential_of(people.other_merchant, credential.base_url)
    credential_of(people.merchant, credential.base_url, is_active=False)
    refresh_sessions()
    assert sorted(asked) == sorted([str(credential.pk), str(other.pk)])


def test_closed_merchant_is_left_alone(people: People, credential: Credential, asked: list[str]) -> None:
    people.merchant.is_active = False
    people.merchant.save()
    refresh_sessions()
    assert asked == []


def test_refresh_opens_the_session_and_keeps_the_options(credential: Credential) -> None:
    refresh_session(str(credential.pk))
    credential.refresh_from_db()
    assert credential.session_outcome == SessionOutcome.OPEN
    assert credential.i18n_answers.count() == 2


def test_refresh_under_way_elsewhere_is_not_repeated(credential: Credential, sandbox: Any) -> None:
    cache.add(f"session-refresh:{credential.pk}", 1)
    refresh_session(str(credential.pk))
    assert sandbox.requests() == []


def test_refresh_can_be_repeated_when_it_is_done(credential: Credential, sandbox: Any) -> None:
    refresh_session(str(credential.pk))
    seen = len(sandbox.requests())
    refresh_session(str(credential.pk))
    assert len(sandbox.requests()) > seen


def test_credential_out_of_use_is_not_refreshed(credential: Credential, sandbox: Any) -> None:
    Credential.objects.update(is_active=False)
    refresh_session(str(credential.pk))
    assert sandbox.requests() == []
