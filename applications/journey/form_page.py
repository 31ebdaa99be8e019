"""A page that asks: shown, answered, or kept as typed while something else changes."""

from contextlib import suppress
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.drafting import ChangedElsewhere, NotEditable, keep_typed, save_step
from applications.journey.counter_request import CounterRequest, application_or_404
from applications.journey.forms import StepForm
from applications.journey.languages import SWITCHES, switch_as_asked
from applications.journey.position import page_context, position_of
from applications.journey.scan_page import scanned
from applications.journey.steps import IDENTITY, START, STEPS, Position, Step, step_named
from applications.journey.windows import seen
from applications.models import Application
from merchants.selectors import options_digest


def form_page(
    request: CounterRequest, application: Application, position: Position, step: Step, *, scanning: bool = False
) -> HttpResponse:
    """Answer the request of a step that is a form. `scanning` when the scan box was sent."""
    if request.method == "POST":
        return _posted(request, application, position, step, scanning)
    return _page(request, application, position, step, form_to_show(application, position, step))


def form_to_show(application: Application, position: Position, step: Step) -> StepForm:
    """What was typed or saved; saved answers that no longer hold come back with what is wrong with them."""
    assert step.form_class
    answers, context = position.answers, position.context_of(step)
    if step.name in answers.saved and step.name not in answers.typed:
        return step.form_class.reviewed(answers.saved[step.name], context=context)
    guessed = {"language": application.language} if step is START else {}
    return step.form_class(context=context, initial={**guessed, **answers.of_step(step.name)})


def _posted(
    request: CounterRequest, application: Application, position: Position, step: Step, scanning: bool
) -> HttpResponse:
    assert step.form_class
    initial = position.answers.of_step(step.name)
    form = step.form_class(request.POST, context=position.context_of(step), initial=initial)
    try:
        if request.POST.get("seen", "") != seen(position.answers, step.name):
            raise ChangedElsewhere
        if _asks_to_stay(request):
            return _kept(request, application, step, form)
        if scanning or (step is IDENTITY and request.POST.get("code", "").strip()):
            return scanned(request, application, form)
        if not form.is_valid():
            application = keep_typed(application, step.name, form.typed(), revision=application.revision)
            return _page(request, application, position, step, form, status=422)
        _save(request, application, step, form)
    except ChangedElsewhere:
        return _changed_elsewhere(request, application, step, form)
    except NotEditable:
        return redirect("application", application.pk)
    return onward(request, application, step)


def _asks_to_stay(request: CounterRequest) -> bool:
    return any(name in request.POST for name in (*SWITCHES, "refresh"))


def _kept(request: CounterRequest, application: Application, step: Step, form: StepForm) -> HttpResponse:
    """Keep what was typed, unjudged, change what was asked for, and come back to the same place."""
    typed = form.typed()
    language = request.POST.get("switch_customer_language")
    if language and "language" in step.fields:
        typed = {**typed, "language": language}
    keep_typed(application, step.name, typed, revision=application.revision)
    field = request.POST.get("refresh", "")
    fragment = f"#id_{field}" if field in step.fields else ""
    response = HttpResponseRedirect(request.get_full_path() + fragment)
    return switch_as_asked(request, application, response)


def keep_for_later(request: CounterRequest, application: Application, step: Step) -> None:
    """Keep what was posted to a step that cannot be shown now, as it came."""
    typed = {name: request.POST[name] for name in step.fields if name in request.POST}
    if typed:
        with suppress(ChangedElsewhere, NotEditable):
            keep_typed(application, step.name, typed, revision=application.revision)


def _save(request: CounterRequest, application: Application, step: Step, form: StepForm) -> None:
    save_step(
        application,
        step.name,
        form.values(),
        by=request.user,
        revision=application.revision,
        asked=step.fields,
        options_digest=options_digest(application.credential, application.lang),
    )


def onward(request: CounterRequest, application: Application, step: Step) -> HttpResponse:
    """To the check answers when the person came from there, else to the first unfinished step.

    `after` names the step just saved when it has warnings, for the next page to show them with a way back.
    """
    application = application_or_404(request, application.pk)
    position = position_of(application)
    if position is None or request.GET.get("return") == "check":
        return redirect("step", application.pk, "check")
    url = reverse("step", args=[application.pk, position.first_unfinished.name])
    return redirect(f"{url}?{urlencode({'after': step.name})}" if position.warnings_of(step) else url)


def _changed_elsewhere(request: CounterRequest, application: Application, step: Step, form: StepForm) -> HttpResponse:
    """Say so, and keep both: the other window's answers stay saved until this one is saved again.

    The same answers twice are no conflict: a second click, or a replayed form.
    """
    application = application_or_404(request, application.pk)
    position = position_of(application)
    if not application.is_editable or position is None:
        return redirect("application", application.pk)
    saved = position.answers.saved.get(step.name)
    if form.is_valid() and form.values() == saved:
        return onward(request, application, step)
    try:
        with suppress(ChangedElsewhere):
            application = keep_typed(application, step.name, form.typed(), revision=application.revision)
    except NotEditable:
        return redirect("application", application.pk)
    return _page(request, application, position, step, form, status=409, changed_at=application.updated_at)


def _page(
    request: CounterRequest,
    application: Application,
    position: Position,
    step: Step,
    form: StepForm,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    context = {
        **page_context(application, position, step),
        "form": form,
        "seen": seen(position.answers, step.name),
        "previous": _previous(step),
        "scan_offered": step is IDENTITY,
        "warned": _warned(request, position),
        **more,
    }
    return render(request, "journey/step.html", context, status=status)


def _previous(step: Step) -> Step | None:
    index = STEPS.index(step)
    return STEPS[index - 1] if index else None


def _warned(request: CounterRequest, position: Position) -> dict[str, object] | None:
    """The warnings of the step just left, for this page to show."""
    before = step_named(request.GET.get("after", ""))
    if before is None or before.form_class is None or not position.is_completed(before):
        return None
    return {"step": before, "warnings": position.warnings_of(before)}
