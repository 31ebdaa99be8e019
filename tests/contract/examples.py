"""The vendor documents' own examples, unchanged (`i18n` with its two versions untangled, contract §12)."""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "examples"


def example(name: str) -> Any:
    """A fresh copy of one example."""
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
