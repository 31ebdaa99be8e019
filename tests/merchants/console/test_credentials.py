"""A merchant's credentials in the console: added, tested, switched, given up, and never shown."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Event
from merchants.credentials import rotation
from merchants.credentials.connection import check_connection
from merchants.models import Credential, CredentialCheck, SessionOutcome
from tests.applications.journey.walking import Page
from tests.merchants.conftest import People, credential_of, events, sign_in
from tests.merchants.signed_in import signed_in_long_ago

NOWHERE = "http://127.0.0.1:9/flexiti/pos-api/v2.5"
SECOND = {"client_id": "second-key", "client_secret": "another-secret-of-this-merchant"}
NO_SIGN_IN = {"merchant_username": "", "merchant_password": None}


@pytest.fixture
def standing_by(people: People, credential: Credential, sandbox: Any) -> Credential:
    """A second key of the owner's merchant beside the one in use; the lender knows both."""
    sandbox.control("PUT", "keys", {**SECOND, "of": credential.client_id})
    return credential_of(people.merchant, credential.base_url, is_active=False, **NO_SIGN_IN, **SECOND)


@pytest.fixture
def tested(standing_by: Credential, people: People) -> Credential:
    check_connection(standing_by, by=people.administrator)
    return standing_by


def url_of(credential: Credential, part: str = "") -> str:
    return f"/console/merchants/{credential.merchant_id}/credentials/{credential.pk}/{part}"


def list_of(people: People, part: str = "") -> str:
    return f"/console/merchants/{people.merchant.pk}/credentials/{part}"


def page_of(answer: Any, status: int = 200) -> Page:
    assert answer.status_code == status
    return Page(answer)


def typed(**changes: str) -> dict[str, str]:
    values = {"environment": "sandbox", "base_url": NOWHERE, "client_id": "new-client", "merchant_username": ""}
    return {**values, "new_client_secret": "typed-secret-1", "new_merchant_password": "", **changes}


def kept(credential: Credential, **changes: str) -> dict[str, str]:
    names = ("environment", "base_url", "client_id", "merchant_username")
    values = {name: str(getattr(credential, name)) for name in names}
    return {**values, "new_client_secret": "", "new_merchant_password": "", **changes}


def again(credential: Credential) -> Credential:
    return Credential.objects.get(pk=credential.pk)


# The list


def test_list_groups_by_environment_and_says_where_each_stands(
    console: Client, people: People, credential: Credential, standing_by: Credential
) -> None:
    credential_of(people.merchant, NOWHERE, is_active=False, environment="training", client_id="in-training")
    retired = credential_of(people.merchant, NOWHERE, is_active=False, retired_at=timezone.now(), client_id="retired")
    rotation.erase(credential_of(people.merchant, NOWHERE, is_active=False, client_id="erased"))
    text = page_of(console.get(list_of(people))).text
    order = ["Sandbox", "flexitidemo", "second-key", retired.client_id, "erased", "Training", "in-training"]
    assert [word for word in order if word in text] == order
    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)
    for words in ("In use", "Standing by", "Replaced, kept", "Secrets erased", "Never checked"):
        assert words in text


def test_merchant_without_a_credential_reads_where_one_comes_from(console: Client, people: People) -> None:
    assert "No credential yet" in page_of(console.get(list_of(people))).text


def test_list_shows_the_last_check_and_the_end(
    console: Client, people: People, credential: Credential, standing_by: Credential, sandbox: Any
) -> None:
    check_connection(credential, by=people.administrator)
    sandbox.fail("token", "invalid_client")
    check_connection(credential, by=people.administrator)
    Credential.objects.filter(pk=credential.pk).update(valid_until=timezone.localdate() + timedelta(days=3))
    text = page_of(console.get(list_of(people))).text
    assert "Failed" in text
    assert "Passed" not in text


# Whose


def test_credential_of_another_merchant_is_not_there(console: Client, people: People, credential: Credential) -> None:
    theirs = credential_of(people.other_merchant, NOWHERE)
    for part in ("", "edit/", "validity/", "switch/", "retire/"):
        assert console.get(url_of(theirs, part)).status_code == 404
        own_merchant = url_of(theirs, part).replace(str(theirs.merchant_id), str(people.merchant.pk))
        assert console.get(own_merchant).status_code == 404
    for part in ("test/", "switch/", "retire/", "edit/"):
        assert console.post(url_of(theirs, part), kept(theirs)).status_code == 404
    assert not CredentialCheck.objects.exists()


@pytest.mark.parametrize("who", ["owner", "stranger", "other-administrator"])
def test_others_are_refused(client: Client, people: People, credential: Credential, who: str) -> None:
    sign_in(client, who)
    for path in (list_of(people), url_of(credential), url_of(credential, "switch/")):
        assert client.get(path).status_code in (403, 404)


