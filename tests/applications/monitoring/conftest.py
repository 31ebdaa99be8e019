"""The store, the sandbox and the submissions of the tests of delivery."""

from tests.applications.submission.conftest import *  # noqa: F403
