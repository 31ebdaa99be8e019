"""What the documents for operators name is what there is, and the other way round."""

import re
from pathlib import Path

from local_services.portal import ROOT

READS = re.compile(r'(?:env\.\w+|required)\(\s*"([A-Z_]+)"')
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()


def words(path: str) -> set[str]:
    return set(re.findall(r"`([A-Z][A-Z_]+)`", Path(ROOT, path).read_text()))


def test_every_setting_is_documented():
    read = {name for file in ("settings", "web_server") for name in READS.findall(module(file))}
    assert len(read) > 30
    assert read - words("docs/configuration.md") == set()


def test_every_setting_that_operations_name_exists():
    known = words("docs/configuration.md")
    assert words("docs/operations.md") <= known


def test_every_alert_is_in_the_runbook_and_nothing_else():
    alerts = re.findall(r"- alert: (\w+)", (ROOT / "docs" / "alerts.yml").read_text())
    runbook = OPERATIONS.partition("## Alerts")[2].partition("\n## ")[0]
    assert re.findall(r"^### (\w+)$", runbook, re.MULTILINE) == alerts


def module(name: str) -> str:
    return (ROOT / "flexiti_portal" / f"{name}.py").read_text()
