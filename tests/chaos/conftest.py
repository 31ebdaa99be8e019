"""Measures in their short form, as a person starts them."""

import json
import subprocess
import sys

import pytest


@pytest.fixture
def carried_out(tmp_path):
    """`carried_out("control", 40)`: the finished process of one short run, and its figures by name."""

    def run(measure, size):
        command = [sys.executable, "-m", f"chaos.{measure}", "--brisk", "--size", str(size), "--results", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180)
        assert (tmp_path / f"{measure}.json").exists(), done.stdout + done.stderr
        kept = json.loads((tmp_path / f"{measure}.json").read_text())
        return done, {figure["name"]: figure["value"] for figure in kept["figures"]}

    return run
