"""Answers that a page never shows again once they are kept: the till is shared (design.md §4)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications.journey.fields import Answer
from applications.journey.forms.base import Group, StepContext, StepForm, Values

ON_FILE = _("On file: %(masked)s. Leave the box empty to keep it, or enter a new one.")
ON_FILE_OPTIONAL = _("On file: %(masked)s. Leave the box empty to keep it, enter a new one, or tick to remove it.")
BOTH = _("A new answer is written here and removal is ticked. Do one or the other.")


class Removal(forms.BooleanField):
    """A box to tick that takes an optional answer off the file."""

    hide_optional = True

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, widget=forms.CheckboxInput({"autocomplete": "off"}))


class ConcealingForm(StepForm):
    """A step with answers that are kept by leaving their box empty.

    What was typed is shown again only in the answer to the very request that brought it. An optional answer on
    file gets a box to tick that removes it, `<name>_remove`. An answer the lender complained of is not kept: it is
    asked again.
    """

    concealed: ClassVar[tuple[str, ...]]
    removals: ClassVar[Mapping[str, Any]] = {}

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        context: StepContext,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, context=context, initial=initial)
        self.on_file: Values = {}
        for name in self.concealed:
            self.initial[name] = ""
            kept = self._read(name, self.started_from.get(name))
            if kept and name not in context.corrections:
                self._keep(name, kept)

    def masked(self, name: str) -> str:
        """How an answer on file is spoken of."""
        return "•" * 3 if name in self.on_file else ""

    def is_written(self, name: str) -> bool:
        return bool(str(self.now(name)).strip())

    def typed(self) -> Values:
        """A concealed answer is kept only when it can be read: half typed, it would have to be shown again."""
        return {
            name: text for name, text in super().typed().items() if name not in self.concealed or self._read(name, text)
        }

    def clean(self) -> Values:
        cleaned: Values = super().clean() or {}
        for name, kept in self.on_file.items():
            removed = cleaned.get(f"{name}_remove", False)
            if removed and self.is_written(name):
                self.add_error(name, ValidationError(BOTH, code="both"))
            elif not removed and not self.is_written(name):
                cleaned[name] = kept
        return cleaned

    def lines(self, group: Group) -> list[Any]:
        boxes = [f"{name}_remove" for name in self.removals if name in group]
        return [*super().lines(group), *(box for box in boxes if box in self.fields)]

    def _keep(self, name: str, kept: Any) -> None:
        self.on_file[name] = kept
        answer = self.fields[name]
        assert isinstance(answer, Answer)
        answer.hide_optional = answer.required
        answer.required = False
        on_file = ON_FILE
        if name in self.removals:
            self.fields[f"{name}_remove"] = Removal(self.removals[name])
            on_file = ON_FILE_OPTIONAL
        answer.help_text = format_lazy("{} {}", on_file % {"masked": self.masked(name)}, answer.help_text)

    def _read(self, name: str, text: Any) -> Any:
        try:
            return self.fields[name].clean(text)
        except ValidationError:
            return None
