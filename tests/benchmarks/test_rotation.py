"""The short form of the rotation: every key is revoked under what goes out with it, and nothing fails for that."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.stack

ROOT = Path(__file__).resolve().parents[2]


def test_rotation_fails_no_submission(tmp_path):
    command = [sys.executable, "-m", "benchmarks.rotation", "--size", "40", "--brisk", "--results", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    kept = json.loads((tmp_path / "rotation.json").read_text())
    figures = {figure["name"]: figure["value"] for figure in kept["figures"]}
    assert figures["rotations"] > 1
    assert figures["credentials with which something was sent"] > 1
    assert figures["failed for reasons of credentials"] == 0
