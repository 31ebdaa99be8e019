"""What needs doing at a merchant: each line with the page on which it is done."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merchants.console.links import HAS_NO_PASSWORD
from merchants.credentials.problems import CredentialProblem
from merchants.models import Invitation, Membership, Merchant, Role, Store

_NAMED = 3


@dataclass(frozen=True)
class ToDo:
    """One thing to do. `is_pressing` when associates feel it already."""

    text: str
    url: str
    is_pressing: bool = False


def to_do(merchant: Merchant, problems: Iterable[CredentialProblem]) -> list[ToDo]:
    """Everything that needs doing, the most pressing first; `problems` are those of all credentials, as selected."""
    own = (one for one in problems if one.merchant == merchant)
    credentials = [ToDo(one.text, _credentials_url(merchant), one.is_pressing) for one in own]
    return [*credentials, *_uncovered(merchant), *_waiting_invitations(merchant)]


def stores_without_staff(merchant: Merchant) -> QuerySet[Store]:
    """Stores in use in which no active person takes applications."""
    return _stores_where(merchant, staff=0)


def stores_without_manager(merchant: Merchant) -> QuerySet[Store]:
    """Stores in use with staff, but without an active manager: nobody settles what is unknown."""
    return _stores_where(merchant, managers=0, staff__gt=0)


def unused_invitations(merchant: Merchant) -> QuerySet[Membership]:
    """Staff who were invited and have not set a password yet, in time or not."""
    waiting = Invitation.objects.still_open().filter(user=OuterRef("user"), merchant=merchant)
    staff = merchant.memberships.filter(HAS_NO_PASSWORD, user__is_active=True)
    return staff.filter(Exists(waiting))


def _stores_where(merchant: Merchant, **counts: int) -> QuerySet[Store]:
    at_work = Q(memberships__user__is_active=True, memberships__role__in=(Role.ASSOCIATE, Role.MANAGER))
    counted = merchant.stores.filter(is_active=True).annotate(
        staff=Count("memberships", filter=at_work),
        managers=Count("memberships", filter=at_work & Q(memberships__role=Role.MANAGER)),
    )
    return counted.filter(**counts).order_by("name")


def _uncovered(merchant: Merchant) -> list[ToDo]:
    url = reverse("console_stores", args=[merchant.pk])
    found = []
    if names := _names(stores_without_staff(merchant)):
        found.append(ToDo(_("No staff: %(stores)s.") % {"stores": names}, url))
    if names := _names(stores_without_manager(merchant)):
        found.append(ToDo(_("No manager, so nobody settles what is unknown: %(stores)s.") % {"stores": names}, url))
    return found


def _waiting_invitations(merchant: Merchant) -> list[ToDo]:
    number = unused_invitations(merchant).count()
    text = ngettext(
        "%(number)d person was invited and has not set a password yet.",
        "%(number)d people were invited and have not set a password yet.",
        number,
    )
    url = reverse("console_staff", args=[merchant.pk]) + "?state=invited"
    return [ToDo(text % {"number": number}, url)] if number else []


def _names(stores: QuerySet[Store]) -> str:
    """The first of them by name, and how many more."""
    names = list(stores.values_list("name", flat=True))
    listed = ", ".join(names[:_NAMED])
    more = len(names) - _NAMED
    return listed if more <= 0 else _("%(stores)s and %(more)d more") % {"stores": listed, "more": more}


def _credentials_url(merchant: Merchant) -> str:
    return reverse("console_credentials", args=[merchant.pk])
