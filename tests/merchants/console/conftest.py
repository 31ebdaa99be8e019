"""The console's tests have the three characters of the room around them, and their administrators."""

import pytest
from django.test import Client

from merchants.models import User
from tests.merchants.conftest import People, sign_in


@pytest.fixture
def console(client: Client, people: People) -> Client:
    """A browser in which the owner's administrator is signed in."""
    sign_in(client, "administrator")
    return client


@pytest.fixture
def operator(people: People) -> User:
    return User.objects.create_superuser("operator", password="correct-horse-battery")
