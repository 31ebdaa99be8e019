"""The life of a credential: it stands by, is put into use, is replaced, and loses its secrets (docs/decisions/0016).

A row that was ever in use is never deleted, because submissions refer to it; only its secrets go.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.events import record
from audit.names import EventName
from merchants.credentials.tokens import CacheTokenStore
from merchants.models import Credential, CredentialCheck, CredentialStanding, Merchant, SessionOutcome, User
from vault.keys import CannotOpen

TEST_GOOD_FOR = timedelta(minutes=30)
# A change of any of these makes every answer of the lender an answer about another key.
ASKED_WITH = frozenset(
    {"environment", "base_url", "client_id", "client_secret", "merchant_username", "merchant_password"}
)


class Hindrance(TextChoices):
    """Why a credential cannot be put into use now."""

    IN_USE = "in_use", _("It is in use already.")
    ERASED = "erased", _("Its secrets are erased. Add a new credential.")
    NEVER_TESTED = "never_tested", _("Test it first, with the secrets it has now.")
    TEST_FAILED = "test_failed", _("Its last test failed. Mend what the test names, then test it again.")
    TEST_TOO_OLD = "test_too_old", _("Its last test is more than half an hour old. Test it again.")


class CannotSwitch(Exception):
    """This credential may not be put into use: `hindrance` says why."""

    def __init__(self, hindrance: Hindrance) -> None:
        super().__init__(hindrance.value)
        self.hindrance = hindrance


class NotStandingBy(Exception):
    """It is, or was, in use, or its secrets are gone: nothing about its keys changes any more."""


def last_check(credential: Credential) -> CredentialCheck | None:
    """The latest full check, whoever asked for it."""
    return credential.checks.select_related("by").order_by("-checked_at").first()


def hindrance_to_switch(credential: Credential) -> Hindrance | None:
    """What stands in the way of putting it into use, or None."""
    if credential.standing == CredentialStanding.IN_USE:
        return Hindrance.IN_USE
    if credential.standing == CredentialStanding.ERASED:
        return Hindrance.ERASED
    check = last_check(credential)
    if check is None or not credential.is_marked(check.mark):
        return Hindrance.NEVER_TESTED
    if not check.has_passed:
        return Hindrance.TEST_FAILED
    return Hindrance.TEST_TOO_OLD if timezone.now() - check.checked_at > TEST_GOOD_FOR else None


def add(credential: Credential, *, by: User) -> None:
    """Keep a new credential beside the one in use."""
    credential.is_active = False
    with transaction.atomic():
        credential.save(force_insert=True)
        _record(EventName.CREDENTIAL_CREATED, credential, by=by)


def change(credential: Credential, columns: Iterable[str], *, by: User) -> None:
    """Keep what was changed of one standing by. Raises NotStandingBy."""
    changed = sorted(columns)
    if not changed:
        return
    with transaction.atomic():
        _refuse_unless_standing_by(_locked(credential))
        if ASKED_WITH.intersection(changed):
            credential.session_outcome, credential.session_error_code = SessionOutcome.NEVER, ""
            credential.session_checked_at, credential.session_reference_id = None, ""
        session = ["session_outcome", "session_error_code", "session_checked_at", "session_reference_id"]
        credential.save(update_fields=[*changed, *session])
        _record(EventName.CREDENTIAL_CHANGED, credential, by=by, fields=changed)


def set_validity(credential: Credential, until: date | None, *, by: User) -> None:
    """Keep the last day on which it is good, as the lender gave it; None when they gave none."""
    if credential.valid_until == until:
        return
    credential.valid_until = until
    with transaction.atomic():
        credential.save(update_fields=["valid_until"])
        _record(EventName.CREDENTIAL_CHANGED, credential, by=by, fields=["valid_until"])


def switch(credential: Credential, *, by: User) -> Credential | None:
    """Put this one into use and take the one before out, which is returned. Raises CannotSwitch.

    All in one transaction, one of them at a time for each merchant: nobody ever finds two in use, or none.
    """
    with transaction.atomic():
        Merchant.objects.select_for_update().get(pk=credential.merchant_id)
        new = _locked(credential)
        if hindrance := hindrance_to_switch(new):
            raise CannotSwitch(hindrance)
        now = timezone.now()
        old = new.merchant.active_credential
        if old is not None:
            old.is_active, old.retired_at = False, now
            old.save(update_fields=["is_active", "retired_at"])
        new.is_active, new.used_from, new.retired_at = True, now, None
        new.save(update_fields=["is_active", "used_from", "retired_at"])
        _record(EventName.CREDENTIAL_SWITCHED, new, by=by, replaced=str(old.pk) if old else "")
    return old


def retire(credential: Credential, *, by: User) -> None:
    """Give up one that stands by: nothing was ever sent with it, so its secrets go at once. Raises NotStandingBy."""
    with transaction.atomic():
        _refuse_unless_standing_by(_locked(credential))
        erase(credential, by=by)


def erase(credential: Credential, *, by: User | None = None) -> None:
    """Erase the secrets of one that is out of use, and drop its token. One in use is left alone."""
    with transaction.atomic():
        current = _locked(credential)
        if current.standing in (CredentialStanding.IN_USE, CredentialStanding.ERASED):
            return
        _drop_token(current)
        now = timezone.now()
        current.client_secret, current.merchant_password, current.merchant_username = "", None, ""
        current.erased_at, current.retired_at = now, current.retired_at or now
        current.save(
            update_fields=["client_secret", "merchant_password", "merchant_username", "erased_at", "retired_at"]
        )
        _record(EventName.CREDENTIAL_RETIRED, current, by=by)


def _drop_token(credential: Credential) -> None:
    try:
        keys = credential.as_posapi()
    except (CannotOpen, ValueError):
        return  # it could not be used, and a token of it is never taken for another's
    CacheTokenStore().drop(keys.key, issued_for=keys.fingerprint)


def _locked(credential: Credential) -> Credential:
    return Credential.objects.select_for_update(of=("self",)).select_related("merchant").get(pk=credential.pk)


def _refuse_unless_standing_by(credential: Credential) -> None:
    if credential.standing != CredentialStanding.STANDING_BY:
        raise NotStandingBy


def _record(name: EventName, credential: Credential, *, by: User | None, **detail: str | list[str]) -> None:
    facts = {"environment": credential.environment, **detail}
    record(name, subject=credential, merchant_id=credential.merchant_id, by=by, detail=facts)
