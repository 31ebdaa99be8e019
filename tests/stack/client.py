"""Django's test client, checking every page it fetches (tests/pages.py)."""

import pytest

from tests.pages import CheckedClient


@pytest.fixture
def client() -> CheckedClient:
    """In place of pytest-django's: every page any test fetches is checked without being asked."""
    return CheckedClient()
