"""Submitting seals exactly what will be sent, once."""

import pytest
from django.utils import timezone

from applications.answers import Answers
from applications.consents import Consent
from applications.models import ConsentKind, DeviceHolder, SubmissionAttempt
from applications.statuses import Status
from applications.submission.payload import digest_of
from applications.submission.same_person import ANSWERED, OthersOfPerson, PersonAppliedBefore, PersonUnderWay, mark_of
from applications.submission.sealing import AlreadySubmitted, NotReadyToSubmit, submit
from audit.events import timeline
from posapi import CreditApplication
from tests.applications.people import submit_told

CONSENT = Consent(ConsentKind.ANOTHER_INQUIRY, DeviceHolder.CUSTOMER)


def test_submit_seals_the_body_and_queues(ready, associate):
    application = ready(province="QC", language="fr-CA")
    attempt = submit(application, by=associate, revision=application.revision)
    application.refresh_from_db()
    assert application.status == Status.QUEUED
    body = CreditApplication.from_body(attempt.body).body()
    assert body["amount_requested"] == 2500
    assert body["first_name"] == "Anne-Élise"
    assert body["language"] == "fr-CA"
    assert body["address_2"] == ""
    assert body["tos_agreement"] is True
    assert body["input_type"] == "manual"
    assert attempt.digest == digest_of(attempt.body)


def test_submit_keeps_what_must_be_purged_apart(ready, associate):
    application = ready()
    attempt = submit(application, by=associate, revision=application.revision)
    assert set(attempt.sensitive) == {"sin", "security_answer", "piw", "govid_number"}
    assert not set(attempt.sensitive) & set(attempt.snapshot)


def test_submit_leaves_nothing_readable_in_the_database(ready, associate):
    application = ready()
    attempt = submit(application, by=associate, revision=application.revision)
    row = SubmissionAttempt.objects.filter(pk=attempt.pk).values_list("snapshot", "sensitive").get()
    assert "O'Brien" not in str(row)
    assert "046454286" not in str(row)


def test_submit_of_a_scanned_licence_claims_no_typing(ready, associate):
    application = ready()
    answers = Answers.from_json(application.answers)
    application.answers = Answers(saved=answers.saved, scanned=frozenset({"first_name"})).to_json()
    application.save()
    assert "input_type" not in submit(application, by=associate, revision=application.revision).body


def test_submit_twice_is_one_attempt(ready, associate):
    application = ready()
    submit(application, by=associate, revision=application.revision)
    with pytest.raises(AlreadySubmitted):
        submit(application, by=associate, revision=application.revision)
    assert application.attempts.count() == 1


@pytest.mark.parametrize("status", [Status.QUEUED, Status.HELD, Status.SENDING, Status.UNKNOWN])
def test_submit_while_the_same_person_is_under_way_is_refused(ready, associate, status):
    first, second = ready(), ready(first_name="ANNE ELISE", phone_number="4165550111")
    submit(first, by=associate, revision=first.revision)
    type(first).objects.filter(pk=first.pk).update(status=status)
    with pytest.raises(PersonUnderWay):
        submit(second, by=associate, revision=second.revision)
    second.refresh_from_db()
    assert (second.status, second.attempts.count()) == (Status.DRAFT, 0)


@pytest.mark.parametrize("changes", [{"phone_number": "4165550111"}, {"email": "other@example.test"}])
def test_submit_while_the_same_birth_date_with_phone_or_email_is_under_way_is_refused(ready, associate, changes):
    submit_told(ready(), by=associate)
    second = ready(last_name="Brien", **changes)
    with pytest.raises(PersonUnderWay):
        submit_told(second, by=associate)
    second.refresh_from_db()
    assert (second.status, second.attempts.count()) == (Status.DRAFT, 0)


@pytest.mark.parametrize("status", sorted(ANSWERED))
def test_submit_after_an_answer_of_which_nobody_was_told_is_refused(ready, associate, status):
    first, second = ready(), ready()
    submit_told(first, by=associate)
    type(first).objects.filter(pk=first.pk).update(status=status)
    with pytest.raises(PersonAppliedBefore):
        submit(second, by=associate, revision=second.revision, consent=CONSENT)
    second.refresh_from_db()
    assert (second.status, second.attempts.count(), second.consents.count()) == (Status.DRAFT, 0, 0)
    assert submit_told(second, by=associate)


def test_submit_after_another_answer_than_was_told_is_refused(ready, associate):
    first, second = ready(), ready()
    submit_told(first, by=associate)
    type(first).objects.filter(pk=first.pk).update(status=Status.NO_ACCOUNT)
    told = mark_of(OthersOfPerson.of(second).answered)
    type(first).objects.filter(pk=first.pk).update(status=Status.DECLINED)
    with pytest.raises(PersonAppliedBefore):
        submit(second, by=associate, revision=second.revision, consent=CONSENT, told=told)


def test_submit_of_another_person_is_not_hindered(ready, associate):
    for changes in ({}, {"dob": "1988-04-10"}, {"dob": "1988-04-11", "last_name": "Brien"}):
        application = ready(**changes)
        submit(application, by=associate, revision=application.revision)


def test_submit_without_accepted_terms_is_refused(ready, associate):
    application = ready()
    application.acceptances.update(voided_at=timezone.now())
    with pytest.raises(NotReadyToSubmit) as refusal:
        submit(application, by=associate, revision=application.revision)
    assert refusal.value.terms
    application.refresh_from_db()
    assert application.status == Status.DRAFT


def test_submit_with_terms_of_another_province_is_refused(ready, associate):
    application = ready()
    acceptance = application.acceptances.get()
    acceptance.document.province = "QC"
    acceptance.document.save()
    with pytest.raises(NotReadyToSubmit):
        submit(application, by=associate, revision=application.revision)


@pytest.mark.parametrize("field", ["phone_number", "security_answer", "amount_requested"])
def test_submit_without_a_required_answer_names_it(ready, associate, field):
    application = ready(**{field: ""})
    with pytest.raises(NotReadyToSubmit) as refusal:
        submit(application, by=associate, revision=application.revision)
    assert refusal.value.fields == [field]


def test_submit_in_quebec_needs_the_housing_expenses(ready, associate):
    application = ready(province="QC", monthly_housing_expenses="")
    with pytest.raises(NotReadyToSubmit) as refusal:
        submit(application, by=associate, revision=application.revision)
    assert refusal.value.fields == ["monthly_housing_expenses"]


def test_submit_of_answers_changed_since_they_were_shown_is_refused(ready, associate):
    application = ready()
    with pytest.raises(NotReadyToSubmit):
        submit(application, by=associate, revision=application.revision + 1)


def test_submit_is_on_the_timeline_without_answers(ready, associate):
    application = ready()
    submit(application, by=associate, revision=application.revision)
    event = timeline(application).get(name="submitted")
    assert event.actor_id == str(associate.pk)
    assert event.detail["reference_id"] == application.reference_id
    assert "O'Brien" not in str(event.detail)
