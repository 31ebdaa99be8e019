"""Changes to who works for a merchant, each in one transaction with its event. The rules are those of every screen.

Nobody changes their own role or closes their own account. A merchant keeps an administrator who can sign in. A person
who works for another merchant as well is changed within this merchant only, whatever else is theirs stays theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from audit.events import record
from audit.names import EventName
from merchants.console.links import HAS_NO_PASSWORD, Link, hold, issue, withdraw
from merchants.console.scope import is_within_reach
from merchants.models import Membership, Merchant, Role, Store, User
from merchants.signing_in.signing_out import sign_out_everywhere
from merchants.staff import align_admin_access

_OF_THE_PERSON = ("first_name", "last_name", "email", "language")


class NotAllowed(Exception):
    """A rule forbids it; the message says which, and what to do, in the active language."""


@dataclass(frozen=True)
class Details:
    """What a merchant keeps of a person. Names and e-mail never get into an event."""

    first_name: str
    last_name: str
    role: Role
    stores: tuple[Store, ...] = ()
    email: str = ""
    language: str = ""
    username: str = field(default="", repr=False)


def only_here() -> str:
    """Said where the account itself is out of reach."""
    return _("This person also works for another merchant: only role and stores are changed here.")


def why_role_stays(membership: Membership, *, by: User) -> str:
    """Why this administrator may not change the role now; empty when they may."""
    try:
        _refuse_another_role(membership, by)
    except NotAllowed as problem:
        return str(problem)
    return ""


def works_elsewhere(membership: Membership) -> bool:
    """Whether the person also works for another merchant."""
    return membership.user.memberships.exclude(pk=membership.pk).exists()


@transaction.atomic
def invite(merchant: Merchant, details: Details, *, by: User) -> Link:
    """A new person, who cannot sign in before they have set a password with this link."""
    person = User(username=details.username, **{name: getattr(details, name) for name in _OF_THE_PERSON})
    person.set_unusable_password()
    person.save()
    membership = Membership.objects.create(user=person, merchant=merchant, role=details.role)
    membership.stores.set(details.stores)
    if details.role == Role.ADMINISTRATOR:
        align_admin_access(person)
    return issue(person, merchant, by=by)


@transaction.atomic
def change(membership: Membership, details: Details, *, by: User) -> list[str]:
    """The names of what was changed. Raises NotAllowed."""
    merchant = _locked(membership)
    changed = [name for name in _OF_THE_PERSON if getattr(membership.user, name) != getattr(details, name)]
    if changed and not is_within_reach(membership.user, by=by):
        raise NotAllowed(only_here())
    for name in changed:
        setattr(membership.user, name, getattr(details, name))
    membership.user.save(update_fields=changed)
    if "email" in changed:
        _forget_provider(membership.user)
    changed += _change_membership(membership, details.role, details.stores, by=by)
    if changed:
        detail = {"fields": changed}
        record(EventName.STAFF_CHANGED, subject=membership.user, merchant_id=merchant.pk, by=by, detail=detail)
    return changed


def _forget_provider(person: User) -> None:
    """Whoever was bound at the identity provider was so by the address before: the next sign-in there binds anew."""
    SocialAccount.objects.filter(user=person).delete()


def _change_membership(membership: Membership, role: Role, stores: Iterable[Store], *, by: User) -> list[str]:
    changed = []
    if role != membership.role:
        _refuse_another_role(membership, by)
        membership.role = role
        membership.save(update_fields=["role"])
        align_admin_access(membership.user)
        changed.append("role")
    if {one.pk for one in stores} != set(membership.stores.values_list("pk", flat=True)):
        membership.stores.set(stores)
        changed.append("stores")
    return changed


@transaction.atomic
def deactivate(membership: Membership, *, by: User) -> None:
    """Close the account and end every session of it at once; of a person with work elsewhere, end the work here."""
    merchant = _locked(membership)
    person = membership.user
    _refuse_for_oneself(membership, by, _("Nobody deactivates themselves. Ask another administrator."))
    _refuse_for_the_last(membership)
    hold(person)
    if stays := works_elsewhere(membership):
        membership.delete()
        align_admin_access(person)
    else:
        withdraw(person, merchant, by=by)
        person.is_active = False
        person.set_unusable_password()
        person.save(update_fields=["is_active", "password"])
    sign_out_everywhere(person)
    detail = {"stays_elsewhere": stays}
    record(EventName.STAFF_DEACTIVATED, subject=person, merchant_id=merchant.pk, by=by, detail=detail)


@transaction.atomic
def reactivate(membership: Membership, *, by: User) -> Link:
    """Open the account again: the old password is gone, a new link sets the next."""
    person = membership.user
    _refuse_out_of_reach(person, by)
    hold(person)
    person.is_active = True
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    record(EventName.STAFF_REACTIVATED, subject=person, merchant_id=membership.merchant_id, by=by)
    return issue(person, membership.merchant, by=by)


@transaction.atomic
def new_link(membership: Membership, *, by: User) -> Link:
    """A link with which the person sets a new password; until then the old one goes on."""
    _refuse_out_of_reach(membership.user, by)
    if not membership.user.is_active:
        raise NotAllowed(_("This account is deactivated. Reactivate it first."))
    return issue(membership.user, membership.merchant, by=by)


@transaction.atomic
def withdraw_link(membership: Membership, *, by: User) -> bool:
    """False when there was no open link."""
    _refuse_out_of_reach(membership.user, by)
    return withdraw(membership.user, membership.merchant, by=by)


def _locked(membership: Membership) -> Merchant:
    """Two administrators who demote each other at one moment come one after the other.

    Rows that only refer to the merchant can be made meanwhile: whoever makes one already holds a person.
    """
    return Merchant.objects.select_for_update(no_key=True).get(pk=membership.merchant_id)


def _refuse_out_of_reach(person: User, by: User) -> None:
    if not is_within_reach(person, by=by):
        raise NotAllowed(
            _("This person also works for another merchant. Whoever runs the portal gives them a new link.")
        )


def _refuse_another_role(membership: Membership, by: User) -> None:
    _refuse_for_oneself(membership, by, _("Nobody changes their own role. Ask another administrator."))
    _refuse_for_the_last(membership)


def _refuse_for_oneself(membership: Membership, by: User, text: str) -> None:
    if membership.user_id == by.pk:
        raise NotAllowed(text)


def _refuse_for_the_last(membership: Membership) -> None:
    """An invited administrator who has not set a password yet does not count: nobody could sign in."""
    if membership.role != Role.ADMINISTRATOR:
        return
    others = membership.merchant.memberships.filter(role=Role.ADMINISTRATOR, user__is_active=True)
    if not others.exclude(pk=membership.pk).exclude(HAS_NO_PASSWORD).exists():
        raise NotAllowed(
            _("This is the only administrator of the merchant who can sign in. Let another one set a password first.")
        )
