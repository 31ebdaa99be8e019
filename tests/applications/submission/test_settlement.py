"""What was settled by a search or a person, and the answer of the very call that comes after it."""

import logging

import pytest

from applications.models import SettledBy
from applications.monitoring import tallies
from applications.persons import account_key
from applications.statuses import Status
from applications.submission.claims import begin_sending, claim_next
from applications.submission.decisions import Decision
from applications.submission.recording import give_up, record_decision
from applications.submission.sealing import submit
from applications.submission.settlement import AlreadySettled, decision_of, settle, settlement_of
from applications.verdicts import Verdict
from audit.events import timeline

NUMBER = "20035156"
APPROVED = Decision(status=Status.APPROVED, account_number=NUMBER)
OWN_ANSWER = Decision(status=Status.APPROVED, account_number=NUMBER, debt_ratio="38.2", http_status=200)


@pytest.fixture
def lost(ready, associate):
    """An attempt whose worker died in the call, as the worker holds it; its answer may still come."""

    def make(**changes):
        application = ready(**changes)
        submit(application, by=associate, revision=application.revision)
        begin_sending(attempt := claim_next())
        give_up(attempt)
        return attempt

    return make


def application_of(attempt):
    return type(attempt.application).objects.get(pk=attempt.application_id)


def attempt_of(attempt):
    return type(attempt).objects.get(pk=attempt.pk)


def names(attempt):
    return list(timeline(attempt.application).values_list("name", flat=True))


def test_settle_writes_who_and_how_and_purges(lost, associate):
    attempt = lost()
    settlement = settle(attempt, APPROVED, how=SettledBy.PERSON, by=associate, reason="Called, case 12")
    application = application_of(attempt)
    settlement.refresh_from_db()
    assert (application.status, application.account_key) == (Status.APPROVED, account_key(NUMBER))
    assert (settlement.settled_by, settlement.reason) == (associate, "Called, case 12")
    assert attempt_of(attempt).sensitive is None
    event = timeline(application).get(name="settled")
    assert (event.actor, event.detail) == (str(associate), {"attempt": 1, "how": "person", "outcome": "approved"})


def test_settle_twice_is_refused(lost):
    attempt = lost()
    settle(attempt, Decision(status=Status.DECLINED), how=SettledBy.PERSON)
    with pytest.raises(AlreadySettled):
        settle(attempt, APPROVED, how=SettledBy.SEARCH)
    assert application_of(attempt).status == Status.DECLINED


def test_settle_after_the_own_answer_is_refused(lost):
    attempt = lost()
    record_decision(attempt, OWN_ANSWER)
    with pytest.raises(AlreadySettled):
        settle(attempt, APPROVED, how=SettledBy.SEARCH)
    assert decision_of(application_of(attempt)).debt_ratio == "38.2"


def test_no_account_by_a_person_is_still_looked_for_and_purges_nothing(lost, associate):
    attempt = lost()
    settle(attempt, Decision(status=Status.NO_ACCOUNT), how=SettledBy.PERSON, by=associate, reason="They have nothing")
    current = attempt_of(attempt)
    assert application_of(attempt).status == Status.NO_ACCOUNT
    assert (current.look_verdict, bool(current.next_look_at), bool(current.sensitive)) == (Verdict.ABSENT, True, True)
    settle(attempt, APPROVED, how=SettledBy.SEARCH)
    assert application_of(attempt).status == Status.APPROVED


def test_no_account_by_a_person_explains_the_accounts_that_were_found(lost):
    attempt = lost()
    row = attempt_of(attempt)
    row.found, row.known_accounts = [{"card_ending": "8234", "account_key": "b"}], ["a"]
    row.save()
    settle(attempt, Decision(status=Status.NO_ACCOUNT), how=SettledBy.PERSON)
    assert attempt_of(attempt).known_accounts == ["a", "b"]


def test_own_answer_after_a_settlement_of_the_same_account_tells_more(lost):
    attempt = lost()
    settle(attempt, APPROVED, how=SettledBy.SEARCH)
    record_decision(attempt, OWN_ANSWER)
    record_decision(attempt, OWN_ANSWER)  # the connection broke while the first was committed
    application = application_of(attempt)
    assert application.status == Status.APPROVED
    assert decision_of(application) == OWN_ANSWER
    assert settlement_of(application).how == SettledBy.SEARCH
    assert names(attempt)[-3:] == ["settled", "purged", "answered"]


@pytest.mark.parametrize(
    "answer",
    [Decision(status=Status.DECLINED), Decision(status=Status.APPROVED, account_number="7"), Decision(Status.FAILED)],
    ids=["declined", "another account", "not processed"],
)
def test_own_answer_that_contradicts_overwrites_nothing_and_is_shown(lost, answer, caplog):
    attempt = lost()
    settle(attempt, APPROVED, how=SettledBy.SEARCH)
    with caplog.at_level(logging.ERROR):
        record_decision(attempt, answer)
    application = application_of(attempt)
    assert (application.status, decision_of(application)) == (Status.APPROVED, APPROVED)
    assert application.account_key == account_key(NUMBER)
    assert attempt_of(attempt).look_verdict == Verdict.CONTRADICTED
    assert sum(one.count for one in tallies.observed(tallies.CONTRADICTED).values()) == 1
    assert Decision.from_json(attempt_of(attempt).answer) == answer
    assert names(attempt)[-1] == "answer_contradicts"
    assert "contradicts" in caplog.text


@pytest.mark.parametrize(("settled", "is_contradicted"), [(Status.DECLINED, False), (Status.PENDING, True)])
def test_own_decline_after_a_persons_word(lost, associate, settled, is_contradicted):
    attempt = lost()
    settle(attempt, Decision(status=settled), how=SettledBy.PERSON, by=associate, reason="Called")
    record_decision(attempt, Decision(status=Status.DECLINED, message="<p>No.</p>"))
    assert application_of(attempt).status == settled
    assert (attempt_of(attempt).look_verdict == Verdict.CONTRADICTED) is is_contradicted
    assert (decision_of(application_of(attempt)).message == "<p>No.</p>") is not is_contradicted


def test_own_answer_after_no_account_counts(lost):
    attempt = lost()
    settle(attempt, Decision(status=Status.NO_ACCOUNT), how=SettledBy.PERSON)
    record_decision(attempt, OWN_ANSWER)
    assert (application_of(attempt).status, attempt_of(attempt).next_look_at) == (Status.APPROVED, None)


def test_decision_before_anything_is_known(ready):
    application = ready()
    assert decision_of(application) is None
    assert settlement_of(application) is None
