"""The forms of a page as a browser would send them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

_CHECKABLE = ("checkbox", "radio")
_BUTTONS = ("submit", "button", "image", "reset")


@dataclass
class Form:
    """Where it goes, and what it sends when nothing is typed: buttons are not pressed."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def filled_in(self, typed: Mapping[str, str]) -> dict[str, str]:
        """What is sent with this typed over it."""
        return {**self.values, **typed}


def forms_of(html: str) -> list[Form]:
    """The forms of a page in their order."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


def form_with(html: str, *names: str) -> Form | None:
    """The last form that has controls of all these names."""
    return next((form for form in reversed(forms_of(html)) if form.names.issuperset(names)), None)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select, self._area = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""))
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(tag, given, self._form)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.values[self._area] += data

    def _control(self, tag: str, given: dict[str, str], form: Form) -> None:
        name = given.get("name", "")
        if tag == "option" and self._select:
            if "selected" in given or self._select not in form.values:
                form.values[self._select] = given.get("value", "")
        elif tag == "input" and name and given.get("type", "text") not in _BUTTONS:
            form.names.add(name)
            if given.get("type") not in _CHECKABLE or "checked" in given:
                form.values[name] = given.get("value", "on" if given.get("type") in _CHECKABLE else "")
        elif tag in ("select", "textarea") and name:
            form.names.add(name)
            self._select, self._area = (name, "") if tag == "select" else ("", name)
            if tag == "textarea":
                form.values[name] = ""
