"""One worker has a row, whoever dies with it only delays it, and nobody waits for anybody else's row."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from applications.models import Application, SubmissionAttempt
from applications.statuses import Status
from applications.submission.claims import ClaimLost, begin_sending, claim_next
from applications.submission.same_person import PersonUnderWay
from applications.submission.sealing import submit
from merchants.models import User
from tests.applications.people import another_person


@pytest.fixture
def in_line(ready, associate):
    """`in_line(3)`: so many submitted applications of different people, the first submitted first."""

    def make(count):
        attempts = []
        for number in range(count):
            application = ready(**another_person(number))
            attempts.append(submit(application, by=associate, revision=application.revision))
        return attempts

    return make


def age(attempts, **columns):
    SubmissionAttempt.objects.filter(pk__in=[attempt.pk for attempt in attempts]).update(**columns)


def test_claim_takes_the_oldest_first_and_each_once(in_line):
    first, second = in_line(2)
    assert [claim_next(), claim_next(), claim_next()] == [first, second, None]


def test_claim_serves_the_counter_before_those_who_agreed_to_wait(in_line):
    waiting, standing = in_line(2)
    age([waiting], waits_since=timezone.now())
    assert [claim_next(), claim_next()] == [standing, waiting]


def test_claim_changes_no_status_until_it_is_sent(in_line):
    in_line(1)
    attempt = claim_next()
    assert Application.objects.get().status == Status.QUEUED
    begin_sending(attempt)
    assert Application.objects.get().status == Status.SENDING


def test_claim_of_a_worker_that_died_before_sending_may_be_taken_again(in_line):
    in_line(1)
    dead = claim_next()
    assert claim_next() is None
    age([dead], lease_until=timezone.now() - timedelta(seconds=1))
    alive = claim_next()
    with pytest.raises(ClaimLost):
        begin_sending(dead)
    begin_sending(alive)


def test_claim_never_takes_what_is_being_sent_even_when_its_lease_ended(in_line):
    in_line(1)
    attempt = claim_next()
    begin_sending(attempt)
    age([attempt], lease_until=timezone.now() - timedelta(hours=1))
    assert claim_next() is None


def test_begin_sending_twice_is_refused(in_line):
    in_line(1)
    attempt = claim_next()
    begin_sending(attempt)
    with pytest.raises(ClaimLost):
        begin_sending(attempt)


def test_begin_sending_of_a_closed_attempt_is_refused(in_line):
    in_line(1)
    attempt = claim_next()
    age([attempt], closed_at=timezone.now())
    with pytest.raises(ClaimLost):
        begin_sending(attempt)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_workers_take_forty_rows_once_each(in_line):
    expected = {attempt.pk for attempt in in_line(40)}
    taken, problems, start = [], [], threading.Barrier(20)

    def work():
        try:
            start.wait()
            while attempt := claim_next():
                begin_sending(attempt)
                taken.append(attempt.pk)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert problems == []
    assert (len(taken), set(taken)) == (40, expected)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_claim_skips_a_row_that_another_worker_is_just_taking(in_line):
    first, second = in_line(2)
    locked, done = threading.Event(), threading.Event()

    def hold():
        try:
            with connection.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT 1 FROM applications_submissionattempt WHERE id = %s FOR UPDATE", [first.pk])
                locked.set()
                done.wait(20)
                cursor.execute("ROLLBACK")
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert locked.wait(20)
        assert claim_next() == second
    finally:
        done.set()
        holder.join()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_of_two_devices_gets_the_person(ready):
    """The database decides: two drafts of one person, submitted at the same moment."""
    drafts = [ready(), ready()]
    outcomes, start = [], threading.Barrier(2)

    def click(application):
        try:
            start.wait()
            submit(application, by=User.objects.get(pk=application.created_by_id), revision=application.revision)
            outcomes.append("queued")
        except Exception as problem:
            outcomes.append(type(problem).__name__)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click, args=[draft]) for draft in drafts]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert sorted(outcomes) == ["PersonUnderWay", "queued"]
    assert SubmissionAttempt.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_second_device_waits_for_a_person_whom_the_database_cannot_tell(ready, associate):
    """Another name with the same birth date and phone: no constraint, so the second waits until the first is sealed."""
    first, second = ready(), ready(last_name="Brien")
    sealed, tried = threading.Event(), threading.Event()

    def seal_slowly():
        try:
            with transaction.atomic():
                submit(first, by=associate, revision=first.revision)
                sealed.set()
                tried.wait(1)
        finally:
            connection.close()

    slow = threading.Thread(target=seal_slowly)
    slow.start()
    try:
        assert sealed.wait(20)
        with pytest.raises(PersonUnderWay):
            submit(second, by=associate, revision=second.revision)
    finally:
        tried.set()
        slow.join()
    assert SubmissionAttempt.objects.count() == 1
