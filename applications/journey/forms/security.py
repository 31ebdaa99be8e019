"""How Flexiti will know the customer again."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.journey.fields import LineField, SelectField
from applications.journey.forms.base import Values
from applications.journey.forms.concealed import ConcealingForm

NEW_QUESTION = _("The question was changed. Enter the customer’s answer to the new one.")


class SecurityForm(ConcealingForm):
    security_qid = SelectField(
        label=_("Security question"),
        help_text=_("Let the customer choose. Flexiti uses it to recognize them later."),
        error_messages={"required": _("Choose the question the customer prefers.")},
    )
    security_answer = LineField(
        limit=50,
        label=_("Answer to the question"),
        error_messages={"required": _("Enter the customer’s answer to the question.")},
    )
    piw = LineField(
        limit=100,
        label=_("Personal identification word"),
        help_text=_("A word the customer chooses and will remember. Flexiti uses it to recognize them later."),
        error_messages={"required": _("Enter the word the customer chose.")},
    )

    groups = ((_("Security"), ("security_qid", ("security_answer", "piw"))),)
    concealed = ("security_answer", "piw")

    def typed(self) -> Values:
        """An answer on file belongs to its question: with another question typed, it is not kept."""
        typed = super().typed()
        return {"security_answer": "", **typed} if self._question_is_new() else typed

    def clean(self) -> Values:
        cleaned = super().clean()
        kept = "security_answer" in self.on_file and not self.is_written("security_answer")
        if kept and self._question_is_new():
            self.add_error("security_answer", ValidationError(NEW_QUESTION, code="new_question"))
        return cleaned

    def _question_is_new(self) -> bool:
        return self.now("security_qid") != self.started_from.get("security_qid", "")
