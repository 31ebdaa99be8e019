"""What the style sheets and templates may hold, and how much they may weigh."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COUNTER_SHEETS = sorted((ROOT / "static" / "portal").glob("*.css"))
DESK_SHEETS = sorted((ROOT / "static" / "desk").glob("*.css"))
SHEETS = COUNTER_SHEETS + DESK_SHEETS
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_sheets_of_the_counter_weigh_at_most_26_kib_together() -> None:
    assert sum(sheet.stat().st_size for sheet in COUNTER_SHEETS) <= 26 * 1024


def test_sheets_of_the_desk_weigh_at_most_16_kib_together() -> None:
    assert sum(sheet.stat().st_size for sheet in DESK_SHEETS) <= 16 * 1024


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet.name != "tokens.css"], ids=name)
def test_sheet_takes_its_colours_from_tokens(sheet: Path) -> None:
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", sheet.read_text())


def test_every_token_used_exists() -> None:
    text = "".join(sheet.read_text() for sheet in SHEETS)
    assert set(re.findall(r"var\(--([a-z0-9-]+)", text)) <= set(re.findall(r"--([a-z0-9-]+):", text))


def test_sheets_load_nothing_from_elsewhere() -> None:
    assert not [sheet for sheet in SHEETS if re.search(r"@import|url\(", sheet.read_text())]


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_template_has_no_inline_style_or_script(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|hx-on|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("template", sorted((ROOT / "templates" / "components").glob("*.html")), ids=name)
def test_component_has_a_class_of_its_own_name(template: Path) -> None:
    own = template.stem.replace("_", "-")
    assert re.search(rf'class="([^"]* )?{own}[ "{{]', template.read_text())
