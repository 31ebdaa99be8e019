"""The page of the list as a manager reads it."""

import pytest
from django.urls import reverse

from applications.models import Application, CustomerLanguage
from applications.review.listing import PAGE_SIZE
from applications.statuses import Status
from merchants.models import Environment, Role
from tests.applications.journey.conftest import person, signed_in
from tests.applications.review.rows import applications_in
from tests.factories import CredentialFactory, StoreFactory
from tests.pages.parsed import Page, words


@pytest.fixture
def store(db):
    return StoreFactory(merchant__name="European Restorations", name="Bloor Street")


@pytest.fixture
def credential(store):
    return CredentialFactory(merchant=store.merchant)


@pytest.fixture
def associate(store):
    return person("associate", store)


@pytest.fixture
def manager_client(store):
    return signed_in(person("Daniel Wong", store, Role.MANAGER))


@pytest.fixture
def make(store, credential, associate):
    def make(number, place=store, **columns):
        return applications_in(place, number, by=associate, credential=credential, **columns)

    return make


def page(client, query="", *, status=200):
    answer = client.get(reverse("review_list") + query)
    assert answer.status_code == status
    return Page.whole(answer.content.decode())


def rows(found):
    (body,) = found.all("tbody") or [[]]
    return [words(row) for row in body]


def link(found, text):
    (one,) = [one for one in found.all("a") if words(one) == text]
    return one.get("href")


def test_line_shows_initials_and_nothing_of_the_answers(manager_client, make):
    make(1, status=Status.DECLINED)
    html = manager_client.get(reverse("review_list")).content.decode()
    (line,) = rows(Page.whole(html))
    for shown in ("A. O’B.", "Declined", "$2,500.00", "Bloor Street", "associate", "ON", "English"):
        assert shown in line
    for hidden in ("Anne", "Brien", "4165550142", "anne@", "1988", "Example Street"):
        assert hidden not in html


def test_line_leads_to_its_application_and_counts_to_the_worklists(manager_client, make):
    (made,) = make(1)
    found = page(manager_client)
    assert link(found, "A. O’B.") == reverse("review_application", args=[made.pk])
    assert link(found, "0 outcome not known") == reverse("worklist_unknown")
    assert link(found, "0 under review for too long") == reverse("worklist_pending")
    corrections = link(found, "0 corrections abandoned")
    assert corrections == reverse("review_list") + "?status=needs_correction"
    assert page(manager_client, corrections.partition("/review/")[2])


def test_draft_without_a_name_says_so(manager_client, make):
    (draft,) = make(1, status=Status.DRAFT)
    draft.answers = {}
    draft.save()
    assert "No name yet" in rows(page(manager_client))[0]


def test_answers_that_cannot_be_opened_do_not_hide_the_list(manager_client, make):
    one, other = make(2)
    token = Application.objects.filter(pk=one.pk).values_list("answers", flat=True).get()
    Application.objects.filter(pk=other.pk).update(answers=token)
    newest, older = rows(page(manager_client))
    assert "Its answers cannot be read. Tell Nadia Roy" in newest
    assert other.reference_id in newest
    assert "A. O’B." in older


def test_pages_lead_back_and_forth(manager_client, make):
    made = make(PAGE_SIZE + 5)
    first = page(manager_client)
    assert len(rows(first)) == PAGE_SIZE
    second = page(manager_client, link(first, "Older"))
    assert len(rows(second)) == 5
    assert not [one for one in second.all("a") if words(one) == "Older"]
    assert rows(page(manager_client, link(second, "Newer"))) == rows(first)
    assert str(made[0].pk) not in link(first, "Older"), "the cursor is not the id of an application"


def test_filters_stay_in_the_address_of_every_page(manager_client, make):
    make(PAGE_SIZE + 5, language=CustomerLanguage.FRENCH)
    make(3)
    older = link(page(manager_client, "?language=fr-CA"), "Older")
    assert older.startswith("?language=fr-CA&before=")
    second = page(manager_client, older)
    assert len(rows(second)) == 5
    (chosen,) = [one for one in second.all("option") if one.get("value") == "fr-CA"]
    assert "selected" in chosen.attrib


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("?status=lost", "There is no such status."),
        ("?store=1", "This is not one of your stores."),
        ("?associate=0", "Nobody of your stores is meant by that."),
        ("?province=XX", "There is no such province."),
        ("?language=de", "There is no such language."),
        ("?environment=moon", "There is no such environment."),
        ("?day_from=yesterday", "Enter the day as year-month-day"),
        ("?day_to=0001-01-01", "Enter a day of this century"),
        ("?day_from=2026-02-02&day_to=2026-02-01", "This day is before the first one."),
        ("?amount_from=lots", "Enter the amount in dollars"),
        ("?amount_to=1000000000", "This amount is too large."),
        ("?amount_from=10&amount_to=9", "This amount is below the first one."),
    ],
)
def test_filter_that_cannot_be_understood_is_told_and_shows_no_list(manager_client, make, query, complaint):
    make(1)
    found = page(manager_client, query, status=422)
    assert complaint in found.html
    assert rows(found) == []


@pytest.mark.parametrize("query", ["?before=x", "?after=AAAA", "?before=f" + "_" * 31, "?before=%FF"])
def test_cursor_that_was_not_made_here_is_told(manager_client, make, query):
    make(1)
    found = page(manager_client, query)
    assert "The address named no page of this list" in found.html
    assert len(rows(found)) == 1


def test_summary_says_what_the_list_is_narrowed_by(manager_client, make, store):
    make(1)
    found = page(manager_client, f"?status=approved&store={store.pk}&amount_from=1000&day_from=2026-03-01")
    said = [words(one) for one in found.all("li")]
    for line in ("Status Approved", "Store Bloor Street", "Amount from $1,000.00", "Begun from March 1, 2026"):
        assert line in said


def test_list_without_a_match_says_what_to_do(manager_client, make):
    make(1)
    assert "No application of your stores is like this" in page(manager_client, "?status=cancelled").html


def test_first_day_says_that_nothing_is_there_yet(manager_client, credential):
    assert "No application yet" in page(manager_client).html


def test_other_environment_is_marked(manager_client, make):
    make(1, environment=Environment.TRAINING)
    assert "Training" in rows(page(manager_client))[0]


def test_application_of_another_store_or_merchant_is_not_there(make, store):
    make(1)
    elsewhere = StoreFactory(merchant=store.merchant)
    assert rows(page(signed_in(person("colleague", elsewhere, Role.MANAGER)))) == []
    assert rows(page(signed_in(person("stranger", StoreFactory(), Role.MANAGER)))) == []


def test_associate_may_not_open_it(associate):
    assert signed_in(associate).get(reverse("review_list")).status_code == 403


def test_number_of_questions_does_not_grow_with_the_list(manager_client, make, django_assert_max_num_queries):
    make(PAGE_SIZE)
    with django_assert_max_num_queries(20):
        page(manager_client)


def test_page_in_french(manager_client, make):
    make(1)
    manager_client.cookies["language"] = "fr"
    found = page(manager_client, "?status=approved&amount_from=1000")
    (line,) = rows(found)
    assert "2 500,00 $" in line
    assert "Restreindre la liste" in found.html
