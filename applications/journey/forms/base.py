"""What every step's form has in common."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Self

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise

from applications.journey.fields import Answer, SelectField
from applications.journey.forms.corrections import NO_LONGER_OFFERED, REQUIRED, correction_text, is_missing
from applications.journey.options import LISTED, no_longer_offered, offered
from applications.journey.warnings import warnings_about
from flexiti_portal.crispy import bare_helper
from posapi import FormValues

Values = dict[str, Any]
# The lines of a group: a field, or a few that stand side by side where there is room.
Group = tuple[str | tuple[str, ...], ...]


@dataclass(frozen=True)
class StepContext:
    """What a step needs to know beyond what is typed in it.

    `today` is the date at the store. `options` are the lender's lists in the customer's language. `province` is
    the one saved by the first step, "" before it. `corrections` are the API's complaints: field name → its word.
    """

    today: date
    options: FormValues
    province: str = ""
    language: str = "en-CA"
    environment: str = "production"
    scanned: frozenset[str] = frozenset()
    corrections: Mapping[str, str] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        """The customer's language as HTML and the API's lists know it: en or fr."""
        return self.language[:2]


class StepForm(forms.Form):
    """One step: fields under the API's names, which give their values in the API's form.

    `initial` is what `Answers.of_step` holds: saved answers in wire form, overlaid by text typed since. Give the
    same to a bound form: a concealed answer whose box is left empty is kept from there.
    """

    # Legend and lines, in the order of the page.
    groups: ClassVar[tuple[tuple[Promise | str, Group], ...]]

    use_required_attribute = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        context: StepContext,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.context = context
        self.started_from: Values = dict(initial or {})
        self.found_wrong: dict[str, list[str]] = {}
        super().__init__(data, initial=self.started_from.copy())
        for name, answer in self.answers():
            self.initial[name] = answer.shown(self.started_from.get(name, ""))
            if name in context.scanned:
                answer.widget.attrs["data-scanned"] = "yes"
        self.offer()
        self._require_what_the_lender_does()

    @classmethod
    def accepts(cls, saved: Mapping[str, Any], *, context: StepContext) -> bool:
        """Whether saved answers hold today: the lender's lists, the province and the date move on."""
        return cls(saved, context=context, initial=saved).is_valid()

    @classmethod
    def reviewed(cls, saved: Mapping[str, Any], *, context: StepContext) -> Self:
        """The form as on a later visit, with what is wrong today with what was saved."""
        form = cls(context=context, initial=saved)
        judged = cls(saved, context=context, initial=saved)
        form.found_wrong = {name: [str(text) for text in texts] for name, texts in judged.errors.items()}
        return form

    def offer(self) -> None:
        """Give every select its list. Steps add what depends on other answers."""
        for name, answer in self.answers():
            if isinstance(answer, SelectField) and name in LISTED:
                answer.offer(offered(name, self.context.options), language=self.context.lang)

    def _require_what_the_lender_does(self) -> None:
        """An optional answer that the lender found missing is not left out again; the SIN always may be."""
        for name, answer in self.answers():
            if name != "sin" and is_missing(self.context.corrections.get(name, "")):
                answer.required = True
                answer.error_messages["required"] = str(correction_text(name, REQUIRED))

    def answers(self) -> Iterator[tuple[str, Answer]]:
        """The fields that are answers of the application, without controls of the page."""
        for name, one in self.fields.items():
            if isinstance(one, Answer):
                yield name, one

    def now(self, name: str) -> Any:
        """What stands in a box at present, as typed, or as saved on a first visit."""
        return self.data.get(self.add_prefix(name), "") if self.is_bound else self.started_from.get(name, "")

    def values(self) -> Values:
        """The answers in wire form; optional ones that were left out are absent. Only for a valid form."""
        if not self.is_valid():
            raise ValueError("Only a valid step has values.")
        return self._on_the_wire(self.cleaned_data)

    def typed(self) -> Values:
        """The text as it was typed, to keep what cannot be saved yet. A box that was not posted is absent."""
        posted = {name: self.data.get(self.add_prefix(name)) for name in self.fields}
        return {name: text for name, text in posted.items() if text is not None}

    @property
    def warnings(self) -> dict[str, str]:
        """What is worth a second look, by field, in the language of the page. Never in the way of saving."""
        found = warnings_about({"province": self.context.province, **self._on_the_wire(self._readable())})
        return {name: str(text) for name, text in found.items() if name in self.fields}

    def full_clean(self) -> None:
        """Before anything is posted, the errors are those that answers given earlier have met with since."""
        super().full_clean()
        if not self.is_bound:
            for name, texts in self._standing_complaints().items():
                self.errors[name] = self.error_class(texts, renderer=self.renderer)

    @property
    def helper(self) -> FormHelper:
        helper = bare_helper()
        helper.layout = Layout(*(Fieldset(legend, *self.lines(group)) for legend, group in self.groups))
        return helper

    def lines(self, group: Group) -> list[Any]:
        """What stands on the page for a group, one line after the other."""
        return [line if isinstance(line, str) else Row(*line) for line in group]

    def _on_the_wire(self, cleaned: Values) -> Values:
        return {
            name: answer.to_wire(cleaned[name])
            for name, answer in self.answers()
            if name in cleaned and cleaned[name] not in answer.empty_values
        }

    def _readable(self) -> Values:
        """What can be read at present: of a posted form whatever passed, before that whatever is saved."""
        if self.is_bound:
            self.is_valid()
            return self.cleaned_data
        readable = {}
        for name, answer in self.answers():
            try:
                readable[name] = answer.clean(self.started_from.get(name, ""))
            except ValidationError:
                continue
        return readable

    def _standing_complaints(self) -> dict[str, list[str]]:
        withdrawn = {name: [str(NO_LONGER_OFFERED)] for name in self._withdrawn()}
        corrections = {
            name: [str(correction_text(name, complaint))]
            for name, complaint in self.context.corrections.items()
            if name in self.fields
        }
        return {**self.found_wrong, **withdrawn, **corrections}

    def _withdrawn(self) -> list[str]:
        chosen = {name: self.started_from[name] for name in self.fields if self.started_from.get(name)}
        return no_longer_offered(chosen, self.context.options)
