import threading

import pytest
from django.db import connection, transaction

from applications.monitoring import tallies
from applications.monitoring.models import Tally


@pytest.mark.django_db
def test_counts_add_up_over_all_shards():
    for seconds in (0.2, 1.5, 1.5, 100_000):
        tallies.count_answer("approved", seconds)
    tallies.count_answer("declined", 3)
    found = tallies.observed(tallies.ANSWERED)
    approved = found["approved", ""]
    assert approved.count == 4
    assert approved.seconds == pytest.approx(100_003.2)
    assert (approved.buckets[0], approved.buckets[2], approved.buckets[-1]) == (1, 2, 1)
    assert found["declined", ""].count == 1


@pytest.mark.django_db
def test_bound_belongs_to_its_own_bucket():
    tallies.count_answer("approved", tallies.BOUNDS[3])
    assert tallies.observed(tallies.ANSWERED)["approved", ""].buckets[3] == 1


@pytest.mark.django_db
def test_clock_that_goes_backwards_counts_as_no_time():
    tallies.count_answer("approved", -5)
    assert tallies.observed(tallies.ANSWERED)["approved", ""].seconds == 0


@pytest.mark.django_db
def test_settlements_are_apart_from_answers():
    tallies.count_settlement("approved", "search", 60)
    assert not tallies.observed(tallies.ANSWERED)
    assert tallies.observed(tallies.SETTLED)["approved", "search"].count == 1


@pytest.mark.django_db
def test_what_is_rolled_back_is_not_counted():
    with transaction.atomic():
        tallies.count_answer("approved", 1)
        transaction.set_rollback(True)
    assert not Tally.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_all_counted():
    def count() -> None:
        for _ in range(20):
            with transaction.atomic():
                tallies.count_answer("approved", 1)
        connection.close()

    threads = [threading.Thread(target=count) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tallies.observed(tallies.ANSWERED)["approved", ""].count == 200