@pytest.mark.parametrize("part", ["edit/", "validity/", "switch/", "retire/"])
def test_keys_are_changed_after_signing_in_again(
    console: Client, people: People, tested: Credential, part: str
) -> None:
    signed_in_long_ago(console)
    for answer in (console.get(url_of(tested, part)), console.post(url_of(tested, part), kept(tested))):
        assert answer.headers["Location"].startswith("/account/again/")
    assert console.get(url_of(tested, part)).headers["Location"].endswith(urlencode({"next": url_of(tested, part)}))
    assert console.get(list_of(people, "add/")).status_code == 302
    assert again(tested).standing == "standing_by"


# Adding


def test_credential_is_added_beside_the_one_in_use(console: Client, people: People, credential: Credential) -> None:
    answer = console.post(list_of(people, "add/"), typed(valid_until="2031-01-31"))
    new = Credential.objects.get(client_id="new-client")
    assert answer.headers["Location"] == url_of(new)
    assert (new.client_secret, new.standing, str(new.valid_until)) == ("typed-secret-1", "standing_by", "2031-01-31")
    assert again(credential).is_active
    assert events("credential_created")[0].actor_id == str(people.administrator.pk)


def test_address_of_the_vendor_is_filled_in(console: Client, people: People) -> None:
    console.post(list_of(people, "add/"), typed(environment="training", base_url=""))
    assert Credential.objects.get().base_url == "https://posapi-training.flexiti.fi/flexiti/pos-api/v2.5"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"new_client_secret": ""}, "Enter the client secret"),
        ({"client_id": ""}, "Enter the client id"),
        ({"base_url": ""}, "has no address of its own"),
        ({"base_url": "http://posapi.example/flexiti/pos-api/v2.5"}, "It must start with https"),
        ({"base_url": "https://posapi.example/v2.5"}, "ending in /flexiti/pos-api/v2.5"),
        ({"base_url": "https://listening.example/flexiti/pos-api/v2.5"}, "Credentials are sent to Flexiti only"),
        ({"base_url": "https://10.0.0.7/flexiti/pos-api/v2.5"}, "Credentials are sent to Flexiti only"),
        ({"base_url": "https://posapi.flexiti.fi/flexiti/pos-api/v2.5"}, "belongs to the environment “Production”"),
        ({"valid_until": "tomorrow"}, "Enter a day such as"),
    ],
)
def test_credential_that_cannot_work_is_not_added(
    console: Client, people: People, changes: dict[str, str], words: str
) -> None:
    answer = console.post(list_of(people, "add/"), typed(**changes))
    assert words in page_of(answer, 422).text
    assert not Credential.objects.exists()


def test_this_machine_is_refused_outside_a_demonstration(console: Client, people: People, settings: Any) -> None:
    settings.DEMONSTRATION = False
    answer = console.post(list_of(people, "add/"), typed(), headers={"Accept-Language": "fr"})
    assert "sont envoyées à Flexiti seulement" in page_of(answer, 422).text
    settings.POSAPI_HOSTS = ["gateway.example:8443"]
    allowed = typed(base_url="https://gateway.example:8443/flexiti/pos-api/v2.5")
    assert console.post(list_of(people, "add/"), allowed).status_code == 302


def test_production_credential_is_refused_while_debug_is_on(console: Client, people: People, settings: Any) -> None:
    data = typed(environment="production", base_url="")
    settings.DEBUG = True
    assert "refused while DEBUG is on" in page_of(console.post(list_of(people, "add/"), data), 422).text
    settings.DEBUG = False
    console.post(list_of(people, "add/"), data)
    assert Credential.objects.get().environment == "production"


# Secrets


def test_secrets_are_on_no_page(console: Client, people: People, credential: Credential, tested: Credential) -> None:
    wrong = kept(tested, base_url="http://elsewhere/", new_client_secret="typed-secret-1")
    answers = [
        console.get(list_of(people)),
        console.get(list_of(people, "add/")),
        console.post(list_of(people, "add/"), typed(client_id="")),
        *(console.get(url_of(tested, part)) for part in ("", "edit/", "validity/", "switch/", "retire/")),
        console.post(url_of(tested, "edit/"), wrong),
        console.post(url_of(tested, "edit/"), kept(tested, new_client_secret="typed-secret-1"), follow=True),
        console.post(url_of(credential, "test/"), follow=True),
    ]
    for answer in answers:
        for secret in ("77xde15a", "dice-manila", "typed-secret-1", "another-secret", "v1.k1."):
            assert secret not in answer.content.decode()
    assert "typed-secret-1" not in str(list(Event.objects.values()))


