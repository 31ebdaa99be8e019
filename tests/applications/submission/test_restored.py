"""A database that was set back: what waits in it may be at the lender already."""

import pytest
from django.core.management import CommandError, call_command

from applications.models import Application, Cancellation
from applications.monitoring import set_back
from applications.monitoring.models import Mark
from applications.submission.cancellation import deliver_close, request_cancellation
from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit
from applications.submission.sweep import sweep
from applications.submission.waiting import TooLate, take_back
from audit.events import timeline
from merchants.credentials.sessions import client_for
from posapi import CreditApplication


@pytest.fixture
def queued(ready, associate):
    """In line, as the backup has it."""
    application = ready(middle_name="A-RR_L")
    submit(application, by=associate, revision=application.revision)
    return application


def sent_since(application):
    """What a worker did after the moment of the backup."""
    with client_for(application.credential) as client:
        client.flow(application.reference_id).apply(CreditApplication.from_body(application.latest_attempt.body))


def test_what_waits_is_searched_for_and_not_sent_again(queued, searched, sandbox, capsys):
    sent_since(queued)
    call_command("presume_sent", "--after-a-restore")
    assert capsys.readouterr().out.split() == [queued.reference_id]
    deliver_next()
    assert Application.objects.get(pk=queued.pk).status == "unknown"
    assert searched(queued, 10).status == "approved"
    assert sandbox.applies()[queued.reference_id]["received"] == 1


def test_what_was_not_sent_since_comes_to_no_account(queued, searched):
    call_command("presume_sent", "--after-a-restore")
    assert searched(queued, 10, 30, 60, 120, 240).status == "no_account"


def test_evidence_says_that_it_was_presumed(queued):
    call_command("presume_sent", "--after-a-restore")
    sent = timeline(queued).get(name="sent")
    assert sent.detail["presumed"] == "restored"


def test_nothing_is_presumed_by_a_slip_of_the_hand(queued):
    with pytest.raises(CommandError, match="--after-a-restore"):
        call_command("presume_sent")
    assert Application.objects.get(pk=queued.pk).status == "queued"


def test_drafts_and_answers_stay(ready, queued):
    deliver_next()
    draft = ready(dob="1970-01-01")
    call_command("presume_sent", "--after-a-restore")
    assert {one.status for one in Application.objects.filter(pk__in=[queued.pk, draft.pk])} == {"approved", "draft"}


@pytest.fixture
def put_back():
    """The database is in another place from now on."""

    def put():
        set_back.may_send()
        Mark.objects.update(place="where the backup was taken")

    return put


def test_nothing_is_sent_until_somebody_says_what_happened(queued, sandbox, put_back):
    sent_since(queued)
    put_back()
    for _ in range(2):
        deliver_next()
        sweep()
    assert Application.objects.get(pk=queued.pk).status == "queued"
    assert sandbox.applies()[queued.reference_id]["received"] == 1
    call_command("presume_sent", "--after-a-restore")
    deliver_next()
    assert Application.objects.get(pk=queued.pk).status == "unknown"
    assert sandbox.applies()[queued.reference_id]["received"] == 1


def test_nobody_says_that_it_was_not_sent(queued, credential, put_back, settings):
    queued.attempts.update(waits_since=queued.attempts.get().sealed_at)
    settings.WAITING_HOURS = 0
    put_back()
    sweep()
    with pytest.raises(TooLate):
        take_back(Application.objects.get(pk=queued.pk), by=queued.created_by)
    assert Application.objects.get(pk=queued.pk).status == "queued"


def test_what_is_submitted_once_it_was_noticed_is_sent(queued, ready, associate, put_back, capsys):
    put_back()
    sweep()
    later = ready(dob="1970-01-01", middle_name="A-RR_L")
    submit(later, by=associate, revision=later.revision)
    call_command("presume_sent", "--after-a-restore")
    assert capsys.readouterr().out.split() == [queued.reference_id]
    deliver_next()
    assert Application.objects.get(pk=later.pk).status == "approved"


@pytest.mark.parametrize("was_noticed", [True, False])
def test_cancellation_is_not_asked_for_twice(ready, associate, sandbox, put_back, was_noticed):
    application = ready(province="QC", middle_name="A-RR_L")
    submit(application, by=associate, revision=application.revision)
    deliver_next()
    cancellation = request_cancellation(Application.objects.get(pk=application.pk), by=associate)
    if was_noticed:
        put_back()
        deliver_close(cancellation.pk)
    call_command("presume_sent", "--after-a-restore")
    deliver_close(cancellation.pk)
    assert Cancellation.objects.get().outcome == "unconfirmed"
    assert Application.objects.get(pk=application.pk).status == "cancelling"
    assert not [call for call in sandbox.control("GET", "requests") if call["path"].endswith("/close")]
