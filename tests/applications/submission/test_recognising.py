"""People and accounts are recognised while the key of blind indexes is being replaced, and afterwards."""

import base64
import io

import pytest
from django.core.management import CommandError, call_command

from applications.answers import Answers
from applications.models import Application, SubmissionAttempt
from applications.persons import account_key, account_keys, person_keys, person_keys_to_find, search_keys
from applications.selectors import applications_of_person
from applications.statuses import Status
from applications.submission.claims import begin_sending, claim_next
from applications.submission.decisions import Decision
from applications.submission.look_results import conclude
from applications.submission.recording import give_up, record_decision
from applications.submission.same_person import PersonUnderWay
from applications.submission.sealing import submit
from applications.verdicts import Verdict
from posapi import Account
from tests.factories import ApplicationFactory, saved_answers

NEW = f"i2:{base64.b64encode(bytes(range(96, 128))).decode()}"
APPROVED = Decision(status=Status.APPROVED, account_number="20035156", http_status=200)


@pytest.fixture
def put_in_front(settings):
    def put_in_front():
        settings.VAULT_INDEX_KEY = f"{NEW},{settings.VAULT_INDEX_KEY}"

    return put_in_front


@pytest.fixture
def sent(ready, associate):
    """`sent()`: sealed, and on its way."""

    def make():
        submit(application := ready(), by=associate, revision=0)
        begin_sending(attempt := claim_next())
        application.refresh_from_db()
        return application, attempt

    return make


def rotate():
    said = io.StringIO()
    call_command("vault_rotate", "--indexes", stdout=said)
    return said.getvalue().splitlines()


def keys_of(application):
    answers = Answers.from_json(application.answers)
    return person_keys(answers).as_columns() | search_keys(answers).as_columns()


def kept(application):
    application.refresh_from_db()
    return {column: getattr(application, column) for column in [*keys_of(application), "account_key"]}


def found_again(application):
    other = ApplicationFactory(store=application.store, credential=application.credential)
    keys = person_keys_to_find(Answers(saved=saved_answers()).flat())
    return application in applications_of_person(application.merchant, keys, besides=other)


def test_every_index_is_made_again_and_found_at_any_time(sent, put_in_front, settings):
    application, attempt = sent()
    record_decision(attempt, APPROVED)
    of_old_key = kept(application)
    put_in_front()
    assert found_again(application)
    assert kept(application) == of_old_key
    said = rotate()
    assert "applications.Application: 1 done, 0 left" in said
    assert "0 left: of VAULT_INDEX_KEY only i2 is needed from now on." in said
    assert any(line.startswith("applications.SubmissionAttempt.digest: 1 digests name a former key") for line in said)
    settings.VAULT_INDEX_KEY = NEW
    assert kept(application) == {**keys_of(application), "account_key": account_key("20035156")}
    assert all(key.startswith("i2.") for key in kept(application).values())
    assert found_again(application)
    assert "applications.Application: 0 done, 0 left" in rotate()


def test_key_of_what_was_sent_stays_that_when_the_answers_are_somebody_elses_now(sent, put_in_front):
    application, attempt = sent()
    record_decision(attempt, Decision(status=Status.FAILED))
    before = Answers.from_json(application.answers)
    application.answers = Answers(saved=saved_answers(first_name="Zoé", dob="1970-01-01")).to_json()
    application.save(update_fields=["answers"])
    put_in_front()
    rotate()
    application.refresh_from_db()
    assert application.person_key == person_keys(before).person_key


def test_row_whose_values_are_gone_is_named_and_left(sent, put_in_front):
    application, _ = sent()
    Application.objects.update(email_key=account_key("nobody's"))
    put_in_front()
    with pytest.raises(CommandError, match=r"^Rows left: 1\. Keep the former keys in VAULT_INDEX_KEY"):
        rotate()
    assert kept(application)["phone_key"].startswith("i2.")


def test_same_person_is_under_way_by_either_key(sent, ready, associate, put_in_front):
    sent()
    put_in_front()
    with pytest.raises(PersonUnderWay):
        submit(ready(), by=associate, revision=0)


def test_accounts_that_a_search_still_compares_keep_the_former_key(sent, put_in_front, settings):
    """They were there before the send; taking one for what the send brought would tell the customer a lie."""
    _, attempt = sent()
    give_up(attempt)
    SubmissionAttempt.objects.update(known_accounts=[account_key("1"), account_key("2")])
    put_in_front()
    with pytest.raises(CommandError, match=r"^Rows left: 1\."):
        rotate()
    attempt.refresh_from_db()
    today = attempt.sealed_at.date().isoformat()
    accounts = tuple(Account.from_json({"account_number": n, "creation_date": today}) for n in ("1", "2"))
    conclude(attempt, accounts, attempt.sealed_at)
    attempt.refresh_from_db()
    assert attempt.look_verdict == Verdict.ABSENT
    settings.VAULT_INDEX_KEY = NEW
    conclude(attempt, accounts[:1], attempt.sealed_at)
    attempt.refresh_from_db()
    assert attempt.look_verdict == Verdict.AMBIGUOUS


def test_account_is_known_by_every_key(put_in_front):
    before = account_key("20035156")
    put_in_front()
    assert account_keys("20035156") == (account_key("20035156"), before)
    assert account_keys("") == ()
