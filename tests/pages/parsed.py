"""A parsed page and the questions the rules ask of it."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Self
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as MESSAGES

_SVG = "{http://www.w3.org/2000/svg}"
_CONTAINERS = {"tr": "tbody", "td": "tr", "th": "tr", "tbody": "table", "thead": "table", "option": "select"}
_FILLED_IN = {"select", "textarea", "script", "template"}
_UNTYPED = {"hidden", "submit", "button", "reset", "image"}


class Page:
    """Elements in document order with their parents; `errors` are the parser's, each with its line."""

    def __init__(self, html: str, root: Element, errors: list[str]) -> None:
        self.html = html
        self.errors = errors
        self.elements = [element for element in root.iter() if isinstance(element.tag, str)]
        self._parents = {child: parent for parent in root.iter() for child in parent}

    @classmethod
    def whole(cls, html: str) -> Self:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        root = parser.parse(html)
        return cls(html, root, _messages(parser))

    @classmethod
    def fragment(cls, html: str) -> Self:
        """Part of a page, as htmx swaps it in: parsed where its first element may stand."""
        first = re.match(r"\s*<(\w+)", html)
        container = _CONTAINERS.get(first[1].lower(), "div") if first else "div"
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        root = parser.parseFragment(html, container=container)
        return cls(html, root, _messages(parser))

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag.removeprefix(_SVG) in tags]

    @cached_property
    def ids(self) -> Counter[str]:
        return Counter(element.attrib["id"] for element in self.elements if "id" in element.attrib)

    @cached_property
    def by_id(self) -> dict[str, Element]:
        return {element.attrib["id"]: element for element in self.elements if "id" in element.attrib}

    @cached_property
    def attributes(self) -> list[tuple[Element, str, str]]:
        """Every attribute of every element, its name in lower case and without a namespace."""
        return [
            (element, name.rpartition("}")[2].lower(), value)
            for element in self.elements
            for name, value in element.attrib.items()
        ]

    @cached_property
    def fields(self) -> list[Element]:
        """Controls a person fills in."""
        controls = self.all("input", "select", "textarea")
        return [control for control in controls if control.get("type", "").lower() not in _UNTYPED]

    def ancestors(self, element: Element) -> Iterator[Element]:
        while element in self._parents:
            element = self._parents[element]
            yield element

    def form_of(self, control: Element) -> Element | None:
        if "form" in control.attrib:
            return self.by_id.get(control.attrib["form"])
        return next((ancestor for ancestor in self.ancestors(control) if ancestor.tag == "form"), None)

    def controls_of(self, form: Element) -> list[Element]:
        return [control for control in self.all("input", "select", "textarea") if self.form_of(control) is form]


def words(element: Element) -> str:
    """What a reader hears of the inside of an element; what a person fills in is not part of it."""
    texts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _FILLED_IN:
            texts += [child.get("alt", ""), child.get("aria-label", ""), words(child)]
        texts.append(child.tail or "")
    return " ".join(" ".join(texts).split())


def shown(element: Element) -> str:
    """The opening tag, for a complaint: enough attributes to find it, no values a person typed."""
    told = [
        f' {name}="{element.attrib[name]}"' for name in ("id", "name", "class", "href", "for") if name in element.attrib
    ]
    return f"<{element.tag.removeprefix(_SVG)}{''.join(told)}>"


def _messages(parser: html5lib.HTMLParser) -> list[str]:
    return [f"line {position[0]}: {MESSAGES[code] % values}" for position, code, values in parser.errors]
