"""Exports of a manager's lists: asked for, watched while they are written, and looked back upon."""

from functools import partial
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications.review.export_form import MASKED, WITH_NAMES, ExportForm
from applications.review.exporting import State, may_be_downloaded, state_of, written
from applications.review.filter_form import FilterForm
from applications.review.listing import asked_for, people_of
from applications.review.models import Export
from applications.review.scope import ReviewRequest, are_still_theirs, stores_of_manager
from merchants.access import Action, allows
from merchants.refusing import there_and_back
from merchants.signing_in.idleness import asked_by_itself
from merchants.signing_in.step_up import signed_in_recently

_SHOWN_AT_MOST = 50


@require_GET
@allows(Action.EXPORT)
def export_list(request: ReviewRequest) -> HttpResponse:
    """This person's own exports, the latest first."""
    exports = list(_own(request).order_by("-requested_at")[:_SHOWN_AT_MOST])
    stores = tuple(stores_of_manager(request.counter))
    people = people_of(request.counter.merchant, stores)
    forms = [FilterForm(QueryDict(one.query), stores=stores, people=people) for one in exports]
    rows = [{**_progress(one), "summary": _summary(form)} for one, form in zip(exports, forms, strict=True)]
    return render(request, "review/exports.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@allows(Action.EXPORT)
def export_list_new(request: ReviewRequest) -> HttpResponse:
    """The choices for an export of the list that the query of this address names."""
    _form, listing = asked_for(request.counter, request.GET)
    if listing is None:
        return redirect(f"{reverse('review_list')}?{request.GET.urlencode()}")
    initial = {"language": get_language() or "en", "contents": MASKED}
    form = ExportForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        return redirect("export_list_item", _asked(request, form, listing.filters.to_query()).pk)
    context = {"form": form, "filters": listing.filters, "query": listing.filters.to_query()}
    return render(request, "review/export_new.html", context, status=422 if form.is_bound else 200)


@require_GET
@allows(Action.EXPORT)
def export_list_item(request: ReviewRequest, export_id: UUID) -> HttpResponse:
    """One export: what is in it, the way to the file, and how far it is."""
    export = _own_or_404(request, export_id)
    form, _listing = asked_for(request.counter, QueryDict(export.query))
    context = {
        **_progress(export),
        "summary": _summary(form),
        "may_be_downloaded": may_be_downloaded(export),
        "must_sign_in": export.with_names and not signed_in_recently(request),
    }
    return render(request, "review/export.html", context)


@asked_by_itself()
@require_GET
@allows(Action.EXPORT)
def export_list_progress(request: ReviewRequest, export_id: UUID) -> HttpResponse:
    """How far it is: the part of the page that asks for itself again."""
    return render(request, "review/export_progress.html", _progress(_own_or_404(request, export_id)))


@require_POST
@allows(Action.EXPORT)
def export_list_file(request: ReviewRequest, export_id: UUID) -> HttpResponse:
    """The file itself, as it is being written."""
    export = _own_or_404(request, export_id)
    if export.with_names and not signed_in_recently(request):
        return there_and_back(request, "account_reauthenticate")
    _form, listing = asked_for(request.counter, QueryDict(export.query))
    if listing is None or not may_be_downloaded(export):
        messages.error(request, gettext("The time of this export is over. Export the list again."))
        return redirect("export_list_item", export.pk)
    may_go_on = partial(are_still_theirs, listing.stores, person=request.user)
    pieces = written(export, listing, by=request.user, may_go_on=may_go_on)
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(export)}"'
    return cast(HttpResponse, response)


def _asked(request: ReviewRequest, form: ExportForm, query: str) -> Export:
    with_names = form.cleaned_data["contents"] == WITH_NAMES
    return Export.objects.create(
        merchant=request.counter.merchant,
        requested_by=request.user,
        query=query,
        language=form.cleaned_data["language"],
        with_names=with_names,
        reason=form.cleaned_data["reason"] if with_names else None,
    )


def _own(request: ReviewRequest) -> Any:
    return Export.objects.filter(merchant=request.counter.merchant, requested_by=request.user)


def _own_or_404(request: ReviewRequest, export_id: UUID) -> Export:
    export: Export = get_object_or_404(_own(request), pk=export_id)
    return export


def _summary(form: FilterForm) -> list[tuple[str, str]] | None:
    """What the list was narrowed by; None when that cannot be told any more, as of a store that is no longer theirs."""
    return form.filters.summary() if form.is_valid() else None


def _progress(export: Export) -> dict[str, object]:
    state = state_of(export)
    return {"export": export, "state": state, "goes_on": state == State.BEING_WRITTEN}


def _file_name(export: Export) -> str:
    with override(export.language):
        return gettext("applications-%(day)s.csv") % {"day": timezone.localdate().isoformat()}
