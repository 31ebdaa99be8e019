"""The stores of a merchant."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from merchants.access import Action, allows
from merchants.console.organising import add_store, change_store
from merchants.console.scope import ConsoleRequest, merchant_or_404, store_or_404
from merchants.console.store_forms import StoreForm
from merchants.models import Membership, Merchant, Role, Store
from merchants.open_work import open_work
from merchants.signing_in.step_up import recently_signed_in

_ACTIVE_STAFF = Q(memberships__user__is_active=True)


@require_GET
@allows(Action.CONFIGURE)
def stores(request: ConsoleRequest, merchant_id: UUID) -> HttpResponse:
    """All of them on one page, those in use first."""
    merchant = merchant_or_404(request, merchant_id)
    listed = merchant.stores.annotate(
        staff=Count("memberships", filter=_ACTIVE_STAFF),
        managers=Count("memberships", filter=_ACTIVE_STAFF & Q(memberships__role=Role.MANAGER)),
    ).order_by("-is_active", "name")
    return render(request, "console/stores.html", {"merchant": merchant, "stores": listed})


@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
def add(request: ConsoleRequest, merchant_id: UUID) -> HttpResponse:
    """A new store."""
    merchant = merchant_or_404(request, merchant_id)
    form = StoreForm(request.POST if request.method == "POST" else None, merchant=merchant)
    if form.is_valid():
        store = add_store(merchant, form.cleaned_data, by=request.user)
        messages.success(request, _("%(store)s is added. Next: its staff.") % {"store": store})
        return redirect("console_stores", merchant.pk)
    return _form_page(request, form, merchant)


@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
def edit(request: ConsoleRequest, merchant_id: UUID, store_id: UUID) -> HttpResponse:
    """What is known of a store."""
    store = store_or_404(request, merchant_id, store_id)
    form = StoreForm(request.POST if request.method == "POST" else None, merchant=store.merchant, store=store)
    if form.is_valid():
        change_store(store, form.cleaned_data, by=request.user)
        messages.success(request, _("%(store)s is saved.") % {"store": store})
        return redirect("console_stores", merchant_id)
    return _form_page(request, form, store.merchant, store)


@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
@recently_signed_in
def use(request: ConsoleRequest, merchant_id: UUID, store_id: UUID) -> HttpResponse:
    """Take a store out of use after reading what is open there, or put it back."""
    store = store_or_404(request, merchant_id, store_id)
    if request.method == "POST":
        opens = request.POST.get("use") == "open"
        change_store(store, {"is_active": opens}, by=request.user)
        told = _("%(store)s is in use again.") if opens else _("%(store)s is out of use.")
        messages.success(request, told % {"store": store})
        return redirect("console_stores", merchant_id)
    return render(
        request,
        "console/store_use.html",
        {"merchant": store.merchant, "store": store, "open_work": open_work(store), "stranded": _only_here(store)},
    )


def _only_here(store: Store) -> int:
    """How many active people work in no other store in use."""
    others = Store.objects.filter(merchant=store.merchant_id, is_active=True).exclude(pk=store.pk)
    elsewhere = Membership.objects.filter(stores__in=others).values("pk")
    return store.memberships.filter(user__is_active=True).exclude(pk__in=elsewhere).count()


def _form_page(
    request: ConsoleRequest, form: StoreForm, merchant: Merchant, store: Store | None = None
) -> HttpResponse:
    context = {"form": form, "merchant": merchant, "store": store}
    return render(request, "console/store_form.html", context, status=422 if form.is_bound else 200)
