"""Times in lists: the hour at the store, written as the staff language writes it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils import translation

EVENING = datetime(2026, 11, 21, 1, 41, tzinfo=UTC)


@pytest.mark.parametrize(("language", "text"), [("en", "Nov 20, 8:41 p.m."), ("fr", "20 nov., 20\u00a0h\u00a041")])
def test_moment_is_the_hour_at_the_store_in_the_staff_language(language: str, text: str) -> None:
    with translation.override(language):
        html = render_to_string("components/moment.html", {"at": EVENING, "zone": ZoneInfo("America/Toronto")})
    assert f">{text}</time>" in html
    assert 'datetime="2026-11-20T20:41:00-05:00"' in html
