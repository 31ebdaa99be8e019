"""Django's test client, checking every page it fetches (tests/pages.py)."""

import pytest
from django.test import Client

try:
    from tests.pages import CheckedClient
except ModuleNotFoundError:
    CheckedClient = Client


@pytest.fixture
def client() -> Client:
    """In place of pytest-django's: every page any test fetches is checked without being asked."""
    return CheckedClient()
