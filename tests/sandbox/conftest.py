"""One sandbox for all tests of this folder, as good as new for each of them."""

from collections.abc import Iterator

import pytest

from sandbox.lender import Lender
from sandbox.server import Sandbox
from tests.sandbox.caller import Till


@pytest.fixture(scope="module")
def running_sandbox() -> Iterator[Sandbox]:
    """A sandbox that answers at once."""
    with Sandbox(Lender(apply_latency=(0, 0)), quiet=True) as sandbox:
        yield sandbox


@pytest.fixture
def till(running_sandbox: Sandbox) -> Iterator[Till]:
    """A till at a sandbox that was just reset."""
    running_sandbox.lender.reset()
    running_sandbox.reopen()
    till = Till(running_sandbox)
    yield till
    till.session.close()
