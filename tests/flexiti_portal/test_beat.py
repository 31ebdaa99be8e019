"""Beat starts whatever a process that was killed left of its file."""

import dbm

import pytest
from kombu.utils.imports import symbol_by_name

from flexiti_portal.beat import Scheduler
from flexiti_portal.celery import app


def scheduled(file):
    return Scheduler(app, schedule_filename=str(file))


@pytest.mark.parametrize("key", [b"tz", b"entries", b"__version__"])
def test_damaged_schedule_begins_anew(tmp_path, key):
    file = tmp_path / "schedule"
    scheduled(file).close()
    with dbm.open(str(file), "w") as values:
        values[key] = b"\0\0\0"
    again = scheduled(file)
    assert "sweep-submissions" in again.schedule
    again.close()


def test_file_that_is_no_schedule_begins_anew(tmp_path):
    file = tmp_path / "schedule"
    file.write_bytes(b"\0" * 4096)
    assert "sweep-submissions" in scheduled(file).schedule


def test_workers_use_it(settings):
    assert symbol_by_name(settings.CELERY_BEAT_SCHEDULER) is Scheduler