def test_new_secret_replaces_the_old_and_has_to_be_tested(console: Client, people: People, tested: Credential) -> None:
    console.post(url_of(tested, "edit/"), kept(tested, new_client_secret="typed-secret-1"))
    assert (again(tested).client_secret, again(tested).session_outcome) == ("typed-secret-1", SessionOutcome.NEVER)
    assert events("credential_changed")[0].detail["fields"] == ["client_secret"]
    text = page_of(console.get(url_of(tested))).text
    assert "It passed with other keys than those stored now" in text
    assert "Test it first" in text


def test_blank_secrets_keep_what_is_stored(console: Client, tested: Credential) -> None:
    console.post(url_of(tested, "edit/"), kept(tested, merchant_username="other-name"))
    assert again(tested).client_secret == SECOND["client_secret"]
    assert events("credential_changed")[0].detail["fields"] == ["merchant_username"]


def test_saving_without_a_change_is_no_event_and_keeps_the_test(console: Client, tested: Credential) -> None:
    console.post(url_of(tested, "edit/"), kept(tested))
    assert events("credential_changed") == []
    assert "Its test has passed" in page_of(console.get(url_of(tested))).text


@pytest.mark.parametrize("given", [{}, {"new_client_secret": "typed-secret-1"}, {"remove_merchant_password": "on"}])
def test_stored_secrets_do_not_follow_to_another_address(
    console: Client, people: People, given: dict[str, str]
) -> None:
    with_password = credential_of(people.merchant, NOWHERE, is_active=False)
    elsewhere = "https://listening.example/flexiti/pos-api/v2.5"
    answer = console.post(url_of(with_password, "edit/"), kept(with_password, base_url=elsewhere, **given))
    assert "The base address has changed" in page_of(answer, 422).text
    assert again(with_password).base_url == NOWHERE


@pytest.mark.parametrize("password", [{"new_merchant_password": "typed-secret-2"}, {"remove_merchant_password": "on"}])
def test_address_is_changed_with_its_secrets(console: Client, people: People, password: dict[str, str]) -> None:
    with_password = credential_of(people.merchant, NOWHERE, is_active=False)
    elsewhere = "http://localhost:9/flexiti/pos-api/v2.5"
    data = kept(with_password, base_url=elsewhere, new_client_secret="typed-secret-1", **password)
    console.post(url_of(with_password, "edit/"), data)
    assert (again(with_password).base_url, again(with_password).client_secret) == (elsewhere, "typed-secret-1")
    assert again(with_password).merchant_password == password.get("new_merchant_password")


def test_nothing_of_the_one_in_use_is_changed(console: Client, credential: Credential) -> None:
    data = kept(credential, new_client_secret="typed-secret-1")
    answer = console.post(url_of(credential, "edit/"), data, follow=True)
    assert "Only a credential that stands by" in answer.content.decode()
    assert again(credential).client_secret == credential.client_secret
    assert console.get(url_of(credential, "edit/")).headers["Location"] == url_of(credential)


# Testing


def test_test_reports_every_step(console: Client, standing_by: Credential) -> None:
    answer = console.post(url_of(standing_by, "test/"), follow=True)
    page = page_of(answer)
    assert "Everything works." in page.text
    assert page.text.count("Works") == 6
    assert "Test by an administrator · administrator" in " ".join(page.text.split())
    assert url_of(standing_by, "switch/") in page.links
    assert events("credential_tested")[0].detail["passed"] is True


def test_report_speaks_the_language_of_whoever_reads_it(console: Client, standing_by: Credential) -> None:
    Credential.objects.filter(pk=standing_by.pk).update(client_id="not-known")
    console.post(url_of(standing_by, "test/"))
    console.cookies["language"] = "fr"
    text = page_of(console.get(url_of(standing_by))).text
    assert "Conditions pour le Québec, en français" in text
    assert "Credentials refused" not in text


def test_wrong_secret_fails_at_the_token_in_words(console: Client, people: People, standing_by: Credential) -> None:
    standing_by.client_secret = "wrong"
    standing_by.save()
    text = page_of(console.post(url_of(standing_by, "test/"), follow=True)).text
    assert "Credentials refused: Flexiti does not know" in text
    assert "invalid_client" in text
    assert text.count("Not tried") == 5


def test_nothing_listening_is_not_reachable_in_words(console: Client, people: People, nobody_listening: str) -> None:
    credential = credential_of(people.merchant, nobody_listening)
    text = page_of(console.post(url_of(credential, "test/"), follow=True)).text
    assert "Not reachable: nothing answers" in text


def test_terms_that_fail_leave_the_session_open(console: Client, credential: Credential, sandbox: Any) -> None:
    sandbox.fail("terms", "general_error", times=9)
    assert "general error" in page_of(console.post(url_of(credential, "test/"), follow=True)).text
    assert again(credential).session_outcome == SessionOutcome.OPEN
    assert events("credential_tested")[0].detail["failed_steps"] == ["terms_qc", "terms_on"]


