"""One person who works for a merchant: invited, changed, deactivated, given a new link.

Whoever gives somebody an account, a role or a link, or closes an account, has signed in a moment ago: else a browser
that was left open, or a session that was stolen, makes a manager of anybody and locks everybody else out.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from merchants.access import Action, allows
from merchants.console import staffing
from merchants.console.handing_over import hand_over
from merchants.console.links import Link
from merchants.console.person_forms import InvitationForm, PersonForm
from merchants.console.scope import ConsoleRequest, is_within_reach, membership_or_404, merchant_or_404
from merchants.console.staff_list import TONES, staff_of, state_of
from merchants.console.staffing import NotAllowed
from merchants.models import Membership
from merchants.signing_in.second_factor import has_second_factor
from merchants.signing_in.step_up import recently_signed_in, signed_in_recently


@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
def invite(request: ConsoleRequest, merchant_id: UUID) -> HttpResponse:
    """A new person; the answer shows their one-time link."""
    merchant = merchant_or_404(request, merchant_id)
    form = InvitationForm(request.POST if request.method == "POST" else None, merchant=merchant)
    is_too_late = _is_too_late(request, form)
    if form.is_valid() and not is_too_late:
        try:
            link = staffing.invite(merchant, form.details(), by=request.user)
        except IntegrityError:  # somebody took the user name a moment ago
            form.add_error("username", _("Somebody has this user name already. Choose another one."))
        else:
            return hand_over(request, merchant, [link])
    context = {"merchant": merchant, "form": form, "is_too_late": is_too_late}
    return render(request, "console/invite.html", context, status=_status(form, is_too_late))


@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
def person(request: ConsoleRequest, merchant_id: UUID, user_id: int) -> HttpResponse:
    """Who somebody is, what they do where, and what can be done about their account."""
    membership = membership_or_404(request, merchant_id, user_id)
    only_here = not is_within_reach(membership.user, by=request.user)
    typed = request.POST if request.method == "POST" else None
    form = PersonForm(typed, merchant=membership.merchant, membership=membership, only_here=only_here)
    is_too_late = _is_too_late(request, form)
    if form.is_valid() and not is_too_late and _is_changed(request, membership, form):
        messages.success(request, _("%(person)s is saved.") % {"person": membership.user})
        return redirect("console_staff", merchant_id)
    # As it stands in the database, not as a refused change left it.
    context = _context(request, membership_or_404(request, merchant_id, user_id), form, only_here)
    context["is_too_late"] = is_too_late
    return render(request, "console/person.html", context, status=_status(form, is_too_late))


@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
@recently_signed_in
def deactivate(request: ConsoleRequest, merchant_id: UUID, user_id: int) -> HttpResponse:
    """Ask first, saying what follows."""
    membership = membership_or_404(request, merchant_id, user_id)
    if request.method == "POST":
        try:
            staffing.deactivate(membership, by=request.user)
        except NotAllowed as problem:
            messages.error(request, str(problem))
            return redirect("console_person", merchant_id, user_id)
        messages.success(request, _("%(person)s is signed out everywhere.") % {"person": membership.user})
        return redirect("console_staff", merchant_id)
    context = {
        "merchant": membership.merchant,
        "membership": membership,
        "works_elsewhere": staffing.works_elsewhere(membership),
    }
    return render(request, "console/deactivate.html", context)


@require_POST
@allows(Action.CONFIGURE)
@recently_signed_in
def reactivate(request: ConsoleRequest, merchant_id: UUID, user_id: int) -> HttpResponse:
    """The account is open again; the answer shows the link with which a password is set."""
    return _with_a_link(request, membership_or_404(request, merchant_id, user_id), staffing.reactivate)


@require_POST
@allows(Action.CONFIGURE)
@recently_signed_in
def new_link(request: ConsoleRequest, merchant_id: UUID, user_id: int) -> HttpResponse:
    """A new link, for an invitation that was lost or a password that was forgotten."""
    return _with_a_link(request, membership_or_404(request, merchant_id, user_id), staffing.new_link)


@require_POST
@allows(Action.CONFIGURE)
def withdraw(request: ConsoleRequest, merchant_id: UUID, user_id: int) -> HttpResponse:
    """The open link is good for nothing from now on."""
    membership = membership_or_404(request, merchant_id, user_id)
    try:
        staffing.withdraw_link(membership, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The link does not work any more."))
    return redirect("console_person", merchant_id, user_id)


def _is_too_late(request: ConsoleRequest, form: PersonForm) -> bool:
    """What was typed is kept: the administrator signs in in another window and presses again."""
    return form.is_valid() and not signed_in_recently(request)


def _status(form: PersonForm, is_too_late: bool) -> int:
    return 403 if is_too_late else 422 if form.is_bound else 200


def _with_a_link(request: ConsoleRequest, membership: Membership, give: Callable[..., Link]) -> HttpResponse:
    try:
        link = give(membership, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
        return redirect("console_person", membership.merchant_id, membership.user_id)
    return hand_over(request, membership.merchant, [link])


def _is_changed(request: ConsoleRequest, membership: Membership, form: PersonForm) -> bool:
    try:
        staffing.change(membership, form.details(), by=request.user)
    except NotAllowed as problem:
        form.add_error("role" if "role" in form.changed_data else None, str(problem))
        return False
    return True


def _context(request: ConsoleRequest, membership: Membership, form: PersonForm, only_here: bool) -> dict[str, Any]:
    open_link = membership.user.invitations.still_open().first()
    listed = staff_of(membership.merchant).get(pk=membership.pk)
    state = state_of(listed)
    return {
        "merchant": membership.merchant,
        "membership": membership,
        "form": form,
        "only_here": only_here,
        "is_oneself": membership.user_id == request.user.pk,
        "state": state,
        "tone": TONES[state],
        "open_link": open_link,
        "has_second_factor": has_second_factor(membership.user),
        "link_is_over": open_link is not None and open_link.expires_at <= timezone.now(),
    }
