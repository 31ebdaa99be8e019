"""The page of figures: whose they are, that they are those of a full scan, and that they can be read."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from applications.drafting import expire
from applications.models import Application
from applications.moves import move
from applications.review.closing import today_in
from applications.statistics.checking import differences
from applications.statistics.folding import fold
from applications.statuses import Status
from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit
from audit.names import EventName
from merchants.models import Role
from tests.applications.journey.conftest import person, signed_in
from tests.applications.people import another_person
from tests.applications.statistics.conftest import answered, begin  # noqa: F401
from tests.factories import MembershipFactory, StoreFactory, UserFactory


@pytest.fixture
def manager(store):
    user = UserFactory(username="daniel", first_name="Daniel", last_name="Wong")
    MembershipFactory(user=user, merchant=store.merchant, role=Role.MANAGER, stores=[store])
    return user


@pytest.fixture
def manager_client(manager):
    return signed_in(manager)


@pytest.fixture
def sent(answered, associate):  # noqa: F811
    """`sent("A-RR_L")`: begun at the counter, submitted and answered so."""
    numbers = iter(range(100))

    def make(key):
        application = answered(middle_name=key, **another_person(next(numbers)))
        submit(application, by=associate, revision=application.revision)
        deliver_next()

    return make


@pytest.fixture
def lived(sent, begin):  # noqa: F811
    """Two approved, one declined, one pending, one draft, one abandoned."""
    for key in ("A-RR_L", "A-RR_L", "D-FRAUD", "P-CREDIT"):
        sent(key)
    begin()
    expire(begin())


def page(client, status=200, **query):
    answer = client.get(reverse("dashboard"), query)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def row(html, name):
    """The numbers beside the first row of this name."""
    text = html.split(f"{name}</th>", 1)[1].split("</tr>", 1)[0]
    return re.findall(r"<td class=\"number\"[^>]*>([^<]*)</td>", text)


@pytest.mark.parametrize("is_folded", [True, False])
def test_page_tells_what_became_of_the_applications(manager_client, lived, is_folded):
    if is_folded:
        fold()
    html = page(manager_client)
    assert [row(html, name)[0] for name in ("Approved", "Declined", "Abandoned")] == ["2", "1", "1"]
    assert row(html, "English") == ["6", "4", "2", "1", "1", "0", "50%"]
    assert row(html, "associate") == ["6", "4", "2", "1", "1", "0", "50%"]
    assert row(html, "Nothing was saved") == ["1", "100%"]
    assert not differences()


def test_cancelled_approval_stays_an_approval(manager_client, sent):
    sent("A-RR_L")
    application = Application.objects.get()
    for status in (Status.CANCELLING, Status.CANCELLED):
        move(application, status, by=None, event=EventName.CANCELLATION_ANSWERED)
    html = page(manager_client)
    assert row(html, "English") == ["1", "1", "1", "0", "0", "0", "100%"]
    assert "Of the approved, 1 was cancelled later." in html


def test_empty_days_say_so_in_words(manager_client, lived):
    html = page(manager_client, since="2020-01-01", until="2020-02-01")
    assert "No application was begun in these days" in html
    assert '<svg class="chart' not in html


@pytest.mark.parametrize("period", ["today", "week", "month", "quarter", "year"])
def test_every_period_has_a_page(manager_client, lived, period):
    html = page(manager_client, period=period)
    assert row(html, "English")[0] == "6"
    assert 'role="img"' in html


def test_days_before_are_told_beside(manager_client, lived, store):
    yesterday = today_in(store) - timedelta(days=1)
    html = page(manager_client, since=yesterday.isoformat(), until=yesterday.isoformat())
    assert "No application was begun" in html
    html = page(manager_client, period="today")
    assert "before: 0" in html


def test_page_speaks_french(manager_client, lived):
    manager_client.cookies["language"] = "fr"
    html = page(manager_client)
    assert "<h1>Tableau de bord</h1>" in html
    assert row(html, "Anglais")[-1] == "50 %"


def test_store_of_nobody_else_is_shown(manager_client, lived, store):
    other = StoreFactory(merchant=store.merchant, name="Elsewhere")
    assert "Elsewhere" not in page(manager_client)
    page(manager_client, store=str(other.pk), status=404)
    page(manager_client, store="'", status=404)
    assert row(page(manager_client, store=str(store.pk)), "English")[0] == "6"


def test_manager_of_several_stores_compares_them(lived, store):
    other = StoreFactory(merchant=store.merchant, name="Elsewhere")
    user = UserFactory()
    MembershipFactory(user=user, merchant=store.merchant, role=Role.MANAGER, stores=[store, other])
    client = signed_in(user)
    html = page(client)
    assert "By store" in html
    assert row(html, store.name)[0] == "6"
    assert "No application was begun" in page(client, store=str(other.pk))


def test_associate_is_refused_and_a_stranger_sees_nothing(lived, associate, store):
    page(signed_in(associate), status=403)
    elsewhere = StoreFactory()
    stranger = person("stranger", elsewhere, Role.MANAGER)
    assert "No application was begun" in page(signed_in(stranger))


def test_manager_without_a_store_reads_why(store):
    user = UserFactory()
    MembershipFactory(user=user, merchant=store.merchant, role=Role.MANAGER, stores=[])
    assert "You are not the manager of an active store." in page(signed_in(user))


def test_page_opens_nothing_of_an_applicant(manager_client, lived, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("an answer was opened")

    monkeypatch.setattr("vault.keys.KeyRing.open", refuse)
    page(manager_client)


def test_page_is_as_many_queries_for_a_year_as_for_a_day(manager_client, lived, django_assert_max_num_queries):
    page(manager_client)
    with django_assert_max_num_queries(16):
        page(manager_client, period="year")
