"""What managers write about an application under review at the lender: the plan, a note, the end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.review.models import FollowUp, StatedOutcome
from applications.review.settling import SettlingForm
from flexiti_portal.crispy import bare_helper
from merchants.models import User


class PlanForm(forms.Form):
    """Who looks after it, and until when by the store's clock. Make and read it in the store's time zone."""

    prefix = "plan"
    use_required_attribute = False

    owner = forms.ChoiceField(label=_("Who looks after it"), required=False)
    due_at = forms.DateTimeField(
        label=_("Due"),
        help_text=_("By the store’s clock."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Give a day and a time."),
            "invalid": _("Give a day and a time, such as 2026-03-31T17:00."),
        },
    )

    def __init__(self, data: Any = None, *, follow_up: FollowUp, people: Sequence[User]) -> None:
        super().__init__(data, initial={"owner": follow_up.owner_id or "", "due_at": follow_up.due_at})
        self._before, self._people = follow_up.due_at, {str(one.pk): one for one in people}
        if follow_up.owner:
            self._people.setdefault(str(follow_up.owner.pk), follow_up.owner)
        choices = [("", _("Nobody yet")), *((key, str(one)) for key, one in self._people.items())]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]
        self.helper = bare_helper()

    def clean_due_at(self) -> datetime:
        """A page shows no seconds: what was not changed stays as it was, even if it is over."""
        due_at: datetime = self.cleaned_data["due_at"]
        if due_at == self._before.replace(second=0, microsecond=0):
            return self._before
        if due_at <= timezone.now():
            raise forms.ValidationError(_("Give a time that is still to come."))
        return due_at

    @property
    def chosen_owner(self) -> User | None:
        """Of a valid form."""
        return self._people.get(self.cleaned_data["owner"])


class NoteForm(forms.Form):
    """What was learned, or that the customer was called, or both."""

    prefix = "note"
    use_required_attribute = False

    text = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        help_text=_("For whoever looks next. It cannot be changed or deleted."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    called = forms.BooleanField(label=_("The customer was called just now"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = bare_helper()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["text"] and not cleaned["called"]:
            self.add_error("text", _("Write a note, or say that the customer was called."))
        return cleaned


class ClosingForm(SettlingForm):
    """How it ended, on somebody's word."""

    prefix = "close"

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, tellable=list(StatedOutcome))
        told = self.fields["told"]
        told.label = _("How did it end?")
        told.error_messages["required"] = _("Choose how it ended.")
