"""People to sign in as."""

from tests.merchants.conftest import people  # noqa: F401
