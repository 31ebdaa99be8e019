"""The short form of the storm: the portal gets through it, and the pattern that others use does not."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.stack


@pytest.fixture
def carried_out(tmp_path):
    """The figures of one short run by name, with its exit code."""

    def run(measure, size):
        command = [sys.executable, "-m", f"chaos.{measure}", "--brisk", "--size", str(size), "--results", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=150)
        assert (tmp_path / f"{measure}.json").exists(), done.stdout + done.stderr
        kept = json.loads((tmp_path / f"{measure}.json").read_text())
        return done, {figure["name"]: figure["value"] for figure in kept["figures"]}

    return run


def test_portal_loses_nothing_sends_nothing_twice_and_settles_what_is_unknown(carried_out):
    done, figures = carried_out("submissions", 40)
    assert done.returncode == 0, done.stdout
    assert figures["acknowledged"] == 40
    assert figures["workers killed"] > 0
    assert figures["ambiguous outcomes"] > 0


def test_pattern_that_rolls_back_and_tries_again_loses_or_sends_twice(carried_out):
    done, figures = carried_out("control", 40)
    assert done.returncode == 0, done.stdout
    assert figures["lost"] + figures["applicants with more than one apply accepted"] > 0
