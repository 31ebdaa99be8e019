"""What a person at the counter is shown first."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.models import Application, SubmissionAttempt
from applications.selectors import recent_applications, waiting_for_a_manager
from applications.statuses import Status
from applications.verdicts import Verdict
from merchants.counter import counter_of
from merchants.models import Role
from tests.applications.review.rows import applications_in
from tests.factories import (
    ApplicationFactory,
    CredentialFactory,
    MembershipFactory,
    StoreFactory,
    UserFactory,
    accept_terms,
)


@pytest.fixture
def store(db):
    return StoreFactory()


@pytest.fixture
def sent(store):
    """`sent("unknown", minutes=20, verdict="ambiguous")`: changed so long ago, and what the last search came to."""
    credential, user = CredentialFactory(merchant=store.merchant), UserFactory()

    def make(status, *, minutes, verdict=""):
        application = ApplicationFactory(
            store=store,
            merchant=store.merchant,
            credential=credential,
            created_by=user,
            status=status,
            updated_at=timezone.now() - timedelta(minutes=minutes),
        )
        SubmissionAttempt.objects.create(
            application=application,
            number=1,
            acceptance=accept_terms(application),
            store=store,
            credential=credential,
            submitted_by=user,
            snapshot={},
            digest="d",
            closed_at=timezone.now(),
            look_verdict=verdict,
        )
        return application

    return make


def listed(store, role=Role.MANAGER, **limit):
    membership = MembershipFactory(merchant=store.merchant, role=role, stores=[store])
    return list(waiting_for_a_manager(counter_of(membership, chosen_store=str(store.pk)), **limit))


def test_waiting_for_a_manager_is_what_no_search_tells(store, sent):
    waiting = [
        sent(Status.DECLINED, minutes=50, verdict=Verdict.CONTRADICTED),
        sent(Status.NO_ACCOUNT, minutes=40, verdict=Verdict.AMBIGUOUS),
        sent(Status.UNKNOWN, minutes=20),
        sent(Status.UNKNOWN, minutes=1, verdict=Verdict.AMBIGUOUS),
    ]
    sent(Status.UNKNOWN, minutes=1)
    sent(Status.DECLINED, minutes=60, verdict=Verdict.OVERRULED)
    assert listed(store) == waiting
    assert listed(store, Role.ASSOCIATE) == []


def test_waiting_for_a_manager_is_not_hidden_by_what_has_no_account(store, sent):
    sent(Status.NO_ACCOUNT, minutes=5000)
    sent(Status.NO_ACCOUNT, minutes=4000)
    latest = sent(Status.NO_ACCOUNT, minutes=30)
    contradicted = sent(Status.APPROVED, minutes=10, verdict=Verdict.CONTRADICTED)
    assert listed(store, limit=2) == [contradicted, latest]


@pytest.mark.postgres
def test_counter_reads_no_more_than_it_shows(store, sent):
    """Of 5,000 that were answered long ago, and some thirty that nobody knows the outcome of."""
    (
        sent(Status.UNKNOWN, minutes=20, verdict=Verdict.AMBIGUOUS),
        sent(Status.APPROVED, minutes=9, verdict="contradicted"),
    )
    first = Application.objects.first()
    answered = [Status.APPROVED] * 150 + [Status.DRAFT] * 50 + [Status.NO_ACCOUNT]
    applications_in(store, 5000, by=first.created_by, credential=first.credential, status=answered)
    membership = MembershipFactory(merchant=store.merchant, role=Role.MANAGER, stores=[store])
    counter = counter_of(membership, chosen_store=str(store.pk))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as queries:
        assert len(recent_applications(counter)) == 20
        assert len(waiting_for_a_manager(counter)) == 26
    for query in queries.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {query['sql']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Seq Scan on applications_application" not in plan, plan
        assert all(int(rows) <= 50 for rows in re.findall(r"actual rows=(\d+)", plan)), plan
