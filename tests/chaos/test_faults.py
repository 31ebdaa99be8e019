"""The short form of the faults, and that a false label is noticed."""

import json
import subprocess
import sys

import pytest
from django.utils import timezone

from applications.persons import account_key
from applications.statuses import Status
from chaos.books import Entry
from chaos.fault_cases import KINDS, Variant
from chaos.faults import is_mislabelled
from chaos.faulty_deliveries import Planned
from chaos.lender import Flow
from local_services.portal import ROOT
from tests.stack.whole import plain_environment

NUMBER = 1900001001


@pytest.mark.stack
def test_every_way_of_every_fault_is_labelled_truly(tmp_path):
    most_ways = max(len(variants) for variants in KINDS.values())
    command = [sys.executable, "-m", "chaos.faults", "--size", str(most_ways), "--database", "sqlite"]
    command += ["--results", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=plain_environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((tmp_path / "faults-sqlite.json").read_text())
    figures = {figure["name"]: figure["value"] for figure in result["figures"]}
    assert figures["processed by the lender"] > 10
    assert figures["not processed"] > 10


def entry(status, *, accepted=0, decided=(), accounts=()):
    return Entry(
        acknowledged=True,
        status=Status(status),
        account_key=account_key(str(NUMBER)),
        moved_at=timezone.now(),
        alive_at=None,
        unknown_at=None,
        truth=Flow(accepted, accepted, decided, "somebody", accounts),
    )


APPROVED = {"accepted": 1, "decided": ("approved",), "accounts": (NUMBER,)}
DECLINED = {"accepted": 1, "decided": ("application_declined_3",)}
UNCLEAR, CLEAR = Planned("a fault", "apply", Variant("reset_after")), Planned("none", "apply", Variant(is_clear=True))


@pytest.mark.parametrize(
    ("status", "truth"),
    [
        ("approved", {}),
        ("approved", DECLINED),
        ("approved", {**APPROVED, "accounts": (NUMBER + 1,)}),
        ("declined", {}),
        ("declined", APPROVED),
        ("pending", DECLINED),
        ("failed", APPROVED),
        ("failed", DECLINED),
        ("already_customer", APPROVED),
        ("needs_correction", {}),
        ("queued", {}),
        ("sending", APPROVED),
        ("held", {}),
    ],
)
def test_false_label_is_noticed(status, truth):
    assert is_mislabelled(UNCLEAR, entry(status, **truth))


def test_unknown_is_false_only_where_an_answer_could_be_read():
    assert not is_mislabelled(UNCLEAR, entry("unknown", **APPROVED))
    assert is_mislabelled(CLEAR, entry("unknown", **APPROVED))
    assert is_mislabelled(Planned("look", "search", Variant("reset_after")), entry("unknown"))


@pytest.mark.parametrize(("status", "truth"), [("approved", APPROVED), ("declined", DECLINED), ("failed", {})])
def test_true_label_passes(status, truth):
    assert not is_mislabelled(CLEAR, entry(status, **truth))
