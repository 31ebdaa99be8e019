"""The terms that a customer accepted, as they were shown, from the bytes that were kept."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from applications.journey.terms_display import accepted_html, displayable
from applications.journey.terms_in_part import missing_from
from applications.models import Application, TermsAcceptance, TermsDocument
from applications.review.scope import ReviewRequest, application_under_review_or_404
from applications.viewing import record_event
from audit.names import EventName
from merchants.access import Action, allows


def acceptances_of(application: Application) -> list[TermsAcceptance]:
    """Every acceptance, also those that a change voided, the first one first."""
    rows = application.acceptances.select_related("document", "french_document", "recorded_by")
    return list(rows.defer("document__content", "french_document__content").order_by("accepted_at"))


@require_GET
@allows(Action.REVIEW)
def review_terms(request: ReviewRequest, application_id: UUID, acceptance_id: int) -> HttpResponse:
    """For reading and printing; sanitised as it was on the customer's screen."""
    application = application_under_review_or_404(request, application_id, erased_too=True)
    acceptance = _acceptance_or_404(application, acceptance_id)
    record_event(application, EventName.PRINTED, by=request.user, detail=_evidence("terms", acceptance.document))
    shown = [{"document": acceptance.document, "html": accepted_html(acceptance)}]
    if french := acceptance.french_document:
        shown.append({"document": french, "html": displayable(french)})
    context = {
        "application": application,
        "acceptance": acceptance,
        "documents": shown,
        "missing": missing_from(acceptance),
    }
    return render(request, "review/terms.html", context)


@require_GET
@allows(Action.REVIEW)
def review_terms_bytes(request: ReviewRequest, application_id: UUID, acceptance_id: int) -> HttpResponse:
    """The very bytes, for whoever checks the fingerprint; `?french` gives the French version that came first.

    Never as HTML: a browser would run what the lender's page holds.
    """
    application = application_under_review_or_404(request, application_id, erased_too=True)
    acceptance = _acceptance_or_404(application, acceptance_id)
    document = acceptance.french_document if "french" in request.GET else acceptance.document
    if document is None:
        raise Http404
    record_event(application, EventName.PRINTED, by=request.user, detail=_evidence("terms_bytes", document))
    name = f"terms-{document.language}-{document.province}-{document.sha256[:16]}.bytes"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(document.content), content_type="application/octet-stream", headers=headers)


def _acceptance_or_404(application: Application, acceptance_id: int) -> TermsAcceptance:
    rows = application.acceptances.select_related("document", "display", "french_document", "recorded_by")
    return get_object_or_404(rows, pk=acceptance_id)


def _evidence(kind: str, document: TermsDocument) -> dict[str, str]:
    return {"document": kind, "terms": document.sha256, "language": document.language, "province": document.province}
