"""Times in lists: the hour at the store, written as the staff language writes it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

EVENING = datetime(2026, 11, 21, 1, 41, tzinfo=UTC)


@pytest.mark.parametrize(("language", "text"), [("en", "Nov 20, 8:41 p.m."), ("fr", "20 nov., 20\u00a0h\u00a041")])
def test_moment_is_the_hour_at_the_store_in_the_staff_language(language: str, text: str) -> None:
    with translation.override(language):
        html = render_to_string("components/moment.html", {"at": EVENING, "zone": ZoneInfo("America/Toronto")})
    assert f">{text}</time>" in html
    assert 'datetime="2026-11-20T20:41:00-05:00"' in html


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("TIME_FORMAT", "20\u00a0h\u00a041"),
        ("DATE_FORMAT", "21 novembre 2026"),
        ("DATETIME_FORMAT", "21 novembre 2026, 20\u00a0h\u00a041"),
        ("SHORT_DATETIME_FORMAT", "2026-11-21 20\u00a0h\u00a041"),
    ],
)
def test_dates_and_times_in_french_are_canadas(shape: str, text: str) -> None:
    with translation.override("fr"):
        assert date_format(datetime(2026, 11, 21, 20, 41, tzinfo=UTC), shape) == text
