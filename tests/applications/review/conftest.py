"""The store, its people and its applications, as for submissions."""

from tests.applications.submission.conftest import associate, credential, ready, store  # noqa: F401
