"""What had its period goes, what is open stays, and the evidence says so without a value."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from applications.drafting import expire
from applications.models import Application, Settlement, SubmissionAttempt, TermsAcceptance
from applications.monitoring import heartbeats
from applications.persons import KEYS_OF_A_PERSON
from applications.retention import purging, tasks
from applications.retention.correcting import note_correction
from applications.retention.purging import purge
from applications.review.following_up import add_note
from applications.review.models import Export, FollowUp, Reveal
from applications.review.revealing import reveal
from applications.statistics.checking import by_day_and_month, correct, differences_of
from applications.statistics.models import Change, Total
from applications.statistics.scanning import scan
from applications.statuses import Status
from applications.submission.by_person import end_review_as_told
from applications.submission.cancellation import request_cancellation
from applications.submission.sealing import submit
from applications.submission.waiting import fail_for_silence
from audit.events import timeline
from audit.models import Event
from audit.verification import verify
from merchants.models import Invitation
from tests.applications.people import another_person
from tests.applications.retention.conftest import TELLING, opened


def names(application):
    return list(timeline(application).values_list("name", flat=True))


@pytest.fixture
def settled(pending, manager):
    """With everything that people add: a note, a reveal, a correction, a settlement with its reason."""
    add_note(pending, "Mrs O'Brien called, 4165550142.", by=manager)
    reveal(pending, "phone_number", reason="To call Mrs O'Brien back", by=manager)
    note_correction(pending, "It is 10 Example Street, apartment 2", field="address_1", by=manager)
    end_review_as_told(pending, Status.APPROVED, account_number="40001234", reason="Told Mrs O'Brien", by=manager)
    return Application.objects.get(pk=pending.pk)


def test_answers_go_when_their_period_is_over(settled, aged):
    before = opened(settled)
    assert "Brien" in before
    assert "40001234" in before
    aged(settled, 25, "months")
    run = purge()
    assert (run.purged["content"], run.failed, run.is_complete) == (1, 0, True)
    after = opened(settled)
    assert not [value for value in (*TELLING, "40001234") if value in after]
    erased = Application.objects.get(pk=settled.pk)
    assert [getattr(erased, column) for column in (*KEYS_OF_A_PERSON, "account_key")] == [""] * 7
    assert erased.erased_at
    event = timeline(erased).last()
    assert (event.name, event.actor_id) == ("erased", "")
    assert event.detail == {
        "why": "period",
        "attempts": 1,
        "settlements": 1,
        "reveals": 1,
        "corrections": 1,
        "notes": 1,
    }


def test_what_is_left_is_the_evidence(settled, aged):
    digest, changed = settled.attempts.get().digest, aged(settled, 25, "months").updated_at
    purge()
    before = names(settled)
    assert purge().purged["content"] == 0
    assert names(settled) == before
    kept = Application.objects.get(pk=settled.pk)
    assert (kept.status, kept.amount, kept.updated_at) == (Status.APPROVED, settled.amount, changed)
    attempt = kept.attempts.get()
    assert (attempt.digest, attempt.outcome) == (digest, Status.PENDING)
    assert (attempt.snapshot, attempt.answer, attempt.known_accounts) == (None, None, None)
    assert TermsAcceptance.objects.filter(application=kept).exists()
    assert Reveal.objects.get().field == "phone_number"


def test_younger_answers_stay(settled, aged, settings):
    aged(settled, 24, "months")
    assert purge().purged["content"] == 0
    settings.KEEP_ANSWERS_MONTHS = 23
    assert purge().purged["content"] == 1


def test_what_is_not_over_keeps_its_answers_however_old(decided, aged):
    application = decided(middle_name="A-RR_L")
    for status in ("queued", "sending", "unknown", "pending", "cancelling"):
        Application.objects.update(status=status)
        aged(application, 30, "months")
        assert purge().purged["content"] == 0
        assert "Brien" in opened(application)
        assert purging.kept_open().get().pk == application.pk
    Application.objects.update(status=Status.APPROVED)
    assert not purging.kept_open().exists()


def test_send_with_something_open_keeps_the_answers(decided, aged):
    application = aged(decided(middle_name="A-RR_L"), 30, "months")
    attempt = application.attempts.values("look_verdict", "next_look_at", "closed_at").get()
    for something_open in ({"look_verdict": "contradicted"}, {"next_look_at": timezone.now()}, {"closed_at": None}):
        SubmissionAttempt.objects.update(**{**attempt, **something_open})
        assert purge().purged["content"] == 0
        assert "Brien" in opened(application)
    SubmissionAttempt.objects.update(**attempt)
    assert purge().purged["content"] == 1


def test_open_cancellation_keeps_the_answers(decided, aged, associate):
    application = decided(middle_name="A-RR_L", province="QC")
    request_cancellation(application, by=associate)
    Application.objects.update(status=Status.APPROVED)
    aged(application, 30, "months")
    assert purge().purged["content"] == 0


def test_account_that_a_person_has_to_recognise_keeps_the_answers_only_while_nothing_is_known(decided, aged):
    application = decided(middle_name="A-RR_L")
    SubmissionAttempt.objects.update(look_verdict="ambiguous")
    Application.objects.update(status=Status.NO_ACCOUNT)
    aged(application, 30, "months")
    assert purge().purged["content"] == 0
    Application.objects.update(status=Status.APPROVED)
    assert purge().purged["content"] == 1


def test_evidence_is_deleted_when_its_period_is_over_and_its_events_stay(settled, aged):
    pk = settled.pk
    aged(settled, 7, "years")
    run = purge()
    assert (run.purged["content"], run.purged["evidence"]) == (1, 1)
    for model in (Application, SubmissionAttempt, TermsAcceptance, Settlement, FollowUp, Reveal):
        assert not model.objects.exists()
    events = Event.objects.filter(subject_id=str(pk)).order_by("sequence")
    last = events.last()
    assert (last.name, last.detail["attempts"], last.detail["acceptances"]) == ("evidence_deleted", 1, 1)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))


def test_chain_of_what_is_gone_still_verifies_and_holds_no_value(settled, aged):
    aged(settled, 8, "years")
    purge()
    assert verify().is_ok
    details = str(list(Event.objects.values_list("detail", flat=True)))
    assert not [value for value in TELLING if value in details]


def test_figures_of_deleted_applications_stay_and_are_no_difference(settled, aged, store):
    Application.objects.update(day=timezone.localdate() - timedelta(days=8 * 366))
    Change.objects.all().delete()
    correct(by_day_and_month(scan(store)))
    before = Total.objects.count()
    aged(settled, 8, "years")
    purge()
    assert not Application.objects.exists()
    assert Total.objects.count() == before > 0
    assert not differences_of(store)


def test_run_that_is_out_of_time_goes_on_later(decided, aged, monkeypatch):
    for number in range(3):
        aged(decided(middle_name="A-RR_L", **another_person(number)), 25, "months")
    sent = []
    monkeypatch.setattr(tasks.purge, "apply_async", lambda **options: sent.append(options))
    monkeypatch.setattr(tasks, "_SECONDS", 0.0)
    tasks.purge()
    assert (len(sent), Application.objects.filter(erased_at=None).count()) == (1, 3)
    monkeypatch.setattr(tasks, "_SECONDS", 60.0)
    tasks.purge()
    assert (len(sent), Application.objects.filter(erased_at=None).count()) == (1, 0)


def test_row_that_cannot_be_purged_stops_no_other(decided, aged, monkeypatch, caplog):
    rows = [aged(decided(middle_name="A-RR_L", **another_person(number)), 25, "months") for number in range(3)]

    def stumble(application, **options):
        if application.pk == rows[1].pk:
            raise ValueError("a defect")
        erase(application, **options)

    erase = purging.erase_answers
    monkeypatch.setattr(purging, "erase_answers", stumble)
    run = purge()
    assert (run.purged["content"], run.failed) == (2, 1)
    assert Application.objects.get(erased_at=None).pk == rows[1].pk
    assert str(rows[1].pk) in caplog.text


def test_batches_reach_everything(decided, aged, monkeypatch):
    monkeypatch.setattr(purging, "_BATCH", 2)
    for number in range(5):
        aged(decided(middle_name="A-RR_L", **another_person(number)), 25, "months")
    assert purge().purged["content"] == 5


def test_other_rows_go_with_their_time(manager, store, settings):
    long_ago = timezone.now() - timedelta(days=800)
    old = Export.objects.create(merchant=store.merchant, requested_by=manager, requested_at=long_ago, language="en")
    Export.objects.create(merchant=store.merchant, requested_by=manager, language="en")
    for digest, ended in (("a", long_ago), ("b", timezone.now())):
        Invitation.objects.create(
            user=manager, merchant=store.merchant, invited_by=manager, digest=digest, expires_at=ended
        )
    Session.objects.create(session_key="over", session_data="", expire_date=timezone.now() - timedelta(seconds=1))
    Session.objects.create(session_key="open", session_data="", expire_date=timezone.now() + timedelta(hours=1))
    kind = ContentType.objects.get_for_model(Export)
    entry = LogEntry.objects.create(
        user=manager, content_type=kind, object_id="1", object_repr="1", action_flag=CHANGE, change_message=""
    )
    LogEntry.objects.filter(pk=entry.pk).update(action_time=long_ago)
    run = purge()
    assert {name: run.purged[name] for name in ("exports", "sessions", "invitations", "admin_log")} == {
        "exports": 1,
        "sessions": 1,
        "invitations": 1,
        "admin_log": 1,
    }
    assert Event.objects.get(name="evidence_deleted").subject_id == str(old.pk)
    assert [Session.objects.get().session_key, Invitation.objects.get().digest] == ["open", "b"]


def test_run_is_on_the_record(db):
    purge()
    event = Event.objects.get(name="purge_run")
    assert (event.subject_type, event.subject_id) == ("monitoring.heartbeat", "purge")
    assert event.detail["content"] == 0
    assert event.detail["complete"] is True
    assert heartbeats.age(heartbeats.PURGE) < 60


def test_sensitive_answer_written_past_the_portal_goes_with_the_next_run(decided):
    attempt = decided(middle_name="A-RR_L").attempts.get()
    attempt.sensitive = {"sin": "046454286"}
    attempt.save(update_fields=["sensitive"])
    assert purge().purged["sensitive"] == 1
    assert not SubmissionAttempt.objects.filter(sensitive__isnull=False).exists()


def test_expired_draft_keeps_what_was_sent_and_can_be_searched_for(decided, aged):
    application = decided(middle_name="A-RR_L")
    Application.objects.update(status=Status.NEEDS_CORRECTION)
    application.refresh_from_db()
    expire(application)
    kept = Application.objects.get(pk=application.pk)
    assert "Brien" in str(kept.attempts.get().snapshot)
    assert kept.name_key
    assert not kept.person_key


def test_expired_draft_that_never_left_keeps_nothing(ready, associate):
    application = ready()
    attempt = submit(application, by=associate, revision=application.revision)
    fail_for_silence(attempt)
    application.refresh_from_db()
    expire(application)
    assert not [value for value in TELLING if value in opened(application)]
    kept = Application.objects.get(pk=application.pk)
    assert [getattr(kept, column) for column in KEYS_OF_A_PERSON] == [""] * 6


def test_command_counts_first_and_says_what_is_kept_though_old(settled, unknown, aged, capsys):
    aged(settled, 25, "months")
    open_one = unknown(**another_person(1))
    aged(open_one, 30, "months")
    call_command("purge", "--dry-run")
    told = capsys.readouterr().out
    assert "content: 1 due (answers, what was sent" in told
    assert "Nothing was purged yet" in told
    assert "nobody has settled them: 1" in told
    assert Application.objects.filter(erased_at=None).count() == 2
    call_command("purge")
    assert "content: 1" in capsys.readouterr().out
    assert Application.objects.get(erased_at=None).pk == open_one.pk


def test_manager_sees_that_it_was_there_and_nobody_else_who_it_was(settled, aged, manager_client, manager):
    aged(settled, 25, "months")
    purge()
    page = manager_client.get(reverse("review_application", args=[settled.pk]))
    html = page.content.decode()
    assert page.status_code == 200
    assert "This application was erased" in html
    assert "everything that said who the customer was, was erased: its period was over" in html
    assert settled.reference_id in html
    assert "Brien" not in html
    terms = settled.acceptances.get()
    assert manager_client.get(reverse("review_terms", args=[settled.pk, terms.pk])).status_code == 200
    for name in ("settle", "application", "customer_copy"):
        assert manager_client.get(reverse(name, args=[settled.pk])).status_code == 404
    assert manager_client.get(reverse("review_list")).status_code == 200


def test_erased_application_without_account_waits_for_nobody(unknown, searched, aged, manager_client):
    application = searched(unknown("reset_before"), 10, 20, 30, 60, 120)
    SubmissionAttempt.objects.update(next_look_at=None)
    assert str(application.pk) in manager_client.get(reverse("worklist_unknown")).content.decode()
    aged(application, 25, "months")
    purge()
    assert str(application.pk) not in manager_client.get(reverse("worklist_unknown")).content.decode()
