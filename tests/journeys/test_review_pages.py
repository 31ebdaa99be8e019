"""What managers, administrators and outsiders see, in Chromium: axe, CSP, console, light and dark, both languages."""

import re
import shutil
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.applications.journey.walking import another_birth_date
from tests.journeys.in_browser import QUEBEC
from tests.journeys.over_http import HttpWalker
from tests.journeys.test_every_page import decided
from tests.stack.windows import sign_in

pytestmark = [pytest.mark.stack, pytest.mark.browser]

BOTH = [("desk", "en", "light"), ("phone", "fr", "dark")]
CORRECTED_ERASED_AND_EXPORTED = """
from pathlib import Path
from django.db import transaction
from applications.evidence.exporting import export
from applications.models import Application
from applications.retention.correcting import note_correction
from applications.purge import BY_PERIOD
from applications.retention.erasing import erase_answers
from merchants.models import User
corrected, erased = (Application.objects.get(pk=one) for one in ("{corrected}", "{erased}"))
for field in ("phone_number", ""):
    note_correction(corrected, "It is another one.", field=field, by=User.objects.get(username="manager"))
with transaction.atomic():
    erase_answers(erased, why=BY_PERIOD)
for one in (corrected, erased):
    export(one, command="audit_export", operator="", by=None).write(Path("{folder}", f"{{one.pk}}.zip"))
"""


@pytest.fixture
def walker(portal):
    walker = HttpWalker(portal)
    walker.sign_in("associate")
    return walker


def look_at(page, addresses):
    for address in addresses:
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)


@pytest.mark.parametrize(("width", "language", "scheme"), BOTH)
def test_every_page_of_one_application(windows, portal, walker, width, language, scheme):
    pending, unknown = (f"/review{decided(walker, portal, key)}" for key in ("P-CREDIT", "D-EMAIL_DBL_TIMEOUT"))
    page = windows.open(width, language=language, scheme=scheme)
    sign_in(page, "manager")
    look_at(page, ("/review/worklists/pending/", "/review/worklists/unknown/", unknown, pending))
    for summary in page.locator("details.more summary").all():
        summary.click()
    page.locator("#follow-up form[action$='/take/'] button").click()
    expect(page.locator("#follow-up form[action$='/take/']")).to_have_count(0)
    page.locator(".plain-list a").first.click()
    expect(page.locator("article.document")).to_be_visible()
    page.goto(f"{pending}reveal/phone_number/")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.fill("textarea[name=reason]", "The customer called back")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".revealed")).to_be_visible()


def test_what_was_corrected_or_erased_and_its_evidence(windows, open_windows, portal, walker, tmp_path):
    """The lists with it, its pages, and the bundle that a browser opens from a folder."""
    corrected, erased = (walked(walker, **answers) for answers in ({}, QUEBEC))
    portal.python(CORRECTED_ERASED_AND_EXPORTED.format(corrected=corrected, erased=erased, folder=tmp_path))
    sections = {"en": "Corrections the customer asked for", "fr": "Corrections demandées par le client"}
    for width, language, scheme in BOTH:
        page = windows.open(width, language=language, scheme=scheme)
        sign_in(page, "manager")
        look_at(page, ("/review/", "/review/search/", "/review/dashboard/", "/review/exports/", "/review/exports/new/"))
        look_at(page, (f"/review/applications/{erased}/", f"/review/applications/{corrected}/"))
        expect(page.get_by_role("heading", name=sections[language])).to_be_visible()
    from_a_folder = open_windows(tmp_path.as_uri())
    for one, width, scheme, others in ((corrected, "desk", "light", 1), (erased, "phone", "dark", 0)):
        page = from_a_folder.open(width, scheme=scheme)
        folder = unpacked(tmp_path / f"{one}.zip")
        shown = list(folder.glob("terms/*.html"))
        assert len(shown) == 1
        look_at(page, [file.as_uri() for file in (folder / "index.html", *shown[:others])])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "language", "scheme"), BOTH)
def test_every_page_of_the_console(windows, width, language, scheme):
    page = windows.open(width, language=language, scheme=scheme)
    sign_in(page, "admin")
    page.goto("/console/")
    merchant = page.locator("main a[href^='/console/merchants/']").first.get_attribute("href")
    home = re.match(r"/console/merchants/[0-9a-f-]{36}/", merchant)[0]
    look_at(
        page, ("/console/", *(f"{home}{place}" for place in ("", "stores/", "staff/", "credentials/", "bulk-start/")))
    )


def walked(walker, **answers) -> UUID:
    """An application of a new person, approved."""
    walker.walk(dob=another_birth_date(), middle_name="A-RR_L", **answers)
    walker.accept()
    walker.submit()
    walker.outcome()
    return walker.id


def unpacked(path):
    shutil.unpack_archive(path, path.with_suffix(""))
    (folder,) = path.with_suffix("").iterdir()
    return folder
