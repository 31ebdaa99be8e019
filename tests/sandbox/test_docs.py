"""docs/sandbox.md names everything that can be switched, staged or asked for by a key."""

from pathlib import Path

import pytest

from sandbox.__main__ import _parser
from sandbox.adjudication import RESPONSE_KEYS
from sandbox.clients import KNOWN
from sandbox.faults import ENDPOINTS, KINDS
from sandbox.switches import Switches

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
NAMES = [*Switches().as_json(), *KINDS, *ENDPOINTS, *RESPONSE_KEYS, *(client.client_secret for client in KNOWN)]


@pytest.mark.parametrize("name", sorted(set(NAMES)))
def test_name_is_documented(name: str):
    assert f"`{name}`" in PAGE


def test_options_of_the_command_line_are_documented():
    options = [option for action in _parser()._actions for option in action.option_strings]
    assert [o for o in options if f"`{o}" not in PAGE] == ["-h", "--help"]
