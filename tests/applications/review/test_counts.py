"""What needs a person, above the list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.follow_ups import FollowUp
from applications.models import Application
from applications.review import counts
from applications.review.counts import NeedsAPerson
from applications.statuses import Status
from applications.submission.sealing import submit
from applications.verdicts import Verdict
from merchants.models import Role
from tests.applications.journey.conftest import person, signed_in
from tests.applications.review.rows import applications_in
from tests.factories import CredentialFactory, StoreFactory, UserFactory, ready_application


@pytest.fixture
def store(db):
    return StoreFactory()


@pytest.fixture
def make(store):
    associate, credential = person("associate", store), CredentialFactory(merchant=store.merchant)

    def make(number, place=store, **columns):
        return applications_in(place, number, by=associate, credential=credential, **columns)

    return make


def told(*stores):
    needs = NeedsAPerson.in_stores(stores)
    return str(needs.unknown), str(needs.pending), str(needs.corrections)


def follow(application, **columns):
    return FollowUp.objects.create(application=application, store=application.store, **columns)


def test_unknown_outcomes_and_missing_accounts_are_counted(store, make):
    make(2, status=Status.UNKNOWN), make(1, status=Status.NO_ACCOUNT), make(3, status=Status.APPROVED)
    assert told(store) == ("3", "0", "0")


def test_contradicted_outcome_is_counted_until_it_is_settled(store, make):
    credential = make(1)[0].credential
    application = ready_application(credential, store=store, user=UserFactory(), last_name="Nobody")
    submit(application, by=application.created_by, revision=application.revision)
    application.attempts.update(look_verdict=Verdict.CONTRADICTED)
    Application.objects.filter(pk=application.pk).update(status=Status.DECLINED)
    assert told(store) == ("1", "0", "0")
    application.attempts.update(look_verdict=Verdict.OVERRULED)
    assert told(store) == ("0", "0", "0")


def test_follow_up_is_counted_while_it_is_open_and_due(store, make):
    now = timezone.now()
    due, later, closed = make(3, status=Status.PENDING)
    follow(due, due_at=now - timedelta(minutes=1))
    follow(later, due_at=now + timedelta(minutes=1))
    follow(closed, due_at=now - timedelta(days=1), closed_at=now)
    assert told(store) == ("0", "1", "0")


def test_correction_is_counted_once_nobody_touches_it(store, make, settings):
    settings.CORRECTION_ABANDONED_HOURS = 24
    now = timezone.now()
    make(1, status=Status.NEEDS_CORRECTION, began=now - timedelta(hours=25))
    make(1, status=Status.NEEDS_CORRECTION, began=now - timedelta(hours=23))
    assert told(store) == ("0", "0", "1")


def test_other_stores_are_not_counted(store, make):
    other = StoreFactory(merchant=store.merchant)
    make(2, other, status=Status.UNKNOWN)
    assert told(store) == ("0", "0", "0")
    assert told(store, other) == ("2", "0", "0")


def test_many_are_not_counted_to_the_end(store, make, monkeypatch):
    monkeypatch.setattr(counts, "MOST", 4)
    make(4, status=Status.UNKNOWN)
    assert told(store)[0] == "4"
    make(4, status=Status.UNKNOWN)
    assert told(store)[0] == "4+"


def test_counts_ask_for_themselves_again(store, make):
    make(2, status=Status.UNKNOWN)
    answer = signed_in(person("manager", store, Role.MANAGER)).get(reverse("review_list_counts"))
    html = " ".join(answer.content.decode().split())
    assert f'hx-get="{reverse("review_list_counts")}" hx-trigger="every 30s"' in html
    assert '<span class="counts__number">2</span> outcome not known' in html
    assert html.startswith("<ul"), "a fragment, not a page"


@pytest.mark.postgres
def test_counts_read_only_the_rows_concerned(store, make):
    make(20_000), make(5, status=Status.UNKNOWN)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as queries:
        assert told(store) == ("5", "0", "0")
    for query in queries.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Seq Scan on applications_application" not in plan, plan
