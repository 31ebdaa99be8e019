"""The store, its people and its applications, as for submissions."""

from tests.applications.submission.conftest import associate, credential, ready, searched, store, unknown  # noqa: F401
