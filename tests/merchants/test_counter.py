"""Which counter a person stands at, and who is let through: owner, colleague, stranger."""

from typing import Any

import pytest
from django.test import Client
from kombu.exceptions import OperationalError

from merchants.counter import counter_of
from merchants.credentials.sessions import open_session
from merchants.models import Credential, Environment, Membership, Role, SessionOutcome
from merchants.selectors import (
    credential_problems,
    form_values,
    membership_of,
    merchants_administered_by,
    stores_for,
)
from tests.merchants.conftest import PASSWORD, People, credential_of, events, person, sign_in

NOWHERE = "http://127.0.0.1:9/flexiti/pos-api/v2.5"


def signed_in(client: Client, username: str) -> Client:
    sign_in(client, username)
    return client


@pytest.fixture
def floater(people: People) -> Any:
    return person("floater", people.merchant, Role.ASSOCIATE, people.toronto, people.laval)


def test_only_store_is_taken_without_asking(client: Client, people: People) -> None:
    page = signed_in(client, "owner").get("/")
    assert page.status_code == 200
    assert "Toronto – Queen Street" in page.content.decode()
    assert events("store_chosen") == []


def test_each_person_sees_their_own_store_and_merchant(client: Client, people: People) -> None:
    seen = {name: signed_in(Client(), name).get("/").content.decode() for name in ("owner", "colleague", "stranger")}
    assert "Toronto – Queen Street" in seen["owner"]
    assert "Laval" not in seen["owner"]
    assert "Laval – Carrefour" in seen["colleague"]
    assert "Maison Boréale" in seen["stranger"]
    assert "European" not in seen["stranger"]


def test_two_stores_are_asked_for_and_the_way_back_is_kept(client: Client, people: People, floater: Any) -> None:
    asked = signed_in(client, "floater").get("/somewhere/?draft=1")
    assert asked.headers["Location"] == "/stores/?next=%2Fsomewhere%2F%3Fdraft%3D1"
    page = client.get(asked.headers["Location"])
    assert "Where are you today?" in page.content.decode()
    done = client.post("/stores/", {"store": str(people.laval.pk), "next": "/somewhere/?draft=1"})
    assert done.headers["Location"] == "/somewhere/?draft=1"
    assert "Laval – Carrefour" in client.get("/").content.decode()
    (event,) = events("store_chosen")
    assert (event.subject_id, event.actor_id) == (str(people.laval.pk), str(floater.pk))


def test_store_page_speaks_french(client: Client, people: People, floater: Any) -> None:
    client.cookies["language"] = "fr"
    assert "Où êtes-vous aujourd’hui?" in signed_in(client, "floater").get("/stores/").content.decode()


@pytest.mark.parametrize("which", ["quebec", "nonsense"])
def test_store_of_somebody_else_cannot_be_chosen(client: Client, people: People, floater: Any, which: str) -> None:
    wanted = str(people.quebec.pk) if which == "quebec" else "nonsense"
    page = signed_in(client, "floater").post("/stores/", {"store": wanted})
    assert "Choose one of these stores." in page.content.decode()
    assert client.get("/").headers["Location"].startswith("/stores/")


def test_store_of_another_merchant_in_a_membership_never_counts(people: People) -> None:
    membership = people.owner.memberships.get()
    membership.stores.add(people.quebec)
    assert list(stores_for(membership)) == [people.toronto]


def test_store_taken_away_is_no_longer_the_counter(client: Client, people: People, floater: Any) -> None:
    signed_in(client, "floater").post("/stores/", {"store": str(people.laval.pk)})
    assert client.get("/").status_code == 200
    floater.memberships.get().stores.set([people.toronto])
    assert "Toronto – Queen Street" in client.get("/").content.decode()
    people.toronto.is_active = False
    people.toronto.save()
    assert client.get("/").status_code == 403


def test_next_never_leads_to_another_host(client: Client, people: People, floater: Any) -> None:
    signed_in(client, "floater")
    for wanted in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = client.post("/stores/", {"store": str(people.laval.pk), "next": wanted})
        assert answer.headers["Location"] == "/"


def test_choosing_a_store_never_leads_back_to_choosing(client: Client, people: People, floater: Any) -> None:
    signed_in(client, "floater")
    page = client.get("/stores/", headers={"referer": "http://testserver/stores/?next=%2Fsomewhere%2F"})
    assert page.context["next"] == "/"


def test_nobody_is_sent_to_sign_in_and_comes_back(client: Client, people: People) -> None:
    asked = client.get("/somewhere/?draft=1")
    assert asked.headers["Location"] == "/sign-in/?next=%2Fsomewhere%2F%3Fdraft%3D1"
    answer = client.post(asked.headers["Location"], {"login": "owner", "password": PASSWORD})
    assert answer.headers["Location"] == "/somewhere/?draft=1"


def test_post_after_the_session_ended_comes_back_to_the_page_it_was_made_on(client: Client, people: People) -> None:
    answer = client.post("/somewhere/", headers={"referer": "http://testserver/somewhere/?draft=1"})
    assert answer.headers["Location"] == "/sign-in/?next=%2Fsomewhere%2F%3Fdraft%3D1"


