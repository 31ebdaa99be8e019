"""What every test gets; the parts are in tests/stack/.

- no network beyond this machine (network.py)
- a real Valkey behind Django's cache, empty for every test; `valkey`, `postgres`, `sandbox` (services.py)
- the whole portal: `portal`, `portal_on_postgres` (whole.py), and a real Chromium: `windows` (windows.py)
- a Django test client that checks every page it fetches (client.py)
- the language of the settings, whatever the test before asked for
"""

from collections.abc import Iterator

import pytest
from django.utils import translation

pytest_plugins = [
    "tests.stack.network",
    "tests.stack.services",
    "tests.stack.client",
    "tests.stack.whole",
    "tests.stack.windows",
]


@pytest.fixture(autouse=True)
def language_of_the_settings() -> Iterator[None]:
    """A request in French leaves its language active in the thread."""
    yield
    translation.deactivate()
