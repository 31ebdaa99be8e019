"""The form of a line, whichever library wrote it."""

import json
import logging
import sys
from typing import Any

import pytest
import structlog
from django.core.exceptions import ImproperlyConfigured

from flexiti_portal import logs


def written(name: str, message: str, *values: Any, form: str = logs.JSON, **more: Any) -> str:
    """The line that a library's record becomes."""
    chosen = {**logs.configuration(form, "INFO")["formatters"]["portal"]}
    formatter = chosen.pop("()")(**chosen)
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, values, None)
    record.__dict__.update(more)
    return formatter.format(record)


def failure(error: Exception) -> Any:
    try:
        raise error
    except type(error):
        return sys.exc_info()


def test_line_of_a_library_is_one_json_object_with_the_ids_of_the_flow():
    with structlog.contextvars.bound_contextvars(reference_id="0" * 32):
        line = json.loads(written("some.library", "It took %d s\nin two lines", 3))
    assert line["event"] == "It took 3 s\nin two lines"
    assert (line["reference_id"], line["level"], line["logger"]) == ("0" * 32, "error", "some.library")
    assert line["timestamp"].endswith("Z")


def test_failed_task_is_told_without_what_celery_repeats_of_it():
    data = {"name": "deliver_next", "id": "7", "description": "raised unexpected", "exc": "KeyError('046454286')"}
    message = "Task %(name)s[%(id)s] %(description)s: %(exc)s"
    line = written("celery.app.trace", message, data, data=data, exc_info=failure(KeyError("046" + "454286")))
    assert json.loads(line)["event"] == "Task deliver_next[7] raised unexpected"
    assert "046454286" not in line


def test_refused_request_is_told_without_what_it_held():
    line = written("django.security.DisallowedHost", "Invalid: 'Tremblay'", exc_info=failure(ValueError("Tremblay")))
    assert {"event": "Refused: DisallowedHost", "level": "warning"}.items() <= json.loads(line).items()
    assert "Tremblay" not in line


def test_other_fields_that_a_library_adds_are_left_out():
    line = json.loads(written("some.library", "hello", request={"sin": "046454286"}, reference_id="1" * 32))
    assert set(line) == {"event", "level", "logger", "timestamp", "reference_id"}


def test_lines_for_a_person_have_the_same_without_being_json():
    line = written("some.library", "hello", form=logs.LINES)
    assert "hello" in line
    assert not line.startswith("{")


@pytest.mark.parametrize(("task", "level", "is_kept"), [("sweep", 20, False), ("sweep", 40, True), ("look", 20, True)])
def test_routine_that_goes_well_leaves_no_line(task, level, is_kept):
    record = logging.makeLogRecord({"levelno": level, "data": {"name": f"applications.submission.tasks.{task}"}})
    assert logs.Routine().filter(record) is is_kept


def test_form_that_does_not_exist_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT is 'xml'"):
        logs.configuration("xml", "INFO")
