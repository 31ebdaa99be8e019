"""The staff of a merchant: hundreds of people, found by name, store, role and state."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from merchants.access import Action, allows
from merchants.console.links import HAS_NO_PASSWORD
from merchants.console.scope import ConsoleRequest, merchant_or_404
from merchants.models import Invitation, Membership, Merchant, Role

_ON_A_PAGE = 50


class State(TextChoices):
    """Where somebody's account stands."""

    ACTIVE = "active", _("Active")
    INVITED = "invited", _("Invited, no password yet")
    DEACTIVATED = "deactivated", _("Deactivated")


TONES = {State.ACTIVE: "success", State.INVITED: "info", State.DEACTIVATED: "neutral"}


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; an unknown value narrows nothing."""

    words: str = ""
    role: str = ""
    store: str = ""
    state: str = ""

    @classmethod
    def of(cls, asked: QueryDict, merchant: Merchant) -> "Wanted":
        store, stores = asked.get("store", ""), {str(one) for one in merchant.stores.values_list("pk", flat=True)}
        role, state = asked.get("role", ""), asked.get("state", "")
        return cls(
            words=asked.get("words", "").replace("\0", "").strip()[:100],
            role=role if role in Role.values else "",
            store=store if store in stores else "",
            state=state if state in State.values else "",
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.role or self.store or self.state)

    def apply(self, staff: QuerySet[Membership]) -> QuerySet[Membership]:
        for word in self.words.split():
            staff = staff.filter(
                Q(user__first_name__icontains=word)
                | Q(user__last_name__icontains=word)
                | Q(user__username__icontains=word)
                | Q(user__email__icontains=word)
            )
        if self.role:
            staff = staff.filter(role=self.role)
        if self.store:
            staff = staff.filter(stores__pk=self.store)
        return staff.filter(_IS[State(self.state)]) if self.state else staff


_IS = {
    State.ACTIVE: Q(user__is_active=True) & ~(HAS_NO_PASSWORD & Q(is_invited=True)),
    State.INVITED: Q(user__is_active=True, is_invited=True) & HAS_NO_PASSWORD,
    State.DEACTIVATED: Q(user__is_active=False),
}


def staff_of(merchant: Merchant) -> QuerySet[Membership]:
    """Everybody who works or worked for a merchant, by last name."""
    links = Invitation.objects.still_open().filter(user=OuterRef("user"))
    staff = merchant.memberships.annotate(is_invited=Exists(links))
    return (
        staff.select_related("user")
        .prefetch_related("stores")
        .order_by("user__last_name", "user__first_name", "user__username")
    )


def state_of(membership: Membership) -> State:
    """Of a membership as `staff_of` gives it."""
    if not membership.user.is_active:
        return State.DEACTIVATED
    is_waiting = membership.is_invited and not membership.user.has_usable_password()  # type: ignore[attr-defined]
    return State.INVITED if is_waiting else State.ACTIVE


@require_GET
@allows(Action.CONFIGURE)
def staff(request: ConsoleRequest, merchant_id: UUID) -> HttpResponse:
    """`?words=…&role=…&store=…&state=…&page=…`"""
    merchant = merchant_or_404(request, merchant_id)
    wanted = Wanted.of(request.GET, merchant)
    page: Page[Membership] = Paginator(wanted.apply(staff_of(merchant)), _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "merchant": merchant,
        "wanted": wanted,
        "page": page,
        "people": [_listed(one) for one in page],
        "roles": Role.choices,
        "states": State.choices,
        "stores": [(str(one.pk), one.name) for one in merchant.stores.all()],
        "query": _without_page(request.GET),
    }
    return render(request, "console/staff.html", context)


def _listed(membership: Membership) -> dict[str, object]:
    state = state_of(membership)
    return {
        "membership": membership,
        "state": state.label,
        "tone": TONES[state],
        "stores": list(membership.stores.all()),
    }


def _without_page(asked: QueryDict) -> str:
    kept = asked.copy()
    kept.pop("page", None)
    return kept.urlencode()
