"""The page on which a file becomes stores and staff: give it, read what it would do, do exactly that."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from merchants.access import Action, allows
from merchants.console.bulk.applying import ShownDiffers, apply, seal
from merchants.console.bulk.columns import COLUMNS, template
from merchants.console.bulk.planning import Plan, plan
from merchants.console.bulk.reading import Problem, as_text
from merchants.console.bulk.steps import Verb
from merchants.console.bulk.upload import is_too_large, takes_a_small_file
from merchants.console.handing_over import hand_over
from merchants.console.scope import ConsoleRequest, merchant_or_404
from merchants.models import Merchant
from merchants.signing_in.step_up import signed_in_recently

_TONES = {Verb.CREATE: "success", Verb.CHANGE: "warning", Verb.LEAVE: "neutral"}


@dataclass(frozen=True)
class Given:
    """What came with the form: the text of a file or of the box, and why it cannot be taken."""

    text: str = ""
    problem: str = ""


@takes_a_small_file
@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
def bulk_start(request: ConsoleRequest, merchant_id: UUID) -> HttpResponse:
    """GET the form; POST `act=look` for what would be done, `act=apply` with the signature of that to do it."""
    merchant = merchant_or_404(request, merchant_id)
    if request.method == "GET":
        return _form(request, merchant, Given())
    given = _given(request)
    if given.problem:
        return _form(request, merchant, given)
    is_too_late = request.POST.get("act") == "apply" and not signed_in_recently(request)
    if request.POST.get("act") == "apply" and not is_too_late:
        return _apply(request, merchant, given)
    return _shown(request, given, plan(merchant, given.text, by=request.user), is_too_late=is_too_late)


@require_GET
@allows(Action.CONFIGURE)
def template_file(request: ConsoleRequest, merchant_id: UUID) -> HttpResponse:
    """The headings and an example, in the language of the screen."""
    merchant_or_404(request, merchant_id)
    response = HttpResponse(template(get_language() or "en"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_("stores-and-staff")}.csv"'
    return response


def _given(request: ConsoleRequest) -> Given:
    typed = request.POST.get("text", "")
    file = request.FILES.get("file")
    if is_too_large(request) or len(typed.encode()) > settings.BULK_START_MAX_BYTES:
        return Given(problem=_too_large())
    if file is not None:
        return Given(as_text(file.read()))
    return Given(typed) if typed.strip() else Given(problem=_("Choose the file, or paste its lines."))


def _apply(request: ConsoleRequest, merchant: Merchant, given: Given) -> HttpResponse:
    try:
        links = apply(merchant, given.text, request.POST.get("sealed", ""), by=request.user)
    except ShownDiffers as differs:
        return _shown(request, given, differs.plan, is_other=True)
    return hand_over(request, merchant, links)


def _shown(
    request: ConsoleRequest, given: Given, shown: Plan, *, is_other: bool = False, is_too_late: bool = False
) -> HttpResponse:
    if shown.is_refused:
        return _form(request, shown.merchant, given, shown.problems)
    context = {
        "merchant": shown.merchant,
        "lines": given.text,
        "steps": [{"step": step, "tone": _TONES[step.verb]} for step in shown.steps],
        "counts": {f"{kind}_{verb}": number for (kind, verb), number in shown.counts.items()},
        "does_something": shown.does_something,
        "sealed": seal(shown, by=request.user),
        "is_other": is_other,
        "is_too_late": is_too_late,
    }
    status = 409 if is_other else 403 if is_too_late else 200
    return render(request, "console/bulk_plan.html", context, status=status)


def _form(
    request: ConsoleRequest, merchant: Merchant, given: Given, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    context = {
        "merchant": merchant,
        "lines": given.text,
        "problem": given.problem,
        "problems": problems,
        "columns": COLUMNS,
        "kibibytes": settings.BULK_START_MAX_BYTES // 1024,
    }
    return render(request, "console/bulk_start.html", context, status=422 if given.problem or problems else 200)


def _too_large() -> str:
    told = {"kibibytes": settings.BULK_START_MAX_BYTES // 1024}
    return _("The file is larger than %(kibibytes)d KB. Split it: stores first, then people by store.") % told
