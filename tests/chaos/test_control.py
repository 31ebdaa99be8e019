"""The short form of the control: the pattern that others use does not get through the storm."""

import pytest

pytestmark = pytest.mark.stack


def test_pattern_that_rolls_back_and_tries_again_loses_or_sends_twice(carried_out):
    done, figures = carried_out("control", 40)
    assert done.returncode == 0, done.stdout
    assert figures["acknowledged"] == 40
    assert figures["lost"] + figures["applicants with more than one apply accepted"] > 0
