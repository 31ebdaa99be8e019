"""What an administrator may configure. No other door leads from the console to a merchant or to what belongs to it."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from merchants.counter import Counter
from merchants.models import Membership, Merchant, Store, User
from merchants.selectors import merchants_administered_by


class ConsoleRequest(HttpRequest):
    """A request of an administrator or operator, as `merchants.access.allows` lets it through."""

    user: User
    counter: Counter | None


def merchant_or_404(request: ConsoleRequest, merchant_id: UUID) -> Merchant:
    """A merchant this person administers, or a 404 that does not tell whether there is one."""
    return get_object_or_404(merchants_administered_by(request.user), pk=merchant_id)


def store_or_404(request: ConsoleRequest, merchant_id: UUID, store_id: UUID) -> Store:
    """A store of such a merchant."""
    return get_object_or_404(merchant_or_404(request, merchant_id).stores.select_related("merchant"), pk=store_id)


def membership_or_404(request: ConsoleRequest, merchant_id: UUID, user_id: int) -> Membership:
    """What a person does for such a merchant. Operators are out of reach of everybody but operators."""
    staff = merchant_or_404(request, merchant_id).memberships.select_related("merchant", "user")
    membership: Membership = get_object_or_404(staff, user=user_id)
    if membership.user.is_superuser and not request.user.is_superuser:
        raise Http404
    return membership


def is_within_reach(person: User, *, by: User, at: Merchant | None = None) -> bool:
    """Whether this administrator may change the account itself: no merchant but theirs, and `at`, depends on it."""
    if by.is_superuser:
        return True
    beyond = person.memberships.exclude(merchant__in=merchants_administered_by(by))
    if at is not None:
        beyond = beyond.exclude(merchant=at)
    return not person.is_superuser and not beyond.exists()
