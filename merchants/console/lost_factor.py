"""Removing the second factor of a colleague who lost the phone and the recovery codes."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from merchants.access import Action, allows
from merchants.console.scope import ConsoleRequest
from merchants.models import User
from merchants.returning import safe_next
from merchants.selectors import merchants_administered_by
from merchants.signing_in.second_factor import has_second_factor, remove_second_factor
from merchants.signing_in.signing_out import sign_out_everywhere
from merchants.signing_in.step_up import recently_signed_in


@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
@recently_signed_in
def remove_lost_factor(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """Ask once more, then remove it and end the person's sessions. One's own is removed on one's own page."""
    if user_id == request.user.pk:
        return redirect("account")
    person = colleague_or_404(request, user_id)
    if request.method == "POST":
        if remove_second_factor(person, by=request.user):
            sign_out_everywhere(person)
            messages.success(request, _("The second factor of %(name)s is removed.") % {"name": person})
        return HttpResponseRedirect(safe_next(request))
    context = {"person": person, "has_second_factor": has_second_factor(person), "next": safe_next(request)}
    return render(request, "console/remove_lost_factor.html", context)


def colleague_or_404(request: ConsoleRequest, user_id: int) -> User:
    """Somebody who works for merchants of this administrator and for no other; an operator is only an operator's."""
    person = User.objects.filter(pk=user_id).first()
    if person is None:
        raise Http404
    if request.user.is_superuser:
        return person
    ours = merchants_administered_by(request.user)
    works_for_us = person.memberships.filter(merchant__in=ours).exists()
    if person.is_superuser or not works_for_us or person.memberships.exclude(merchant__in=ours).exists():
        raise Http404
    return person
