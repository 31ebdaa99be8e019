"""The steps of an application, as pure functions of what was saved.

Nothing is remembered about where somebody was: a step is completed when its saved answers hold today, against the lists
the lender offers now and the province of today. An answer that was right yesterday is asked again, never silently sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.answers import Answers
from applications.journey.forms import (
    ContactForm,
    IdentityForm,
    IncomeForm,
    SecurityForm,
    StartForm,
    StepContext,
    StepForm,
)
from applications.journey.options import still_offered


@dataclass(frozen=True, eq=False)
class Step:
    """A page of the journey. `form_class` is None where something else than answers is asked."""

    name: str
    title: Promise
    form_class: type[StepForm] | None = None

    @property
    def fields(self) -> list[str]:
        """The API field names asked here."""
        return list(self.form_class.base_fields) if self.form_class else []


START = Step("start", _("Start"), StartForm)
IDENTITY = Step("identity", _("Identity"), IdentityForm)
CONTACT = Step("contact", _("Contact and address"), ContactForm)
INCOME = Step("income", _("Income and home"), IncomeForm)
SECURITY = Step("security", _("Security"), SecurityForm)
TERMS = Step("terms", _("Terms"))
CHECK = Step("check", _("Check answers"))

STEPS = (START, IDENTITY, CONTACT, INCOME, SECURITY, TERMS, CHECK)
FORM_STEPS = tuple(step for step in STEPS if step.form_class)


def step_named(name: str) -> Step | None:
    return next((step for step in STEPS if step.name == name), None)


def step_of_field(field: str) -> tuple[str, str]:
    """Where the API's field is asked, and the words it is asked in: (step name, label)."""
    for step in FORM_STEPS:
        if step.form_class and field in step.form_class.base_fields:
            return step.name, str(step.form_class.base_fields[field].label)
    return CHECK.name, field


@dataclass(frozen=True)
class Position:
    """How far an application has come, computed from its answers and whether its terms stand accepted."""

    answers: Answers
    context: StepContext
    terms_accepted: bool

    def context_of(self, step: Step) -> StepContext:
        """What the form of a step may know: the first one is the one that asks for the province."""
        return replace(self.context, province="") if step is START else self.context

    def saved_form(self, step: Step) -> StepForm:
        """The step's form filled with what was saved, to be validated again."""
        assert step.form_class
        saved = self.answers.saved.get(step.name, {})
        return step.form_class(saved, context=self.context_of(step), initial=saved)

    def is_completed(self, step: Step) -> bool:
        return step in self._completed

    @cached_property
    def _completed(self) -> frozenset[Step]:
        return frozenset(step for step in STEPS if self._holds(step))

    def _holds(self, step: Step) -> bool:
        if step is CHECK:
            return False
        if step is TERMS:
            return self.terms_accepted
        if step.name not in self.answers.saved or step.name in self.answers.typed:
            return False
        if self.corrections_of(step) or not still_offered(self.answers.saved[step.name], self.context.options):
            return False
        return self.saved_form(step).is_valid()

    def warnings_of(self, step: Step) -> Mapping[str, str]:
        """What is worth a second look in the step's saved answers; it never stands in the way."""
        if step.form_class is None or step.name not in self.answers.saved:
            return {}
        form = self.saved_form(step)
        return form.warnings if form.is_valid() else {}

    def corrections_of(self, step: Step) -> Mapping[str, str]:
        """What the API complained of in this step and nobody has answered yet."""
        return {name: msg for name, msg in self.answers.corrections.items() if name in step.fields}

    @cached_property
    def first_unfinished(self) -> Step:
        """Where the person is sent; the last step is never finished here, it hands over."""
        return next(step for step in STEPS if not self.is_completed(step))

    def may_open(self, step: Step) -> bool:
        """Going back is free; going ahead of the first unfinished step is not."""
        return STEPS.index(step) <= STEPS.index(self.first_unfinished)
