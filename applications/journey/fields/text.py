"""Lines of text, and what all typed answers have in common."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from applications.page_text import REPLACEMENT, printable

TOO_LONG = _("Shorten this to %(limit_value)d characters at most: it has %(show_value)d.")
INVISIBLE = _(
    "This contains a character that cannot be seen, often brought along by copying. Clear the box and type it again."
)


def without_marks(text: str) -> str:
    """The text with plain spaces only, and without the invisible marks that copying brings along."""
    visible = (character for character in text if unicodedata.category(character) != "Cf")
    return "".join(" " if character.isspace() else character for character in visible).strip()


def refuse_invisible(text: str) -> None:
    """Refuse control characters, direction marks and line breaks (Unicode categories C*, Zl, Zp), and what a page
    showed in their place (`page_text.printable`)."""
    if REPLACEMENT in text or any(_is_invisible(unicodedata.category(character)) for character in text):
        raise ValidationError(INVISIBLE, code="invisible")


def _is_invisible(category: str) -> bool:
    return category.startswith("C") or category in ("Zl", "Zp")


class Answer(forms.Field):
    """A field that holds one answer of the application, under the API's name for it."""

    # Not marked "(optional)" although it may be left empty.
    hide_optional = False

    def to_wire(self, value: Any) -> Any:
        """A cleaned value as it is saved and sent."""
        return value

    def shown(self, wire: Any) -> Any:
        """What stands in the box on a later visit. Text typed and not yet saved comes back as it is."""
        return wire


class TypedAnswer(Answer, forms.CharField):
    """An answer typed on one line. Autofill stays off: on a shared till it offers the previous customer.

    The box has no `maxlength`: what is too long gets a message, and nothing typed is cut off silently.
    """

    inputmode = ""
    attributes: dict[str, str] = {}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        inputmode = {"inputmode": self.inputmode} if self.inputmode else {}
        self.widget.attrs = {
            "autocomplete": "off",
            "spellcheck": "false",
            "autocapitalize": "off",
            **inputmode,
            **self.attributes,
            **self.widget.attrs,
        }

    def prepare_value(self, value: Any) -> Any:
        return printable(value)

    def to_python(self, value: Any) -> Any:
        text: Any = super().to_python(value)
        return text if text in self.empty_values else self.read(text)

    def read(self, text: str) -> Any:
        """The answer in a text that is not blank. Raises ValidationError, which says what to write."""
        raise NotImplementedError


class LineField(TypedAnswer):
    """A line of text, kept exactly as typed but for the spaces around it.

    Accents are composed (NFC), so that a name counts the same letters however it was typed. Letters are never
    re-cased and `-` and `_` never stripped: the vendor's response keys travel in `middle_name` (contract §13).
    `limit` is in characters (contract §6.1).
    """

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(MaxLengthValidator(limit, TOO_LONG))

    def read(self, text: str) -> str:
        refuse_invisible(text)
        return unicodedata.normalize("NFC", text)


class NameField(LineField):
    attributes = {"autocapitalize": "words"}


class EmailField(LineField, forms.EmailField):
    """An address such as claire@example.ca, at most 100 characters (contract §6.1)."""

    widget = forms.EmailInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(limit=100, max_length=None, **kwargs)
