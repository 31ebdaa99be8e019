"""One-time links with which a person sets their own password. Only a digest of each is kept."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from audit.events import record
from audit.names import EventName
from merchants.console.scope import is_within_reach
from merchants.models import Invitation, Merchant, User
from vault.digests import keyed_digests

_PURPOSE = "invitation"
# Of memberships: people who have never set a password, or whose password was taken from them.
HAS_NO_PASSWORD = Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
_BYTES = 24  # 192 random bits: nobody guesses one


@dataclass(frozen=True)
class Link:
    """A link at the only moment at which it is known. `path` holds the secret: it is shown, and nowhere kept."""

    invitation: Invitation
    path: str

    def __repr__(self) -> str:
        return f"Link({self.invitation.pk})"


def hold(person: User) -> None:
    """Until the transaction ends, whoever else changes this account waits.

    Comes before the first event, as the chain of a person is a lock too: whoever took the two the other way round could
    wait for somebody who waits for them.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)


@transaction.atomic
def issue(person: User, merchant: Merchant, *, by: User) -> Link:
    """A new link for this person, good for INVITATION_DAYS. Those that were open before are good for nothing."""
    now = timezone.now()
    hold(person)
    person.invitations.still_open().update(withdrawn_at=now)
    token = secrets.token_urlsafe(_BYTES)
    invitation = Invitation.objects.create(
        user=person,
        merchant=merchant,
        invited_by=by,
        digest=_digests(token)[0],
        created_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )
    record(EventName.STAFF_INVITED, subject=person, merchant_id=merchant.pk, by=by)
    return Link(invitation, reverse("welcome", args=[token]))


@transaction.atomic
def withdraw(person: User, merchant: Merchant, *, by: User) -> bool:
    """Make the open link of this person good for nothing; False when there was none."""
    hold(person)
    withdrawn = person.invitations.still_open().update(withdrawn_at=timezone.now())
    if withdrawn:
        record(EventName.INVITATION_WITHDRAWN, subject=person, merchant_id=merchant.pk, by=by)
    return bool(withdrawn)


def invitation_of(token: str) -> Invitation | None:
    """The invitation that a link belongs to, while it is good: an active person of an active merchant, in time.

    Whoever issued a link has read it. It ends where the person began to work for somebody else meanwhile.
    """
    in_time = Invitation.objects.still_open().filter(digest__in=_digests(token), expires_at__gt=timezone.now())
    good = in_time.filter(user__is_active=True, merchant__is_active=True)
    invitation = good.select_related("user", "merchant", "invited_by").first()
    if invitation is None:
        return None
    reaches = is_within_reach(invitation.user, by=invitation.invited_by, at=invitation.merchant)
    return invitation if reaches else None


@transaction.atomic
def use(invitation: Invitation, password: str) -> bool:
    """Set the password, once; False when somebody was faster. Whoever was signed in with the old one no longer is."""
    now = timezone.now()
    hold(invitation.user)
    first = Invitation.objects.still_open().filter(pk=invitation.pk, expires_at__gt=now)
    if not first.update(used_at=now):
        return False
    person = invitation.user
    person.set_password(password)
    person.save(update_fields=["password"])
    record(EventName.INVITATION_USED, subject=person, merchant_id=invitation.merchant_id, by=person)
    return True


def _digests(token: str) -> tuple[str, ...]:
    return keyed_digests(token.encode("utf-8", "surrogateescape"), purpose=_PURPOSE)
