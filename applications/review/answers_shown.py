"""The answers of an application as a manager reads them: by step, under their labels, masked, each with its way out.

Who opened the application reads the name in full (the opening is recorded); everything else stays masked until it is
revealed. What went to the lender and must not stay has nothing to reveal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.answers import SENSITIVE_FIELDS, Answers, full_name
from applications.journey.checking import shown
from applications.journey.fields import Answer
from applications.journey.position import position_of
from applications.journey.steps import FORM_STEPS, Step, step_of_field
from applications.models import Application
from applications.review.masking import OPEN_FIELDS, masked
from applications.submission.settlement import decision_of

ACCOUNT_NUMBER = "account_number"
_NAMES = frozenset({"first_name", "middle_name", "last_name"})
# The only values that a manager may have shown in full, each with a reason (applications/review/revealing.py).
REVEALABLE = frozenset(
    "dob phone_number email address_1 address_2 postal_code govid_expiry personal_income household_income "
    "monthly_housing_expenses occupation_title employer_name employer_phone".split()
) | {ACCOUNT_NUMBER}


@dataclass(frozen=True)
class Line:
    """One answer. `reveal_url` leads to its value; `note` says why there is none to reveal."""

    label: str | Promise
    value: str
    reveal_url: str = ""
    note: str | Promise = ""


@dataclass(frozen=True)
class Section:
    """The answers of one step; `is_answered` is false while nobody has been there."""

    title: str | Promise
    lines: list[Line]
    is_answered: bool


@dataclass(frozen=True)
class AnswersShown:
    """What one application's answers show. Texts are in the active language, choices in the customer's."""

    application: Application

    @property
    def answers(self) -> Answers:
        return Answers.from_json(self.application.answers)

    @property
    def name(self) -> str:
        """In full."""
        return full_name(self.answers.saved.get("identity", {}))

    def sections(self) -> list[Section]:
        """Every step that asks something, in the order of the journey."""
        fields = _Fields.of(self.application)
        was_sealed = self.application.attempts.exists()
        return [self._section(step, fields, was_sealed=was_sealed) for step in FORM_STEPS]

    def value_of(self, field: str) -> str:
        """One value in full, as people write it; empty when there is none. Only for a field of REVEALABLE."""
        if field == ACCOUNT_NUMBER:
            decision = decision_of(self.application)
            return decision.account_number if decision else ""
        return _Fields.of(self.application).shown(field, self.answers.flat().get(field))

    def in_full(self) -> Iterator[tuple[str, str, str]]:
        """API name, label and value of each answer, for the customer's eyes; what is for the lender alone is empty."""
        fields, flat = _Fields.of(self.application), self.answers.flat()
        for step in FORM_STEPS:
            for name, _field in _declared_answers(step):
                value = "" if name in SENSITIVE_FIELDS else strip_tags(fields.shown(name, flat.get(name)))
                yield name, fields.label(name), value

    def account_line(self) -> Line | None:
        """The account that the lender opened."""
        decision = decision_of(self.application)
        if decision is None or not decision.account_number:
            return None
        number = masked(ACCOUNT_NUMBER, decision.account_number)
        return Line(_("Account number"), number, reveal_url=self._reveal_url(ACCOUNT_NUMBER))

    def _section(self, step: Step, fields: "_Fields", *, was_sealed: bool) -> Section:
        saved = self.answers.saved.get(step.name)
        names = [name for name, _field in _declared_answers(step)]
        lines = [self._line(name, saved or {}, fields, was_sealed=was_sealed) for name in names]
        return Section(step.title, lines, is_answered=saved is not None)

    def _line(self, name: str, saved: dict[str, Any], fields: "_Fields", *, was_sealed: bool) -> Line:
        label, value = fields.label(name), saved.get(name)
        if name in SENSITIVE_FIELDS:
            return Line(label, "", note=_nothing_to_reveal(value, was_sealed=was_sealed))
        if value in (None, "") or name in OPEN_FIELDS or name in _NAMES:
            return Line(label, fields.shown(name, value))
        reveal_url = self._reveal_url(name) if name in REVEALABLE else ""
        return Line(label, masked(name, str(value)), reveal_url=reveal_url)

    def _reveal_url(self, name: str) -> str:
        return reverse("review_reveal", args=[self.application.pk, name])


def label_of(field: str) -> str:
    """The words in which a field is asked, in the active language; the name of one that is asked no longer."""
    return _("Account number") if field == ACCOUNT_NUMBER else step_of_field(field)[1]


def _nothing_to_reveal(value: Any, *, was_sealed: bool) -> str | Promise:
    if value not in (None, ""):
        return gettext_lazy("Kept sealed for Flexiti alone; nobody can have it shown here")
    return gettext_lazy("Erased: Flexiti needs it no longer, so nobody may keep it") if was_sealed else ""


@dataclass(frozen=True)
class _Fields:
    """The form fields behind the answers, offered as today where the lender's lists are known."""

    by_name: dict[str, Any]
    lang: str

    @classmethod
    def of(cls, application: Application) -> "_Fields":
        position = position_of(application)
        if position is None:
            return cls({}, application.lang)
        forms = (position.saved_form(step) for step in FORM_STEPS)
        return cls({name: field for form in forms for name, field in form.answers()}, application.lang)

    def label(self, name: str) -> str:
        return str((self.by_name.get(name) or _declared(name)).label)

    def shown(self, name: str, value: Any) -> str:
        return shown(name, self.by_name.get(name) or _declared(name), value, self.lang)


def _declared(name: str) -> Any:
    return next(field for step in FORM_STEPS for declared, field in _declared_answers(step) if declared == name)


def _declared_answers(step: Step) -> Iterator[tuple[str, Answer]]:
    """What the step asks, without controls of its page."""
    assert step.form_class
    for name, field in step.form_class.base_fields.items():
        if isinstance(field, Answer):
            yield name, field
