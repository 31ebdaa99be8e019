"""One function per rule: it yields what is wrong."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from tests.pages.parsed import Page, shown, words

Rule = Callable[[Page], Iterator[str]]

_ADDRESSES = {
    "src",
    "href",
    "action",
    "formaction",
    "poster",
    "data",
    "cite",
    "ping",
    "manifest",
    "background",
    "srcset",
}
_LISTS_OF_IDS = {"aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "aria-details", "aria-flowto"}
_ONE_ID = {"for", "form", "list", "aria-errormessage", "aria-activedescendant"}
_SELECTORS = {"hx-target", "hx-include", "hx-indicator", "hx-sync"}
_LABELABLE = ("input", "select", "textarea", "button", "meter", "output", "progress")
_TAKES_ANY_TEXT = ("script", "style", "textarea")


# What no markup may hold, whole page or fragment, ours or borrowed


def ids_are_unique(page: Page) -> Iterator[str]:
    for name, count in page.ids.items():
        if count > 1:
            yield f'id "{name}" is given {count} times'
        if not name or re.search(r"\s", name):
            yield f'id "{name}" is empty or holds a space'


def scripts_are_files(page: Page) -> Iterator[str]:
    for script in page.all("script"):
        if "src" not in script.attrib and script.get("type") != "application/json":
            yield f"inline script {shown(script)}"


def styles_are_files(page: Page) -> Iterator[str]:
    for element in page.all("style"):
        yield f"inline {shown(element)}"
    for element, name, _ in page.attributes:
        if name == "style":
            yield f"style attribute on {shown(element)}"


def no_attribute_is_code(page: Page) -> Iterator[str]:
    for element, name, value in page.attributes:
        if name.startswith(("on", "hx-on", "data-hx-on")):
            yield f"handler {name} on {shown(element)}"
        if re.sub(r"[\x00-\x20]", "", value).lower().startswith(("javascript:", "vbscript:", "js:")):
            yield f"code in {name} of {shown(element)}"


def nothing_is_from_another_host(page: Page) -> Iterator[str]:
    for element, name, value in page.attributes:
        if name in _ADDRESSES and not _is_ours(value):
            yield f"{name} of {shown(element)} leaves this host"
    for element in page.all("base", "iframe", "frame", "object", "embed", "applet"):
        yield f"{shown(element)} has no place here"
    for meta in page.all("meta"):
        target = re.search(r"url\s*=\s*['\"]?(.*)", meta.get("content", ""), re.IGNORECASE)
        if meta.get("http-equiv", "").lower() == "refresh" and target and not _is_ours(target[1]):
            yield "the page refreshes to another host"


def _is_ours(address: str) -> bool:
    cleaned = re.sub(r"[\x00-\x20]", "", address).replace("\\", "/")
    if cleaned.lower().startswith(("tel:", "mailto:")):
        return True
    parts = urlsplit(cleaned)
    return not parts.scheme and not parts.netloc and not cleaned.startswith("//")


# What our own markup must be, fragments included


def no_template_is_left_over(page: Page) -> Iterator[str]:
    for element in page.elements:
        inner = "" if element.tag in _TAKES_ANY_TEXT else element.text or ""
        for text in (inner, element.tail or ""):
            if re.search(r"\{\{|\{%|\{#|%\}|\}\}", text):
                yield f'template code in or after {shown(element)}: "{text.strip()[:60]}"'
            if text.strip() == "None":
                yield f"None stands in or after {shown(element)}"
    for element, name, value in page.attributes:
        if "{{" in value or "{%" in value or value == "None":
            yield f"{name} of {shown(element)} is template code or None"


def images_have_words(page: Page) -> Iterator[str]:
    for image in page.all("img"):
        if "alt" not in image.attrib:
            yield f"no alt on {shown(image)}"
    for drawing in page.all("svg"):
        hidden = any(it.get("aria-hidden") == "true" for it in (drawing, *page.ancestors(drawing)))
        if not hidden and not (drawing.get("role") == "img" and (drawing.get("aria-label") or _has_title(drawing))):
            yield f'{shown(drawing)} is neither aria-hidden nor role="img" with words'


def _has_title(drawing: Element) -> bool:
    return any(words(child) for child in drawing if str(child.tag).endswith("}title"))


def buttons_have_a_type(page: Page) -> Iterator[str]:
    for button in page.all("button"):
        if button.get("type") not in {"submit", "button", "reset"}:
            yield f"no type on {shown(button)}"


def links_and_buttons_have_words(page: Page) -> Iterator[str]:
    for element in page.all("a", "button"):
        if element.tag == "a" and "href" not in element.attrib:
            continue
        if not (words(element) or element.get("aria-label") or element.get("aria-labelledby")):
            yield f"no words in {shown(element)}"


def posts_carry_a_token(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        tokens = [it for it in page.controls_of(form) if it.get("name") == "csrfmiddlewaretoken" and it.get("value")]
        posts = form.get("method", "get").lower() == "post"
        if posts and len(tokens) != 1:
            yield f"{len(tokens)} csrfmiddlewaretoken in {shown(form)}"
        if not posts and tokens:
            yield f"{shown(form)} would put its csrfmiddlewaretoken into the address"


def applicant_fields_are_not_remembered(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        if "data-applicant" not in form.attrib:
            continue
        if form.get("method", "get").lower() != "post":
            yield f"{shown(form)} would put an applicant's answers into the address"
        for field in page.controls_of(form):
            if field in page.fields and field.get("autocomplete", form.get("autocomplete")) != "off":
                yield f"autocomplete is not off on {shown(field)}"


def lists_hold_items_only(page: Page) -> Iterator[str]:
    for element in page.all("ul", "ol"):
        for child in element:
            if isinstance(child.tag, str) and child.tag not in {"li", "script", "template"}:
                yield f"{shown(child)} stands in {shown(element)} without an item"


# What a whole page must be


def document_is_html5(page: Page) -> Iterator[str]:
    if not re.match(r"\s*<!doctype html>", page.html, re.IGNORECASE):
        yield "does not begin with <!doctype html>"
    yield from page.errors


def title_says_where_one_is(page: Page) -> Iterator[str]:
    titles = [" ".join((title.text or "").split()) for title in page.all("title") if title.tag == "title"]
    if len(titles) != 1 or not re.match(r"\w|[«“\"(]", titles[0]):
        yield f"the title is missing, doubled or begins with nothing: {titles}"


def one_heading_and_one_main(page: Page) -> Iterator[str]:
    for tag in ("h1", "main"):
        found = page.all(tag)
        if len(found) != 1:
            yield f"{len(found)} <{tag}> instead of one"
    yield from (f"{shown(heading)} is empty" for heading in page.all("h1", "h2", "h3", "h4") if not words(heading))


def first_link_skips_to_main(page: Page) -> Iterator[str]:
    links = [link for link in page.all("a") if "href" in link.attrib]
    target = page.by_id.get(links[0].attrib["href"].removeprefix("#")) if links else None
    if target is None or target.tag != "main":
        yield "the first link does not skip to <main>"


def references_lead_somewhere(page: Page) -> Iterator[str]:
    for element, name, value in page.attributes:
        for wanted in _references(name, value):
            if wanted not in page.by_id:
                yield f'{name} of {shown(element)} refers to "{wanted}", which is not on the page'


def _references(name: str, value: str) -> list[str]:
    if name in _LISTS_OF_IDS:
        return value.split() or [""]
    if name in _ONE_ID:
        return [value]
    if name == "href" and value.startswith("#"):
        return [value[1:]]
    return re.findall(r"#([\w-]+)", value) if name in _SELECTORS else []


def labels_label_controls(page: Page) -> Iterator[str]:
    for label in page.all("label"):
        target = page.by_id.get(label.get("for", ""))
        if target is not None and (target.tag not in _LABELABLE or target.get("type") == "hidden"):
            yield f"{shown(label)} labels {shown(target)}, which takes no label"


def fields_have_labels(page: Page) -> Iterator[str]:
    labelled = {label.get("for") for label in page.all("label") if words(label)}
    for field in page.fields:
        wrapped = any(it.tag == "label" and words(it) for it in page.ancestors(field))
        named = (field.get("aria-label") or "").strip() or field.get("aria-labelledby")
        if not (wrapped or named or (field.get("id") in labelled and field.get("id"))):
            yield f"no label for {shown(field)}"


ANYWHERE: tuple[Rule, ...] = (
    ids_are_unique,
    scripts_are_files,
    styles_are_files,
    no_attribute_is_code,
    nothing_is_from_another_host,
)
OURS: tuple[Rule, ...] = (
    *ANYWHERE,
    no_template_is_left_over,
    images_have_words,
    buttons_have_a_type,
    links_and_buttons_have_words,
    posts_carry_a_token,
    applicant_fields_are_not_remembered,
    lists_hold_items_only,
)
WHOLE: tuple[Rule, ...] = (
    *OURS,
    document_is_html5,
    title_says_where_one_is,
    one_heading_and_one_main,
    first_link_skips_to_main,
    references_lead_somewhere,
    labels_label_controls,
    fields_have_labels,
)
