"""What a production machine's settings refuse at the start, before any page is served."""

import subprocess
import sys

import pytest

from local_services.first_start import secrets_of
from scripts.check_deployment import ROOT, production_environment


def start(tmp_path, **environment):
    """What the web server does first, in a process of its own."""
    (tmp_path / "static").mkdir(exist_ok=True)  # WhiteNoise warns when it is missing
    return subprocess.run(
        [sys.executable, "-c", "import flexiti_portal.wsgi"],
        cwd=ROOT,
        env={**production_environment(str(tmp_path)), **environment},
        capture_output=True,
        text=True,
    )


def test_production_machine_starts(tmp_path):
    started = start(tmp_path)
    assert started.returncode == 0, started.stderr


@pytest.mark.parametrize("hosts", ["*", "portal.example, *"])
def test_any_host_is_refused(tmp_path, hosts):
    refused = start(tmp_path, ALLOWED_HOSTS=hosts)
    assert refused.returncode != 0
    assert "ALLOWED_HOSTS has *. Name the hosts that the portal answers to" in refused.stderr


def test_keys_of_a_demonstration_are_refused(tmp_path):
    refused = start(tmp_path, **secrets_of(tmp_path, {}))
    assert refused.returncode != 0
    assert "SECRET_KEY is a demonstration's or an example" in refused.stderr
    assert "(vault.E006)" in refused.stderr


def test_any_host_will_do_for_debugging(tmp_path):
    assert start(tmp_path, ALLOWED_HOSTS="*", DEBUG="true").returncode == 0
