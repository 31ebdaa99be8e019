"""What a start refuses beyond what is missing."""

from typing import Any

import pytest

from flexiti_portal.checks import credentials_go_to_named_hosts
from posapi.destinations import VENDOR_HOSTS


@pytest.mark.parametrize(
    ("hosts", "problems"),
    [
        (list(VENDOR_HOSTS), 0),
        (["gateway.example:8443"], 0),
        ([], 1),
        (["*.flexiti.fi"], 1),
        (["https://posapi.flexiti.fi"], 1),
        (["posapi.flexiti.fi", "10.0.0.7"], 1),
        (["localhost"], 1),
    ],
)
def test_list_of_hosts_that_names_no_hosts_is_refused(settings: Any, hosts: list[str], problems: int) -> None:
    settings.POSAPI_HOSTS = hosts
    assert len(credentials_go_to_named_hosts()) == problems
