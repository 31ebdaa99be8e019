"""One journey for every outcome, through the web server, the broker, a worker and the sandbox."""

import pytest

from tests.applications.journey.walking import another_birth_date
from tests.journeys.over_http import HttpWalker

pytestmark = pytest.mark.stack

# The account stays at the lender; here nobody remembers whose it is, as if another merchant had opened it.
FORGET = """
from applications.models import Application
Application.objects.update(person_key="", phone_person_key="", email_person_key="")
"""
QUEBEC = {"province": "QC", "language": "fr-CA", "postal_code": "h7a 0a1", "city": "Laval"}


@pytest.fixture(params=["portal", "portal_on_postgres"])
def running(request):
    """The portal as `make run` starts it, and the same on PostgreSQL."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def walker(running):
    walker = HttpWalker(running)
    walker.sign_in("associate")
    return walker


def applied(walker, **answers):
    """Walk, accept, submit, wait; the page of the outcome."""
    walker.walk(**answers)
    walker.accept()
    walker.submit()
    return walker.outcome()


@pytest.mark.parametrize(
    ("key", "heading"),
    [
        ("A-RR_L", "Approved"),
        ("P-CREDIT", "Under review at Flexiti"),
        ("P-EXIST_CUST", "Under review at Flexiti"),
        ("D-FRAUD", "Not approved"),
        ("D-MISSING_INFO", "Not approved"),
        ("D-NO_HIT", "Not approved"),
        ("D-EMAIL_DBL_TIMEOUT", "Flexiti gave no clear answer"),
    ],
)
def test_outcome_by_response_key(walker, running, key, heading):
    page = applied(walker, middle_name=key)
    assert f"<h1>{heading}</h1>" in " ".join(page.html.split())
    assert [count["received"] for count in running.sandbox.applies().values()] == [1]


@pytest.fixture
def held(walker, running):
    """The walker stands before an account that the lender opened for this person somewhere else."""
    born = another_birth_date()
    applied(walker, middle_name="A-RR_L", dob=born)
    running.python(FORGET)
    walker.id = None
    return applied(walker, middle_name="A-RR_L", dob=born)


def decide(walker, page, choice):
    walker.post(walker.url("held"), {"mark": page.hidden("mark"), "choice": choice})
    return walker.outcome()


def test_existing_customer_keeps_the_account(held, walker, running):
    assert "Flexiti may know this customer already" in held.text
    assert "The application was not sent" in decide(walker, held, "use_account").text
    assert [count["received"] for count in running.sandbox.applies().values()] == [1]


def test_existing_customer_turns_out_to_be_somebody_else(held, walker, running):
    decide(walker, held, "change_answers")
    walker.answer("identity", dob=another_birth_date(), middle_name="A-RR_L")
    walker.submit()
    assert "Approved" in walker.outcome().text
    assert [count["received"] for count in running.sandbox.applies().values()] == [1, 1]


def test_existing_customer_agrees_to_another_inquiry(held, walker, running):
    running.sandbox.control("PUT", "switches", {"duplicate_check": False})
    consent = walker.get(walker.url("held/send"))
    data = {"mark": consent.hidden("mark"), "agree": "on", "device_holder": "customer"}
    walker.post(walker.url("held/send"), data)
    assert "Approved" in walker.outcome().text


def test_same_person_at_our_own_counter_is_asked_about(walker, running):
    born = another_birth_date()
    applied(walker, middle_name="D-FRAUD", dob=born)
    walker.id = None
    walker.walk(middle_name="D-DUPLICATE", dob=born)
    walker.accept()
    page = walker.submit()
    assert "This customer has applied before" in page.text
    data = {"mark": page.hidden("mark"), "agree": "on", "device_holder": "customer"}
    walker.post(page.form_action("same-person"), data)
    assert "It may be a duplicate" in walker.outcome().text
    assert [count["received"] for count in running.sandbox.applies().values()] == [1, 1]


def test_outcome_unknown_when_the_connection_breaks(walker, running):
    running.sandbox.fail("apply", "reset_after")
    assert "Flexiti gave no clear answer" in applied(walker).text
    assert [count["received"] for count in running.sandbox.applies().values()] == [1]


def test_outcome_of_a_lost_approval_is_found_by_a_search(walker, running):
    running.sandbox.fail("apply", "reset_after")
    assert "Flexiti gave no clear answer" in applied(walker, middle_name="A-RR_L").text
    assert "Approved" in walker.until("Found by a search at Flexiti").text


def test_outcome_failed_is_sent_again_and_approved(walker, running):
    running.sandbox.fail("apply", "invalid_role")
    assert "The application was not processed" in applied(walker, middle_name="A-RR_L").text
    walker.post(walker.url("send-again"))
    assert "Approved" in walker.outcome().text


def test_correction_leads_back_and_goes_through(walker, running):
    running.sandbox.fail("apply", "wrong_inputs", field_errors=[{"param": "SIN", "msg": "wrong format"}])
    page = applied(walker, middle_name="A-RR_L")
    assert "A correction is needed" in page.text
    assert walker.url("income") + "#id_sin" in page.links
    assert walker.open("income").errors("sin")
    walker.answer("income", sin="130 692 544")
    walker.submit()
    assert "Approved" in walker.outcome().text


def test_quebec_customer_cancels(walker, running):
    page = applied(walker, middle_name="A-RR_L", **QUEBEC)
    assert "Debt ratio" in page.text
    assert "Cancel this account?" in walker.get(walker.url("cancel")).text
    walker.post(walker.url("cancel"))
    assert "The account is cancelled" in walker.outcome().text
    assert sum(call["path"].endswith("/close") for call in running.sandbox.requests()) == 1


def test_quebec_customer_keeps_the_account(walker):
    applied(walker, middle_name="A-RR_M", **QUEBEC)
    page = walker.post(walker.url("keep"))
    assert "Votre demande de crédit" in page.text


def test_submitting_twice_is_one_application(walker, running):
    walker.walk(middle_name="A-RR_L")
    walker.accept()
    check = walker.open("check")
    for _ in range(3):
        walker.client.last_html = check.html
        walker.post(walker.url("submit"), {"revision": check.hidden("revision")})
    walker.outcome()
    assert [count["received"] for count in running.sandbox.applies().values()] == [1]