def test_login_not_offered_is_a_note_and_no_failure(console: Client, credential: Credential, sandbox: Any) -> None:
    sandbox.fail("login", "invalid_role")
    text = page_of(console.post(url_of(credential, "test/"), follow=True)).text
    assert "Everything works." in text
    assert "The portal works without it." in text


def test_connection_is_not_tested_by_a_link(console: Client, credential: Credential) -> None:
    assert console.get(url_of(credential, "test/")).status_code == 405
    assert not CredentialCheck.objects.exists()


def test_erased_credential_has_nothing_to_test(console: Client, standing_by: Credential, sandbox: Any) -> None:
    rotation.erase(standing_by)
    answer = console.post(url_of(standing_by, "test/"), follow=True)
    assert "there is nothing to test" in answer.content.decode()
    assert sandbox.requests() == []


# Switching


def test_switch_asks_then_does_it(console: Client, people: People, credential: Credential, tested: Credential) -> None:
    text = page_of(console.get(url_of(tested, "switch/"))).text
    assert "Drafts go on as they are" in text
    assert "24 hours" in text
    assert again(tested).standing == "standing_by"
    answer = console.post(url_of(tested, "switch/"), follow=True)
    assert "In use from now on." in answer.content.decode()
    assert (again(tested).standing, again(credential).standing) == ("in_use", "retired")


def test_switch_without_a_test_is_refused_in_words(console: Client, standing_by: Credential) -> None:
    for answer in (
        console.get(url_of(standing_by, "switch/"), follow=True),
        console.post(url_of(standing_by, "switch/"), follow=True),
    ):
        assert "Test it first" in answer.content.decode()
    assert again(standing_by).standing == "standing_by"


def test_switch_to_another_environment_says_what_becomes_of_drafts(
    console: Client, credential: Credential, tested: Credential
) -> None:
    Credential.objects.filter(pk=tested.pk).update(environment="production")
    text = " ".join(page_of(console.get(url_of(tested, "switch/"))).text.split())
    assert "Nothing of “Sandbox” is ever sent to “Production”" in text
    assert "From now on every application is a real one" in text
    assert "Drafts go on as they are" not in text


def test_switch_to_a_key_of_another_merchant_is_warned_of(
    console: Client, people: People, credential: Credential, tested: Credential
) -> None:
    check_connection(credential, by=people.administrator)
    assert "another merchant" not in page_of(console.get(url_of(tested, "switch/"))).text
    Credential.objects.filter(pk=tested.pk).update(merchant_id_at_lender="415", merchant_name="Maison Boréale")
    assert "Flexiti knows it as another merchant" in page_of(console.get(url_of(tested, "switch/"))).text


def test_first_credential_is_put_into_use_without_talk_of_an_old_one(
    console: Client, people: People, credential: Credential, tested: Credential
) -> None:
    Credential.objects.filter(pk=credential.pk).delete()
    assert "Goes out of use" not in page_of(console.get(url_of(tested, "switch/"))).text
    console.post(url_of(tested, "switch/"))
    assert again(tested).standing == "in_use"


# Giving up, and the last day


def test_giving_up_asks_then_erases(console: Client, people: People, standing_by: Credential) -> None:
    assert "erased at once" in page_of(console.get(url_of(standing_by, "retire/"))).text
    assert again(standing_by).client_secret
    console.post(url_of(standing_by, "retire/"))
    assert (again(standing_by).standing, again(standing_by).client_secret) == ("erased", "")
    assert "Erased" in page_of(console.get(url_of(standing_by))).text


def test_one_in_use_cannot_be_given_up(console: Client, credential: Credential) -> None:
    console.post(url_of(credential, "retire/"))
    assert again(credential).standing == "in_use"


def test_last_day_is_set_and_told(console: Client, people: People, credential: Credential) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    console.post(url_of(credential, "validity/"), {"valid_until": tomorrow.isoformat()})
    assert again(credential).valid_until == tomorrow
    assert f'value="{tomorrow.isoformat()}"' in console.get(url_of(credential, "validity/")).content.decode()
    assert "Its end is near" in page_of(console.get(url_of(credential))).text
    console.post(url_of(credential, "validity/"), {"valid_until": ""})
    assert again(credential).valid_until is None
    assert page_of(console.post(url_of(credential, "validity/"), {"valid_until": "soon"}), 422)


def test_last_day_that_is_over_is_told(console: Client, people: People, credential: Credential) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    rotation.set_validity(credential, yesterday, by=people.administrator)
    assert "Its last day is over" in page_of(console.get(url_of(credential))).text
