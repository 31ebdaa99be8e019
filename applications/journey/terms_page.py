"""The terms on the screen, turned to the customer."""

import logging
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from applications.drafting import NotEditable
from applications.journey import terms
from applications.journey.counter_request import CounterRequest
from applications.journey.languages import SWITCHES, switch_as_asked
from applications.journey.position import page_context
from applications.journey.steps import TERMS, Position
from applications.journey.terms_display import accepted_html, display_of, html_of
from applications.journey.terms_html import sanitised, says_something
from applications.journey.terms_in_part import are_withheld, missing_from, what_is_missing
from applications.models import Application, DeviceHolder, TermsDocument
from applications.submission.sealing import standing_acceptance
from applications.templatetags.amounts import phone
from flexiti_portal.crispy import bare_helper
from merchants.credentials.sessions import CredentialUnusable
from merchants.selectors import form_values
from posapi import PosApiError

logger = logging.getLogger(__name__)


class AcceptanceForm(forms.Form):
    """The customer's agreement, and who held the device. The label of the agreement is in the customer's language.

    `scrolled_to_end` is filled in by the page, where it can run scripts.
    """

    accept = forms.BooleanField(
        error_messages={"required": gettext_lazy("The customer ticks this box, after reading the terms, to go on.")}
    )
    device_holder = forms.ChoiceField(
        label=gettext_lazy("Who held the device while the terms were on it?"),
        choices=DeviceHolder.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say who held the device.")},
    )
    scrolled_to_end = forms.NullBooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, language: str) -> None:
        super().__init__(data)
        with override(language):
            agreement = _("I have read these terms and conditions and I agree to them.")
        self.fields["accept"].label = format_html('<span lang="{}">{}</span>', language, agreement)
        self.helper = bare_helper()


def terms_page(request: CounterRequest, application: Application, position: Position) -> HttpResponse:
    """Show the terms of this customer's language and province, or take their acceptance."""
    try:
        if any(name in request.POST for name in SWITCHES):
            return switch_as_asked(request, application, HttpResponseRedirect(request.path))
        if acceptance := standing_acceptance(application):
            return _accepted(request, application, position, acceptance)
        offered = terms.offered_terms(application, again_in_french="french" in request.GET)
        if request.method == "POST":
            return _posted(request, application, position, offered)
    except (PosApiError, CredentialUnusable) as problem:
        logger.warning("The terms could not be fetched: %s", problem)
        return render(request, "journey/no_terms.html", page_context(application, position, TERMS))
    except terms.NotShown:
        messages.warning(request, _("The terms have changed since they were shown. Please read them again."))
        return redirect(request.path)
    except terms.NotInFull:
        return redirect(request.path)
    except NotEditable:
        return redirect("application", application.pk)
    return _page(request, application, position, offered, AcceptanceForm(language=application.lang))


def _posted(
    request: CounterRequest, application: Application, position: Position, offered: terms.Offered
) -> HttpResponse:
    if "choose_english" in request.POST and offered.may_choose_english:
        if request.POST.get("digest") != offered.document.sha256:
            raise terms.NotShown
        terms.choose_english(application, offered.document, by=request.user)
        return redirect(request.path)
    form = AcceptanceForm(request.POST, language=application.lang)
    if not form.is_valid():
        return _page(request, application, position, offered, form, status=422)
    terms.accept_terms(
        application,
        offered,
        request.POST.get("digest", ""),
        device_holder=form.cleaned_data["device_holder"],
        scrolled_to_end=form.cleaned_data["scrolled_to_end"],
        by=request.user,
    )
    return redirect("journey", application.pk)


def _page(
    request: CounterRequest,
    application: Application,
    position: Position,
    offered: terms.Offered,
    form: AcceptanceForm,
    *,
    status: int = 200,
) -> HttpResponse:
    """Every first sight of a document is evidence; an answer that is put right is still the same sight."""
    display = display_of(offered.document)
    if status == 200:
        terms.record_shown(application, display, by=request.user)
    context = {
        **page_context(application, position, TERMS),
        "offered": offered,
        "document": offered.document,
        "display": display,
        "is_withheld": are_withheld(display.compared()),
        "missing": partial(what_is_missing, display.missing_words, display.left_out),
        "support_phone": _support_phone,
        "html": html_of(display),
        "disclosure": _disclosure(application, offered.document),
        "form": form,
    }
    return render(request, "journey/terms.html", context, status=status)


def _support_phone() -> SafeString:
    """Flexiti's number, in the language of the place where it stands."""
    return format_html('<span class="phone">{}</span>', phone(settings.LENDER_SUPPORT_PHONE))


def _accepted(request: CounterRequest, application: Application, position: Position, acceptance: Any) -> HttpResponse:
    """Terms accepted already: what was agreed to, from the bytes kept, and the way on."""
    if request.method == "POST":
        return redirect("journey", application.pk)
    context = {
        **page_context(application, position, TERMS),
        "acceptance": acceptance,
        "document": acceptance.document,
        "html": accepted_html(acceptance),
        "missing": missing_from(acceptance),
    }
    return render(request, "journey/terms_accepted.html", context)


def _disclosure(application: Application, document: TermsDocument) -> str:
    """Quebec's consumer-protection disclosure from `i18n`, in the language of the terms (contract §3)."""
    options = form_values(application.credential, document.language)
    text = options.qcpa_disclosure if options else ""
    return sanitised(text, top_heading=3) if document.province == "QC" and says_something(text) else ""
