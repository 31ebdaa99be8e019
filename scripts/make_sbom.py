"""Write var/sbom.json: everything that runs in production, as a CycloneDX bill of materials.

python -m scripts.make_sbom [file]

What is pinned, and what needs it, is read from requirements.txt; licences are those that the installed packages
declare. The same lock and the same packages give the same file. Hashes of every file that pip may install stand in
requirements.txt itself; its own digest is in the bill.
"""

import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)")
_NEEDED_BY = re.compile(r"^    #(?: via)? +([A-Za-z0-9._-]+)")

_OURS = "-r"  # uv's remark on what requirements.in itself names


@dataclass
class Pinned:
    """A package of the lock, and the names of the packages of the lock that need it."""

    name: str
    version: str
    needed_by: list[str] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """Its package URL."""
        return f"pkg:pypi/{self.name}@{self.version}"


def pinned_in(lock: str) -> list[Pinned]:
    """What a requirements file with uv's remarks pins."""
    found: list[Pinned] = []
    for line in lock.splitlines():
        if pin := _PINNED.match(line):
            found.append(Pinned(pin[1].lower(), pin[2]))
        elif found and (needs := _NEEDED_BY.match(line)) and needs[1] != "via":
            found[-1].needed_by.append(needs[1].lower())
    return found


def bill_of(lock: str) -> dict[str, Any]:
    """The bill of materials of the portal for this lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    portal = {"type": "application", "name": project["name"], "version": project["version"], "bom-ref": project["name"]}
    packages = pinned_in(lock)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": portal,
            "properties": [
                {"name": "requirements.txt:sha256", "value": hashlib.sha256(lock.encode()).hexdigest()},
            ],
        },
        "components": [_component(package) for package in packages],
        "dependencies": list(_dependencies(project["name"], packages)),
    }


def _component(package: Pinned) -> dict[str, Any]:
    reference = package.reference
    told = {"type": "library", "name": package.name, "version": package.version, "purl": reference}
    try:
        installed = metadata.metadata(package.name)
    except metadata.PackageNotFoundError:
        return {**told, "bom-ref": reference, "scope": "excluded"}  # for another system than this one
    return {**told, "bom-ref": reference, "scope": "required", "licenses": _licences(installed)}


def _licences(installed: metadata.PackageMetadata) -> list[dict[str, Any]]:
    if expression := installed.get("License-Expression"):
        return [{"expression": expression}]
    named = [text.rsplit(" :: ", 1)[1] for text in installed.get_all("Classifier", []) if text.startswith("License ::")]
    declared = (installed.get("License") or "").strip().partition("\n")[0]
    return [{"license": {"name": name}} for name in named or [declared] if name]


def _dependencies(portal: str, packages: list[Pinned]) -> Iterator[dict[str, Any]]:
    yield {"ref": portal, "dependsOn": sorted(one.reference for one in packages if _OURS in one.needed_by)}
    for package in packages:
        needs = sorted(one.reference for one in packages if package.name in one.needed_by)
        yield {"ref": package.reference, "dependsOn": needs}


def main() -> None:
    """Write the bill to the file that is named, or to var/sbom.json."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var" / "sbom.json"
    bill = bill_of((ROOT / "requirements.txt").read_text())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bill, indent=2) + "\n")
    print(f"{target}: {len(bill['components'])} components")


if __name__ == "__main__":
    main()
