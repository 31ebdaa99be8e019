"""What the processes of the portal write: JSON lines with the ids of a flow, and nothing of the applicant."""

import json
import time
from typing import Any

import pytest
import requests

from tests.applications.journey.walking import another_birth_date
from tests.journeys.over_http import HttpWalker
from tests.stack.whole import RunningPortal

pytestmark = pytest.mark.stack

PROCESSES = ("web", "worker", "beat")
# Words and numbers that no code, id or time contains by chance.
CANARIES = {
    "first_name": "Zéphyrine",
    "last_name": "Quesnelbois",
    "email": "zq.canary@courriel.example",
    "phone_number": "8195550173",
    "address_1": "4417 Rue Xylophone",
    "city": "Wotton",
    "postal_code": "J0A 1N0",
    "govid_number": "QUES774400",
    "employer_name": "Vrombissement SA",
    "employer_phone": "8195550188",
    "occupation_title": "Funambule",
    "personal_income": "73119",
    "household_income": "91773",
    "sin": "046 454 286",
    "security_answer": "Kouign-amann",
    "piw": "Saperlipopette",
}
ALSO_AS = ("046454286", "046-454-286", "J0A1N0", "j0a1n0", "819 555", "819-555", "Z\\u00e9phyrine", "Quesnel")


def lines_of(running: RunningPortal) -> list[dict[str, Any]]:
    """Every line of every process, parsed."""
    return [json.loads(line) for name in PROCESSES for line in running.log(name).splitlines()]


def flow(running: RunningPortal, reference_id: str) -> list[dict[str, Any]]:
    """The lines that speak of this flow, whether in its field or anywhere else."""
    return [line for line in lines_of(running) if reference_id in json.dumps(line)]


def reference_of(running: RunningPortal, walker: HttpWalker) -> str:
    code = f"from applications.models import Application; print(Application.objects.get(pk='{walker.id}').reference_id)"
    return running.python(code).strip()


@pytest.fixture
def walker(portal: RunningPortal) -> HttpWalker:
    walker = HttpWalker(portal)
    walker.sign_in("associate")
    return walker


def apply(walker: HttpWalker, **changes: str) -> None:
    walker.walk(**{**CANARIES, **changes})
    walker.accept()
    walker.submit()
    walker.outcome()


def test_whole_flow_is_json_with_its_reference_and_without_the_applicant(portal, walker):
    born = another_birth_date()
    apply(walker, dob=born, middle_name="A-RR_L")
    reference = reference_of(portal, walker)
    found = flow(portal, reference)
    assert found
    assert all(line["reference_id"] == reference for line in found)
    assert {"request_finished", "apply", "customers/search"} <= {line["event"].partition(":")[0] for line in found}
    assert all(line["user_id"] for line in found if line["event"] == "request_finished")
    assert all({"timestamp", "level", "logger", "event"} <= set(line) for line in found)
    written = "".join(portal.log(name) for name in PROCESSES)
    assert not [value for value in (*CANARIES.values(), *ALSO_AS, born) if value.casefold() in written.casefold()]


def test_every_line_of_a_delivery_has_the_reference(portal, walker):
    apply(walker, middle_name="D-FRAUD")
    reference = reference_of(portal, walker)
    deadline = time.monotonic() + 10
    while not (task := {line.get("task_id") for line in flow(portal, reference)} - {None}):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    delivery = [line for line in lines_of(portal) if line.get("task_id") in task]
    assert delivery
    assert {line.get("reference_id") for line in delivery} == {reference}


def test_calls_for_no_application_have_a_reference_of_their_own(portal, walker):
    calls = [line for line in lines_of(portal) if line["logger"] == "posapi"]
    assert {"merchants/login", "i18n"} <= {line["event"].partition(":")[0] for line in calls}
    assert all(line["event"].endswith(line["reference_id"]) for line in calls)


def test_request_line_says_what_was_asked_by_whom_and_how_long_it_took(portal, walker):
    requests.get(f"{portal.url}/sign-in/?next=/Saperlipopette", timeout=10)
    walker.get("/")
    lines = [line for line in lines_of(portal) if line["event"] == "request_finished"]
    counter = next(line for line in reversed(lines) if line["path"] == "/" and line.get("user_id"))
    assert (counter["method"], counter["status"]) == ("GET", 200)
    assert 0 < counter["seconds"] < 10
    assert len(counter["request_id"]) == 36
    assert "ip" not in counter
    assert "Saperlipopette" not in portal.log("web")


def set_answers(running: RunningPortal, reference_id: str, to: str) -> None:
    """Damage the answers of an application, or mend them, behind the portal's back."""
    update = f"update applications_application set answers = {to} where reference_id = '{reference_id}'"
    running.python(f"from django.db import connection; connection.cursor().execute({update!r})")


def test_failing_page_is_logged_with_ids_and_without_the_value(portal, walker):
    walker.start()
    reference = reference_of(portal, walker)
    set_answers(portal, reference, "'v1.k9.Saperlipopette' || answers")
    answer = walker.client.session.get(portal.url + walker.url("identity"), timeout=10)
    set_answers(portal, reference, "replace(answers, 'v1.k9.Saperlipopette', '')")  # other tests see this row too
    assert answer.status_code == 500
    failed = [line for line in flow(portal, reference) if line["event"] == "request_failed"]
    assert [line["status"] for line in failed] == [500]
    assert "CannotOpen" in failed[0]["exception"]
    assert "Saperlipopette" not in portal.log("web")


def test_probes_that_go_well_leave_no_line(portal):
    requests.get(f"{portal.url}/healthz", timeout=10)
    assert not [line for line in lines_of(portal) if line.get("path") == "/healthz"]
