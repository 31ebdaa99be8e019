"""The short form of the storm: the portal gets through it."""

import pytest

pytestmark = pytest.mark.stack


def test_portal_loses_nothing_sends_nothing_twice_and_settles_what_is_unknown(carried_out):
    done, figures = carried_out("submissions", 40)
    assert done.returncode == 0, done.stdout
    assert figures["acknowledged"] == 40
    assert figures["workers killed"] > 0
    assert figures["ambiguous outcomes"] > 0
