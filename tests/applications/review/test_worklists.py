"""What waits for managers, over all their stores."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.follow_ups import FollowUp
from applications.models import Application, SubmissionAttempt
from applications.review import worklists
from applications.review.worklists import Place, Whose, open_follow_ups, unsettled
from applications.statuses import Status
from applications.submission.decisions import Decision
from applications.verdicts import Verdict
from merchants.counter import counter_of
from merchants.models import Membership, Role
from tests.applications.journey.conftest import person, signed_in
from tests.factories import (
    ApplicationFactory,
    CredentialFactory,
    MembershipFactory,
    StoreFactory,
    UserFactory,
    accept_terms,
)


@pytest.fixture
def stores(store):
    return [store, StoreFactory(merchant=store.merchant), StoreFactory(merchant=store.merchant)]


@pytest.fixture
def chief(stores):
    """Manages two of the three stores."""
    user = UserFactory()
    MembershipFactory(user=user, merchant=stores[0].merchant, role=Role.MANAGER, stores=stores[:2])
    return user


@pytest.fixture
def made(stores):
    """`made(Status.PENDING, store=1, hours=-3)`: in the second store, due three hours ago."""
    credential, user = CredentialFactory(merchant=stores[0].merchant), UserFactory()

    def make(status, *, store=0, hours=0, minutes=0, verdict="", owner=None, outcome=Status.UNKNOWN):
        now = timezone.now()
        application = ApplicationFactory(
            store=stores[store],
            credential=credential,
            created_by=user,
            status=status,
            updated_at=now - timedelta(minutes=minutes),
        )
        if status == Status.PENDING and not verdict:
            due_at = now + timedelta(hours=hours)
            FollowUp.objects.create(application=application, store=application.store, due_at=due_at, owner=owner)
        else:
            SubmissionAttempt.objects.create(
                application=application,
                number=1,
                acceptance=accept_terms(application),
                store=application.store,
                credential=credential,
                submitted_by=user,
                snapshot={},
                digest="d",
                closed_at=now,
                outcome=outcome,
                look_verdict=verdict,
                absent_looks=3 if verdict == Verdict.ABSENT else 0,
                answer=Decision(status=Status(outcome)).to_json(),
            )
        return application

    return make


def listed(chief, whose=Whose.ALL, after=None):
    membership = Membership.objects.get(user=chief)
    return open_follow_ups(counter_of(membership, chosen_store=None), by=chief, whose=whose, after=after)


def applications_in(found):
    return [row.application for row in found.rows]


def test_follow_ups_of_all_stores_come_oldest_due_first(chief, made):
    later, overdue, soon = (
        made(Status.PENDING, hours=40),
        made(Status.PENDING, hours=-2, store=1),
        made(Status.PENDING, hours=2),
    )
    made(Status.PENDING, store=2)
    found = listed(chief)
    assert applications_in(found) == [overdue, soon, later]
    assert (str(found.total), str(found.overdue)) == ("3", "1")


def test_closed_follow_ups_are_not_listed(chief, made):
    made(Status.PENDING)
    FollowUp.objects.update(closed_at=timezone.now())
    assert applications_in(listed(chief)) == []


def test_follow_ups_by_owner(chief, made):
    mine, nobodys = made(Status.PENDING, owner=chief), made(Status.PENDING, store=1)
    made(Status.PENDING, owner=UserFactory())
    assert applications_in(listed(chief, Whose.MINE)) == [mine]
    assert applications_in(listed(chief, Whose.NOBODYS)) == [nobodys]


def test_every_follow_up_is_on_one_page(chief, made, monkeypatch):
    monkeypatch.setattr(worklists, "PAGE_SIZE", 2)
    monkeypatch.setattr(worklists, "_ENOUGH", 3)
    every = [made(Status.PENDING, hours=hours, store=hours % 2) for hours in range(5)]
    same_moment = FollowUp.objects.get(application=every[2]).due_at
    FollowUp.objects.filter(application=every[3]).update(due_at=same_moment)
    seen, after = [], None
    for _ in range(3):
        found = listed(chief, after=after)
        seen += applications_in(found)
        after = Place.from_text(found.next_page)
    assert after is None
    assert len(seen) == 5
    assert set(seen) == set(every)


_BEFORE_ALL_TIME = f"0001-01-01T00:00:00+23:59~{UUID(int=0)}"


@pytest.mark.parametrize(
    "text", ["", "yesterday~x", "2026-01-01T00:00:00~", "2026-01-01T00:00:00~nothing", "~", _BEFORE_ALL_TIME]
)
def test_place_that_is_none_is_the_first_page(chief, made, text):
    made(Status.PENDING)
    assert Place.from_text(text) is None
    assert signed_in(chief).get(reverse("worklist_pending"), {"after": text, "whose": "'"}).status_code == 200


def test_page_of_follow_ups_masks_names_and_offers_to_take(manager_client, pending):
    html = manager_client.get(reverse("worklist_pending")).content.decode()
    assert "A. O’B." in html
    assert "O&#x27;Brien" not in html
    assert reverse("review_application", args=[pending.pk]) in html
    assert reverse("follow_up_take", args=[pending.pk]) in html


def test_page_with_nothing_to_follow_up_says_so(manager_client, store):
    assert "Nothing to follow up." in manager_client.get(reverse("worklist_pending")).content.decode()
    html = manager_client.get(reverse("worklist_unknown")).content.decode()
    assert "Nothing to settle: every outcome is known." in html


def settled_by(chief):
    rows, more = unsettled(counter_of(Membership.objects.get(user=chief), chosen_store=None))
    return [row.application for row in rows], more


def test_unknown_is_listed_over_all_stores_most_urgent_first(chief, made):
    contradicted = made(Status.DECLINED, minutes=50, verdict=Verdict.CONTRADICTED, outcome=Status.APPROVED)
    ambiguous = made(Status.NO_ACCOUNT, minutes=40, verdict=Verdict.AMBIGUOUS, store=1)
    overdue = made(Status.UNKNOWN, minutes=20)
    missing_for_long = made(Status.NO_ACCOUNT, minutes=5000, verdict=Verdict.ABSENT)
    missing = made(Status.NO_ACCOUNT, minutes=100, verdict=Verdict.ABSENT)
    searched = made(Status.UNKNOWN, minutes=1)
    made(Status.UNKNOWN, minutes=20, store=2)
    made(Status.DECLINED, minutes=60, verdict=Verdict.OVERRULED)
    expected = [contradicted, ambiguous, overdue, searched, missing, missing_for_long]
    assert settled_by(chief)[0] == expected
    assert settled_by(chief)[1].number == 0


def test_what_is_not_shown_is_counted(chief, made, monkeypatch):
    monkeypatch.setattr(worklists, "PAGE_SIZE", 2)
    for minutes in (20, 30, 40):
        made(Status.UNKNOWN, minutes=minutes)
    rows, more = settled_by(chief)
    assert (len(rows), str(more)) == (2, "1")
    assert "And 1 more." in signed_in(chief).get(reverse("worklist_unknown")).content.decode()


def test_page_says_what_was_tried(chief, made):
    made(Status.DECLINED, minutes=50, verdict=Verdict.CONTRADICTED, outcome=Status.APPROVED)
    made(Status.NO_ACCOUNT, verdict=Verdict.ABSENT)
    made(Status.UNKNOWN, verdict=Verdict.NOT_ASKED)
    made(Status.UNKNOWN)
    html = signed_in(chief).get(reverse("worklist_unknown")).content.decode()
    for words in (
        "A late answer says: Approved.",
        "Searched 3 times, without finding an account.",
        "Flexiti could not be asked.",
        "Not searched for yet.",
        "The portal goes on searching.",
    ):
        assert words in html
    assert html.count("?review") == 4


def test_worklists_stay_within_a_few_queries(chief, made, django_assert_max_num_queries):
    for hours in range(6):
        made(Status.PENDING, hours=hours)
        made(Status.UNKNOWN, minutes=30)
    client = signed_in(chief)
    for name in ("worklist_pending", "worklist_unknown"):
        with django_assert_max_num_queries(22):
            client.get(reverse(name))


@pytest.mark.parametrize("name", ["worklist_pending", "worklist_unknown"])
def test_worklists_are_for_managers(associate, store, credential, name):
    assert signed_in(associate).get(reverse(name)).status_code == 403
    stranger = signed_in(person("stranger", StoreFactory(), Role.MANAGER))
    assert stranger.get(reverse(name)).status_code == 200
    assert not Application.objects.exists()
