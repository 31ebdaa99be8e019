"""What administrators are told about credentials, and when associates hear of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from merchants.credentials.alerts import for_administrators, for_staff
from merchants.credentials.connection import check_connection
from merchants.credentials.problems import problems_of
from merchants.models import CheckOccasion, Credential, SessionOutcome
from tests.merchants.conftest import People, credential_of


@pytest.fixture
def in_order(credential: Credential) -> Credential:
    check_connection(credential, by=None, occasion=CheckOccasion.DAILY)
    credential.refresh_from_db()
    return credential


def ends_in(credential: Credential, days: int) -> Credential:
    credential.valid_until = timezone.localdate() + timedelta(days=days)
    credential.save()
    return credential


def texts(*merchants: Any) -> list[str]:
    return [problem.text for problem in problems_of(merchants)]


def test_nothing_is_said_when_all_is_well(people: People, in_order: Credential) -> None:
    assert texts(people.merchant) == []


@pytest.mark.parametrize(("days", "is_told"), [(15, False), (14, True), (1, True), (0, True), (-1, True)])
def test_administrators_are_told_two_weeks_before_the_end(
    people: People, in_order: Credential, days: int, is_told: bool
) -> None:
    ends_in(in_order, days)
    assert bool(texts(people.merchant)) is is_told
    assert bool(for_administrators(people.merchant, in_order)) is is_told


def test_when_they_are_told_is_a_setting(people: People, in_order: Credential, settings: Any) -> None:
    settings.CREDENTIAL_WARN_DAYS = 30
    ends_in(in_order, 30)
    assert "Its last day is" in texts(people.merchant)[0]


@pytest.mark.parametrize(("days", "is_told"), [(1, False), (0, False), (-1, True)])
def test_associates_are_told_when_it_has_ended_and_before_anything_fails(
    people: People, in_order: Credential, days: int, is_told: bool
) -> None:
    ends_in(in_order, days)
    said = for_staff(people.merchant, in_order)
    assert ("come to their end" in said and "416-555-0142" in said) is is_told
    assert [problem.is_pressing for problem in problems_of([people.merchant])] == [is_told]


def test_refusal_says_more_than_the_end(people: People, in_order: Credential) -> None:
    in_order.session_outcome = SessionOutcome.REFUSED
    ends_in(in_order, -1)
    assert "does not accept" in for_staff(people.merchant, in_order)
    assert "refused the credentials" in texts(people.merchant)[0]
    assert "Its last day was" in texts(people.merchant)[0]


def test_check_that_failed_where_the_session_opens_is_told(people: People, in_order: Credential, sandbox: Any) -> None:
    sandbox.fail("terms", "general_error", times=9)
    check_connection(in_order, by=None, occasion=CheckOccasion.DAILY)
    (said,) = texts(people.merchant)
    assert "failed its last check" in said
    assert for_staff(people.merchant, in_order) == ""


def test_one_standing_by_is_told_of_too_and_presses_nobody(people: People, in_order: Credential, sandbox: Any) -> None:
    next_one = credential_of(people.merchant, in_order.base_url, is_active=False, client_secret="wrong")
    assert texts(people.merchant) == []
    check_connection(next_one, by=None, occasion=CheckOccasion.DAILY)
    ends_in(next_one, 3)
    (problem,) = problems_of([people.merchant])
    assert "standing by: It failed its last check. Its last day is" in problem.text
    assert (problem.credential, problem.is_pressing) == (next_one, False)


def test_one_out_of_use_is_nobodys_problem(people: People, in_order: Credential) -> None:
    retired = credential_of(people.merchant, in_order.base_url, is_active=False, retired_at=timezone.now())
    ends_in(retired, -3)
    assert texts(people.merchant) == []


def test_merchants_are_told_apart_in_the_same_two_queries(
    people: People, in_order: Credential, django_assert_num_queries: Any
) -> None:
    merchants = [people.merchant, people.other_merchant]
    with django_assert_num_queries(2):
        (problem,) = problems_of(merchants)
    assert (problem.merchant, problem.credential) == (people.other_merchant, None)
