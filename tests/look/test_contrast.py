"""Every pair of colours that meets on a page is readable in both schemes (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "portal" / "tokens.css"

TEXT = 4.5
EDGE = 3.0

PAIRS = [
    *[(ink, ground, TEXT) for ink in ("ink", "ink-soft", "action", "danger") for ground in ("paper", "surface")],
    ("ink", "sunken", TEXT),
    ("ink-soft", "sunken", TEXT),
    ("accent", "paper", TEXT),
    ("action-strong", "paper", TEXT),
    ("action-strong", "surface", TEXT),
    ("success", "paper", TEXT),
    ("on-action", "action", TEXT),
    ("on-action", "action-strong", TEXT),
    ("on-band", "band", TEXT),
    ("on-band-soft", "band", TEXT),
    ("focus-band", "band", TEXT),
    *[(tone, f"{tone}-tint", TEXT) for tone in ("info", "success", "warning", "danger")],
    *[("ink", f"{tone}-tint", TEXT) for tone in ("info", "success", "warning", "danger")],
    *[("surface", tone, EDGE) for tone in ("info", "success", "warning", "ink-soft")],
    ("edge", "paper", EDGE),
    ("edge", "surface", EDGE),
    ("focus", "paper", EDGE),
    ("focus", "surface", EDGE),
]


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def schemes() -> dict[str, dict[str, str]]:
    light, dark = TOKENS.read_text().split("@media screen and (prefers-color-scheme: dark)")
    return {"light": colours(light), "dark": colours(light) | colours(dark)}


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_and_white_is_the_known_value() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_that_meet_are_readable(scheme: str, front: str, back: str, least: float) -> None:
    palette = schemes()[scheme]
    assert contrast(palette[front], palette[back]) >= least


def test_dark_scheme_answers_for_every_colour() -> None:
    light, dark = TOKENS.read_text().split("@media screen and (prefers-color-scheme: dark)")
    assert colours(dark).keys() == colours(light).keys()
