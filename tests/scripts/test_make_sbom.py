"""The bill of materials names what is pinned, each thing once, and what needs what."""

import re

from local_services.portal import ROOT
from scripts.make_sbom import bill_of

LOCK = (ROOT / "requirements.txt").read_text()


def test_everything_pinned_for_production_is_in_the_bill_and_nothing_else() -> None:
    bill = bill_of(LOCK)
    pinned = set(re.findall(r"^([\w.-]+)(?:\[.*\])?==", LOCK, re.MULTILINE))
    assert [bill["bomFormat"], bill["specVersion"]] == ["CycloneDX", "1.6"]
    assert {one["name"] for one in bill["components"]} == {name.lower() for name in pinned}
    assert len({one["bom-ref"] for one in bill["components"]}) == len(bill["components"]) == len(pinned)


def test_every_installed_package_has_a_licence_and_every_reference_exists() -> None:
    bill = bill_of(LOCK)
    without = [one["name"] for one in bill["components"] if one["scope"] == "required" and not one["licenses"]]
    assert without == []
    known = {one["bom-ref"] for one in bill["components"]}
    needs = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    assert {reference for every in needs.values() for reference in every} == known
    assert any("/django@" in reference for reference in needs["flexiti-portal"])
    (celery,) = [reference for reference in known if "/celery@" in reference]
    assert any("/kombu@" in reference for reference in needs[celery])


def test_every_pinned_package_has_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-scan.txt"):
        entries = re.split(r"^(?=[\w.-]+(?:\[.*\])?==)", (ROOT / name).read_text(), flags=re.MULTILINE)[1:]
        assert [entry.partition(" ")[0] for entry in entries if "--hash=sha256:" not in entry] == []
