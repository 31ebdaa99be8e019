"""The command that compares the figures with everything there is, and rebuilds them."""

from datetime import date

import pytest
from django.core.management import call_command

from applications.statistics import folding
from applications.statistics.checking import differences
from applications.statistics.models import Change, Total
from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit
from tests.factories import StoreFactory


@pytest.fixture
def lived(answered, begin, associate):
    """An approved application and a draft."""
    application = answered()
    submit(application, by=associate, revision=application.revision)
    deliver_next()
    begin()


def checked(capsys, **options):
    call_command("check_statistics", **options)
    return capsys.readouterr().out


def test_nothing_is_wrong_with_what_the_portal_counted(lived, capsys):
    assert checked(capsys) == "Every figure is what the scan finds.\n"
    folding.fold()
    assert checked(capsys) == "Every figure is what the scan finds.\n"


def test_difference_is_named_and_ends_with_1(lived, store, associate, capsys):
    Change.objects.filter(key="approved").delete()
    with pytest.raises(SystemExit) as ended:
        checked(capsys)
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert f"store={store.pk} status approved associate={associate.pk} language=en-CA" in said
    assert "2 figures differ." in said


def test_rebuild_makes_the_figures_of_what_was_there_before_they_were_counted(lived, capsys):
    Change.objects.all().delete()
    assert "figures corrected" in checked(capsys, rebuild=True)
    assert not differences()
    folding.fold()
    assert not differences()


def test_rebuild_takes_away_what_is_too_much(lived, store, capsys):
    folding.fold()
    total = Total.objects.filter(is_month=True, key="approved").get()
    Total.objects.filter(pk=total.pk).update(count=7)
    checked(capsys, rebuild=True)
    total.refresh_from_db()
    assert total.count == 1


def test_every_store_is_compared(lived, capsys):
    elsewhere = StoreFactory()
    Change.objects.create(store=elsewhere, measure="status", day=date(2026, 11, 20), key="draft", count=2)
    checked(capsys, rebuild=True)
    assert not differences()
    folding.fold()
    assert not Total.objects.filter(store=elsewhere).exists()
