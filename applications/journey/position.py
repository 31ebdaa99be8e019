"""Where an application stands today: reads what the pure functions of `steps` need."""

from django.urls import reverse
from django.utils import timezone

from applications.answers import Answers
from applications.journey.forms import StepContext
from applications.journey.steps import STEPS, Position, Step
from applications.models import Application, CustomerLanguage
from applications.submission.sealing import standing_acceptance
from merchants.credentials.succession import is_left_behind
from merchants.selectors import form_values


def position_of(application: Application) -> Position | None:
    """The position, or None where it cannot go on.

    Either the merchant has gone on to another environment, or the lender has never told which choices it offers.
    """
    if is_left_behind(application.credential):
        return None
    options = form_values(application.credential, application.lang)
    if options is None:
        return None
    answers = Answers.from_json(application.answers)
    context = StepContext(
        today=timezone.localdate(timezone=application.store.tzinfo),
        options=options,
        province=answers.province,
        language=application.language,
        environment=application.credential.environment,
        scanned=answers.scanned,
        corrections=answers.corrections,
    )
    return Position(answers, context, terms_accepted=standing_acceptance(application) is not None)


def page_context(application: Application, position: Position, step: Step) -> dict[str, object]:
    """What every page of the journey shows around its content."""
    return {
        "application": application,
        "step": step,
        "rail": rail(application, position, step),
        "other_language": next(one for one in CustomerLanguage if one != application.language),
    }


def rail(application: Application, position: Position, current: Step) -> list[dict[str, object]]:
    """The steps for `components/step_rail.html`; those that may be opened have their address."""
    return [
        {
            "url": reverse("step", args=[application.pk, step.name]) if position.may_open(step) else "",
            "title": step.title,
            "state": "current" if step is current else "done" if position.is_completed(step) else "ahead",
        }
        for step in STEPS
    ]
