"""One value in full: with a reason, after a recent sign-in, once, and on the record."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from applications.answers import SENSITIVE_FIELDS
from applications.review.answers_shown import REVEALABLE
from applications.review.models import Reveal
from audit.events import timeline
from audit.names import EventName
from merchants.models import Role
from tests.applications.journey.conftest import person, signed_in
from tests.factories import StoreFactory
from tests.merchants.conftest import PASSWORD
from tests.merchants.signed_in import signed_in_long_ago

NUMBER = re.compile(r"416\D{1,3}555\D?0142")
WHY = "The customer says we called a wrong number"


@pytest.fixture
def manager_client(manager, client):
    """Signed in by password just now."""
    manager.set_password(PASSWORD)
    manager.save()
    client.post(reverse("account_login"), {"login": manager.username, "password": PASSWORD})
    return client


def address(application, field="phone_number"):
    return reverse("review_reveal", args=[application.pk, field])


def html_of(answer):
    return " ".join(answer.content.decode().split())


def test_value_is_shown_after_a_reason_and_kept_nowhere(manager_client, manager, ready):
    application = ready()
    asked = manager_client.get(address(application))
    assert not NUMBER.search(html_of(asked))
    answer = manager_client.post(address(application), {"reason": WHY})
    assert NUMBER.search(html_of(answer))
    assert answer.headers["Cache-Control"] == "no-store"
    kept = Reveal.objects.get()
    assert (kept.field, kept.reason, kept.revealed_to) == ("phone_number", WHY, manager)
    event = timeline(application).get(name=EventName.REVEALED)
    assert (event.detail, event.actor_id) == ({"field": "phone_number"}, str(manager.pk))


def test_reason_is_sealed_in_the_database(manager_client, ready):
    manager_client.post(address(ready()), {"reason": WHY})
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM review_reveal")
        assert WHY not in str(cursor.fetchall())


def test_no_reason_shows_nothing(manager_client, ready):
    answer = manager_client.post(address(ready()), {"reason": "  "})
    assert answer.status_code == 422
    assert "Write down why you need it." in html_of(answer)
    assert not NUMBER.search(html_of(answer))
    assert not Reveal.objects.exists()


def test_old_sign_in_is_asked_for_again_first(manager_client, ready):
    signed_in_long_ago(manager_client)
    answer = manager_client.get(address(ready()))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_late_post_shows_nothing_and_keeps_the_reason(manager_client, ready):
    application = ready()
    signed_in_long_ago(manager_client)
    answer = manager_client.post(address(application), {"reason": WHY})
    assert answer.status_code == 403
    assert WHY in html_of(answer)
    assert "Sign in again first" in html_of(answer)
    assert not NUMBER.search(html_of(answer))
    assert not Reveal.objects.exists()


def test_account_number_is_revealed_from_the_decision(manager_client, decided):
    application = decided(middle_name="A-RR_L")
    answer = manager_client.post(address(application, "account_number"), {"reason": WHY})
    assert application.latest_attempt.answer["account_number"] in html_of(answer)


@pytest.mark.parametrize("field", [*sorted(SENSITIVE_FIELDS), "vcc_number", "card_number", "first_name", "nonsense"])
def test_nothing_else_can_be_revealed(manager_client, ready, field):
    application = ready()
    assert manager_client.get(address(application, field)).status_code == 404
    assert manager_client.post(address(application, field), {"reason": WHY}).status_code == 404
    assert not Reveal.objects.exists()


def test_whitelist_holds_nothing_that_must_not_stay():
    assert not REVEALABLE & SENSITIVE_FIELDS


def test_what_was_not_answered_has_nothing_to_reveal(manager_client, ready):
    assert manager_client.get(address(ready(), "address_2")).status_code == 404


def test_associates_and_strangers_reveal_nothing(ready, associate, store):
    application = ready()
    assert signed_in(associate).post(address(application), {"reason": WHY}).status_code == 403
    for elsewhere in (StoreFactory(merchant=store.merchant), StoreFactory()):
        stranger = signed_in(person(f"manager of {elsewhere}", elsewhere, Role.MANAGER))
        assert stranger.post(address(application), {"reason": WHY}).status_code == 404
    assert not Reveal.objects.exists()


def test_money_and_dates_are_shown_as_people_write_them(manager_client, ready):
    application = ready()
    assert "$52,000.00" in html_of(manager_client.post(address(application, "personal_income"), {"reason": WHY}))
    assert "April 9, 1988" in html_of(manager_client.post(address(application, "dob"), {"reason": WHY}))