def test_fragment_is_never_filled_with_the_sign_in_page(client: Client, people: People) -> None:
    answer = client.get("/somewhere/", headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"].startswith("/sign-in/")


def test_administrator_is_refused_at_the_counter_and_shown_the_console(client: Client, people: People) -> None:
    page = signed_in(client, "administrator").get("/")
    assert page.status_code == 403
    assert "/console/" in page.content.decode()


def test_person_of_no_merchant_is_refused(client: Client, people: People) -> None:
    Membership.objects.filter(user=people.owner).delete()
    page = signed_in(client, "owner").get("/")
    assert page.status_code == 403
    assert "belongs to no merchant" in page.content.decode()


def test_membership_at_the_counter_comes_before_administration(people: People) -> None:
    Membership.objects.create(user=people.administrator, merchant=people.other_merchant, role=Role.MANAGER)
    membership = membership_of(people.administrator)
    assert membership
    assert membership.merchant == people.other_merchant


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (SessionOutcome.NEVER, "has not been tried yet"),
        (SessionOutcome.REFUSED, "does not accept"),
        (SessionOutcome.UNREACHABLE, "is not answering"),
        (SessionOutcome.UNREADABLE, "cannot read"),
    ],
)
def test_alert_says_what_is_wrong_and_whom_to_tell(people: People, outcome: SessionOutcome, words: str) -> None:
    credential_of(people.merchant, NOWHERE, session_outcome=outcome)
    alert = counter_of(people.owner.memberships.get(), chosen_store=None).credential_alert
    assert words in alert
    assert "Priya Nair, 416-555-0142" in alert


def test_no_credential_is_an_alert_too(people: People) -> None:
    counter = counter_of(people.owner.memberships.get(), chosen_store=None)
    assert "No connection to Flexiti has been set up" in counter.credential_alert
    assert counter.environment_label == ""


def test_open_session_brings_no_alert_and_the_lenders_name(people: People) -> None:
    credential_of(people.merchant, NOWHERE, session_outcome=SessionOutcome.OPEN, merchant_name="E. R. Ltd.")
    counter = counter_of(people.owner.memberships.get(), chosen_store=None)
    assert (counter.credential_alert, counter.merchant_name) == ("", "E. R. Ltd.")
    assert (counter.environment_label, counter.is_demonstration) == ("Sandbox", True)


def test_production_is_no_demonstration(people: People) -> None:
    credential_of(people.merchant, NOWHERE, environment=Environment.PRODUCTION)
    assert not counter_of(people.owner.memberships.get(), chosen_store=None).is_demonstration


def test_administrator_is_told_more_and_only_of_their_merchants(people: People) -> None:
    credential_of(people.merchant, NOWHERE, session_outcome=SessionOutcome.REFUSED, session_error_code="invalid_client")
    (problem,) = credential_problems(people.administrator)
    assert problem.merchant == people.merchant
    assert "Sandbox" in problem.text
    (other,) = credential_problems(people.other_administrator)
    assert other.credential is None
    assert "Maison Boréale" in other.text
    assert credential_problems(people.owner) == []


def test_alert_of_an_administrator_has_the_code_and_the_reference(people: People, credential: Credential) -> None:
    credential.client_secret = "wrong"
    credential.save()
    open_session(credential, by=None)
    (problem,) = credential_problems(people.administrator)
    assert "invalid_client" in problem.text
    assert credential.session_reference_id in problem.text


def test_superuser_administers_every_merchant(people: People) -> None:
    people.owner.is_superuser = True
    assert merchants_administered_by(people.owner).count() == 2


def test_options_never_fetched_are_none_and_asked_for_once(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    credential = credential_of(people.merchant, NOWHERE)
    asked = _asked_for(monkeypatch)
    assert form_values(credential, "en") is None
    assert form_values(credential, "fr") is None
    assert asked == [(str(credential.pk),)]


def test_fresh_options_ask_for_nothing(credential: Credential, monkeypatch: pytest.MonkeyPatch) -> None:
    open_session(credential, by=None)
    asked = _asked_for(monkeypatch)
    assert form_values(credential, "en")
    assert asked == []


def test_stale_options_are_given_while_new_ones_are_asked_for(
    credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_session(credential, by=None)
    for answer in credential.i18n_answers.all():
        answer.fetched_at = answer.fetched_at.replace(year=2020)
        answer.save()
    asked = _asked_for(monkeypatch)
    assert form_values(credential, "en")
    assert asked == [(str(credential.pk),)]


def test_options_are_given_while_the_broker_is_down(
    people: People, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("merchants.tasks.refresh_session.apply_async", broken)
    assert form_values(credential_of(people.merchant, NOWHERE), "en") is None
    assert "Could not ask" in caplog.text


def _asked_for(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr("merchants.tasks.refresh_session.apply_async", lambda args, **_options: asked.append(args))
    return asked
