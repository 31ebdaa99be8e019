"""What every page must be, checked on every page any test fetches.

`check_page` refuses a page with an `AssertionError` that lists all that is wrong with it; `CheckedClient`
is Django's test client that calls it without being asked, and checks the response headers too. The rules
are in rules.py, each with a page that breaks it in tests/test_pages.py.
"""

from tests.pages.checks import check_borrowed_page, check_fragment, check_headers, check_page
from tests.pages.client import CheckedClient

__all__ = ["CheckedClient", "check_borrowed_page", "check_fragment", "check_headers", "check_page"]
