"""Folding changes nothing that anybody reads, whoever else folds, writes or is killed at the moment."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from applications.drafting import expire
from applications.models import Application
from applications.moves import move
from applications.statistics import folding
from applications.statistics.checking import differences, figures
from applications.statistics.models import Change, Measure, Total
from applications.statistics.reading import Selection, count
from applications.statuses import Status
from audit.names import EventName
from tests.factories import ApplicationFactory, CredentialFactory, StoreFactory, UserFactory


def change(store, count=1, **changes):
    given = {"measure": Measure.STATUS, "key": "draft", "day": date(2026, 11, 20)}
    return Change.objects.create(store=store, count=count, **{**given, **changes})


@pytest.mark.django_db
def test_fold_leaves_the_figures_and_no_changes():
    store = StoreFactory()
    for day in (date(2026, 11, 20), date(2026, 11, 20), date(2026, 11, 1), date(2026, 10, 31)):
        change(store, day=day)
    before = figures(store)
    assert folding.fold() == 4
    assert figures(store) == before
    assert not Change.objects.exists()
    months = Total.objects.filter(is_month=True).order_by("day")
    assert list(months.values_list("day", "count")) == [(date(2026, 10, 1), 1), (date(2026, 11, 1), 3)]


@pytest.mark.django_db
def test_total_that_comes_to_nothing_goes():
    store = StoreFactory()
    change(store)
    folding.fold()
    change(store, -1)
    change(store, 1, key="queued")
    folding.fold()
    assert set(Total.objects.values_list("key", "count")) == {("queued", 1)}


@pytest.mark.django_db
def test_fold_is_bounded_and_goes_on_the_next_time():
    store = StoreFactory()
    for _ in range(7):
        change(store)
    assert folding.fold(batch=2, most_batches=2) == 4
    assert folding.fold(batch=2) == 3
    assert Total.objects.get(is_month=False).count == 7


@pytest.mark.django_db
def test_fold_that_is_killed_has_done_nothing(monkeypatch):
    store = StoreFactory()
    change(store)

    def die(_sums):
        raise SystemExit

    monkeypatch.setattr(folding, "add_to_totals", die)
    with pytest.raises(SystemExit):
        folding.fold()
    assert (Change.objects.count(), Total.objects.count()) == (1, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_writers_folders_and_readers_at_once_agree_with_a_full_scan():
    """Readers never see an application that is begun or gone for a moment, and in the end the scan says the same."""
    store = StoreFactory()
    credential, people = CredentialFactory(merchant=store.merchant), [UserFactory() for _ in range(2)]
    day, each = date(2026, 11, 20), 8
    selection = Selection([store.pk], date(2026, 11, 1), day, day)
    standing, wrong, done = each * len(people), [], threading.Event()
    drafts = [
        ApplicationFactory(store=store, credential=credential, created_by=person, day=day)
        for person in people
        for _ in range(each)
    ]
    for draft in drafts:
        change(store, associate=draft.created_by_id, language=draft.language)

    def write(mine):
        for draft in mine:
            for step in (Status.QUEUED, Status.FAILED):
                with transaction.atomic():
                    locked = Application.objects.select_for_update().get(pk=draft.pk)
                    move(locked, step, by=None, event=EventName.SUBMITTED)
            expire(Application.objects.get(pk=draft.pk))

    def fold():
        while not done.is_set():
            folding.fold(batch=5)

    def read():
        while not done.is_set():
            found = sum(count(selection, [Measure.STATUS]).values())
            if found != standing:
                wrong.append(found)

    writers = [_thread(write, drafts[n :: len(people)], wrong=wrong) for n in range(len(people))]
    others = [_thread(work, wrong=wrong) for work in (fold, fold, read)]
    for thread in writers:
        thread.join()
    done.set()
    for thread in others:
        thread.join()
    assert not wrong
    folding.fold()
    assert not differences()
    by_key = {key: number for (_measure, key), number in count(selection, [Measure.STATUS], "key").items()}
    assert by_key == {"expired": standing}


def _thread(work, *given, wrong):
    """Run it beside the others; what it raises is found with what is wrong."""

    def run():
        try:
            work(*given)
        except BaseException as problem:
            wrong.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
