"""Accessibility rules (axe) on the page that a window shows."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# A page that has only just arrived has no elements yet.
_LOADED = """document.readyState === "complete" || new Promise(loaded => addEventListener("load", loaded))"""
_RUN = f"""async options => {{
    await ({_LOADED});
    {AXE_SCRIPT};
    return (await axe.run(options)).violations;
}}"""
# Everything that the rules look at, but not the tokens, identifiers and numbers that differ every time.
_SHAPE = f"""async () => {{
    await ({_LOADED});
    return [
        innerWidth, matchMedia("(prefers-color-scheme: dark)").matches,
        document.documentElement.outerHTML.replace(/[A-Za-z0-9_-]{{32,}}/g, "")
            .replace(/>[^<]*</g, text => text.replace(/\\d+/g, "0")),
    ].join();
}}"""


def violations_on(page: Page, already_checked: set[int]) -> list[str]:
    """One line for each broken rule. A page that looks exactly like one checked before is not checked again."""
    shape = hash(page.evaluate(_SHAPE))
    if shape in already_checked:
        return []
    already_checked.add(shape)
    return [_line(violation) for violation in page.evaluate(_RUN, _OPTIONS)]


def _line(violation: dict[str, Any]) -> str:
    nodes = "; ".join(f"{node['target']}: {node['html'][:160]}" for node in violation["nodes"][:3])
    return f"{violation['id']} ({violation['impact']}): {violation['help']}: {nodes}"
