"""Reads about who is behind the counter. None of them touches the network."""

import json
import logging
from datetime import timedelta

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis import RedisError

from merchants.credentials.problems import CredentialProblem, problems_of
from merchants.models import Credential, I18nAnswer, Membership, Merchant, Role, SessionOutcome, Store, User
from merchants.tasks import refresh_session
from posapi import FormValues

FRESH_FOR = timedelta(minutes=15)
_REFRESH_AT_MOST_EVERY_SECONDS = 60

logger = logging.getLogger(__name__)


def membership_of(user: User) -> Membership | None:
    """The membership a person acts under: active merchants only, one that takes applications before others."""
    memberships = user.memberships.filter(merchant__is_active=True).select_related("merchant", "user")
    return min(memberships, key=lambda one: (not one.takes_applications, one.pk), default=None)


def stores_for(membership: Membership) -> QuerySet[Store]:
    """The active stores a person may work in; a store of another merchant never counts."""
    return membership.stores.filter(is_active=True, merchant=membership.merchant_id)


def managers_of(store: Store) -> list[User]:
    """Who manages a store, by name."""
    memberships = store.memberships.filter(role=Role.MANAGER, merchant=store.merchant_id, user__is_active=True)
    return sorted((one.user for one in memberships.select_related("user")), key=str)


def credential_for(merchant: Merchant) -> Credential | None:
    """The credential in use."""
    return merchant.active_credential


def merchants_administered_by(user: User) -> QuerySet[Merchant]:
    """The merchants whose set-up a person may see and change: all of them for a superuser."""
    if user.is_superuser:
        return Merchant.objects.all()
    return Merchant.objects.filter(memberships__in=user.memberships.filter(role=Role.ADMINISTRATOR), is_active=True)


def credential_problems(user: User) -> list[CredentialProblem]:
    """What is wrong with the connections of the merchants a person administers; empty when all is well."""
    return problems_of(merchants_administered_by(user).filter(is_active=True))


def form_values(credential: Credential, lang: str) -> FormValues | None:
    """The last good `i18n` answer in `en` or `fr`; None when there has never been one.

    An answer older than 15 minutes is still given, and a worker is asked to fetch a new one.
    """
    answer = I18nAnswer.objects.filter(credential=credential, language=lang).first()
    if answer is None or timezone.now() - answer.fetched_at > FRESH_FOR:
        _ask_for_fresh_answers(credential)
    return FormValues.from_json(json.loads(answer.body), lang) if answer else None


def options_digest(credential: Credential, lang: str) -> str:
    """The digest of the answer that `form_values` gives, kept with an application; empty when there is none."""
    answers = I18nAnswer.objects.filter(credential=credential, language=lang)
    return answers.values_list("digest", flat=True).first() or ""


def may_need_opening(credential: Credential, *, after_success: timedelta, after_failure: timedelta) -> bool:
    """Whether the last answer is old enough to ask again."""
    if credential.session_checked_at is None:
        return True
    is_open = credential.session_outcome == SessionOutcome.OPEN
    return timezone.now() - credential.session_checked_at > (after_success if is_open else after_failure)


def _ask_for_fresh_answers(credential: Credential) -> None:
    """Once a minute at most. A page does not fail because the broker or the cache is down: beat asks again."""
    try:
        if cache.add(f"session-refresh-asked:{credential.pk}", 1, timeout=_REFRESH_AT_MOST_EVERY_SECONDS):
            refresh_session.apply_async((str(credential.pk),), retry=False)
    except (RedisError, OperationalError, OSError):
        logger.warning("Could not ask for fresh options of credential %s", credential.pk)
