"""A manager writes down what the lender said on the phone, where no search can tell what became of an application."""

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from applications.answers import Answers, full_name
from applications.journey.counter_request import CounterRequest, application_or_404
from applications.journey.decision_page import Outcome
from applications.journey.held_page import FoundAccount
from applications.journey.unsettled_page import Search
from applications.models import Application
from applications.review.masking import masked
from applications.review.scope import ReviewRequest, application_under_review_or_404
from applications.statuses import OVER, TELLABLE, UNSETTLED, Status
from applications.submission.by_person import AccountOfAnother, may_be_told, settle_as_told
from applications.submission.settlement import AlreadySettled
from flexiti_portal.crispy import bare_helper
from merchants.access import Action, allows
from merchants.models import Role
from merchants.selectors import managers_of

NOT_THIS_ONES = _(
    "Another application brought this account, or the customer had it before. Check the number with Flexiti."
)

View = Callable[..., HttpResponse]


class SettlingForm(forms.Form):
    """What the lender said. The account number is theirs (contract §9.2: up to fourteen digits)."""

    told = forms.ChoiceField(
        label=_("What did Flexiti say?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what Flexiti said.")},
    )
    account_number = forms.CharField(
        label=_("Account number"),
        required=False,
        help_text=_("For an approval only: the number that Flexiti read out, digits only."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("How do you know?"),
        max_length=1000,
        help_text=_("Whom you spoke to and when, and the number of the call if they gave one."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Write down how you know, so that it can be checked later.")},
    )

    use_required_attribute = False

    def __init__(self, data: Any = None, *, tellable: Sequence[Status], status: str = "") -> None:
        """`status` is what the application stands at; where that may be told, it may be left as it is."""
        super().__init__(data)
        self.fields["told"].choices = [(told.value, _told(told, status)) for told in tellable]  # type: ignore[attr-defined]
        self.helper = bare_helper()

    def clean_account_number(self) -> str:
        number = re.sub(r"[\s-]", "", self.cleaned_data["account_number"])
        if number and not re.fullmatch("[0-9]{1,14}", number):
            raise forms.ValidationError(_("Enter the digits only, fourteen at most."))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_approval = cleaned.get("told") == Status.APPROVED
        if is_approval and cleaned.get("account_number") == "":
            self.add_error("account_number", _("An approval has an account number. Ask Flexiti for it."))
        elif "told" in cleaned and not is_approval and cleaned.get("account_number"):
            self.add_error("account_number", _("Only an approval has an account number. Empty this box."))
        return cleaned


def _told(told: Status, status: str) -> str:
    if told == status and status not in TELLABLE:
        return gettext("It stays as it is: %(status)s") % {"status": told.label}
    return str(told.label)


def _associates_read_whose_it_is(view: View) -> View:
    """An associate at the counter reads which managers of the store may do it (403)."""

    @wraps(view)
    def guarded(request: CounterRequest, application_id: UUID) -> HttpResponse:
        if request.counter is None or request.counter.membership.role != Role.ASSOCIATE:
            return view(request, application_id)
        application = application_or_404(request, application_id)
        context = {"application": application, "managers": managers_of(application.store)}
        return render(request, "review/for_managers.html", context, status=403)

    return guarded


@require_http_methods(["GET", "POST"])
@_associates_read_whose_it_is
@allows(Action.SETTLE)
def settle(request: ReviewRequest, application_id: UUID) -> HttpResponse:
    """The form, for a manager of the store, wherever they stand. `?review` leads back to the page for managers."""
    application = application_under_review_or_404(request, application_id)
    tellable = may_be_told(application)
    if not tellable:
        return redirect(_page_of(request, application))
    data = request.POST if request.method == "POST" else None
    form = SettlingForm(data, tellable=tellable, status=application.status)
    if form.is_valid() and _is_settled(request, application, form):
        return redirect(_page_of(request, application))
    context = {**_context(application, form), "back": _page_of(request, application)}
    return render(request, "review/settle.html", context, status=422 if form.is_bound else 200)


def _page_of(request: ReviewRequest, application: Application) -> str:
    """Where the manager came from: the counter of the store they stand in, or the page for managers."""
    is_at_the_counter = request.counter.store == application.store and "review" not in request.GET
    return reverse("application" if is_at_the_counter else "review_application", args=[application.pk])


def _is_settled(request: ReviewRequest, application: Application, form: SettlingForm) -> bool:
    """Whether there is nothing more to settle, because of this form or of something that was faster."""
    told, number, reason = (form.cleaned_data[name] for name in ("told", "account_number", "reason"))
    try:
        settle_as_told(application, Status(told), account_number=number, reason=reason, by=request.user)
    except AccountOfAnother:
        form.add_error("account_number", NOT_THIS_ONES)
        return False
    except AlreadySettled:
        messages.info(request, gettext("It was settled meanwhile, so nothing was written down. This is how it stands."))
    return True


def _context(application: Application, form: SettlingForm) -> dict[str, object]:
    attempt, outcome = application.unsettled_attempt, Outcome.of(application)
    return {
        "application": application,
        "outcome": outcome,
        "late_account": masked("account_number", outcome.contradiction.account_number) if outcome.contradiction else "",
        "form": form,
        "search": Search(application, attempt) if attempt and application.status in UNSETTLED else None,
        "stays_so": application.status in OVER,
        "name": full_name(Answers.from_json(application.answers).of_step("identity")),
        "accounts": [FoundAccount.of(found) for found in (attempt.found if attempt else None) or ()],
    }
