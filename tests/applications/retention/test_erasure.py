"""What a wish to be erased comes to, within the law, and what nobody may lose by it."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from applications.answers import Answers
from applications.models import Application
from applications.review.following_up import add_note
from applications.statuses import Status
from applications.submission.by_person import end_review_as_told
from applications.submission.delivery import deliver_next
from applications.submission.held import held_attempt, mark_of, use_existing_account
from audit.events import timeline
from audit.models import Event
from tests.applications.people import another_person, submit_told
from tests.applications.retention.conftest import TELLING, opened


@pytest.fixture
def erase(store, manager, monkeypatch, capsys):
    """`erase("--dry-run")`: what the command says."""

    def run(*options):
        monkeypatch.setattr("sys.stdin", io.StringIO("last_name: O'Brien\ndob: 1988-04-09"))
        call_command("erase_person", *options, merchant=store.merchant.name, by=manager.username)
        return capsys.readouterr().out

    return run


def names(application):
    return list(timeline(application).values_list("name", flat=True))


def test_draft_goes_at_once(ready, erase, manager):
    draft = ready()
    assert f"{draft.reference_id}  Expired draft  erased" in erase()
    assert Application.objects.get(pk=draft.pk).status == Status.EXPIRED
    assert not [value for value in TELLING if value in opened(draft)]
    asked = timeline(draft).get(name="erasure_asked")
    assert (asked.actor_id, asked.detail) == (str(manager.pk), {"came_to": "erased"})
    assert names(draft)[-1] == "draft_expired"


def test_dry_run_changes_nothing(ready, erase):
    draft = ready()
    before = Event.objects.count()
    told = erase("--dry-run")
    assert f"{draft.reference_id}  Draft  erased" in told
    assert "Nothing was erased yet" in told
    assert Application.objects.get(pk=draft.pk).status == Status.DRAFT
    assert Event.objects.count() == before


def test_decision_is_kept_until_its_period_is_over_and_says_so(pending, erase, manager):
    add_note(pending, "Called twice", by=manager)
    end_review_as_told(pending, Status.DECLINED, reason="Flexiti said so", by=manager)
    told = erase()
    assert f"{pending.reference_id}  Declined  kept until " in told
    assert "Brien" in opened(pending)
    assert not pending.notes.exists()
    asked = timeline(pending).get(name="erasure_asked").detail
    assert asked["came_to"] == "kept"
    assert asked["kept_until"] > pending.updated_at.date().isoformat()


def test_what_is_with_the_lender_is_kept_until_it_is_settled(pending, erase):
    assert "kept until its outcome is settled" in erase()
    assert "Brien" in opened(pending)
    assert timeline(pending).last().detail == {"came_to": "under_way"}


def test_unknown_outcome_can_still_be_searched_for_but_not_sent_again(unknown, erase):
    application = unknown()
    assert "kept until its outcome is settled" in erase()
    attempt = application.attempts.get()
    assert attempt.snapshot["last_name"] == "O'Brien"
    assert attempt.sensitive is None
    assert attempt.next_look_at


def test_what_was_never_sent_goes_although_it_is_over(ready, associate, erase):
    first = ready(middle_name="A-RR_L")
    submit_told(first, by=associate)
    deliver_next()
    second = ready(middle_name="A-RR_L")
    submit_told(second, by=associate)
    deliver_next()
    second.refresh_from_db()
    use_existing_account(second, mark=mark_of(held_attempt(second)), by=associate)
    told = erase()
    assert f"{first.reference_id}  Approved  kept until" in told
    assert f"{second.reference_id}  Already a Flexiti customer  erased" in told
    assert not [value for value in TELLING if value in opened(second)]
    assert timeline(second).get(name="erased").detail["why"] == "request"


def test_page_says_that_the_customer_asked_for_it(ready, associate, erase, manager_client):
    decided_first = ready(middle_name="A-RR_L")
    submit_told(decided_first, by=associate)
    deliver_next()
    second = ready(middle_name="A-RR_L")
    submit_told(second, by=associate)
    deliver_next()
    second.refresh_from_db()
    use_existing_account(second, mark=mark_of(held_attempt(second)), by=associate)
    erase()
    html = manager_client.get(reverse("review_application", args=[second.pk])).content.decode()
    assert "was erased: the customer asked for it" in html
    assert "its period was over" not in html


def test_correction_that_was_asked_for_goes_and_what_was_sent_is_kept(decided, erase):
    application = decided(middle_name="A-RR_L")
    Application.objects.update(status=Status.NEEDS_CORRECTION)
    assert "kept until" in erase()
    kept = Application.objects.get(pk=application.pk)
    assert kept.status == Status.EXPIRED
    assert Answers.from_json(kept.answers) == Answers()
    assert kept.attempts.get().snapshot["last_name"] == "O'Brien"


def test_draft_with_somebody_elses_answers_is_left_alone(decided, erase):
    application = decided(middle_name="A-RR_L")
    application.status = Status.NEEDS_CORRECTION
    saved = {"identity": {"first_name": "Paul", "last_name": "Roy", "dob": "1960-01-01"}}
    application.answers = Answers(saved=saved).to_json()
    application.save()
    assert "another person’s answers" in erase()
    assert Application.objects.get(pk=application.pk).status == Status.NEEDS_CORRECTION
    assert timeline(application).last().detail == {"came_to": "of_another"}


def test_others_are_left_alone_and_nobody_is_found_twice(ready, erase):
    ready(**another_person(1))
    mine = ready()
    assert erase().count("erased") == 1
    assert Application.objects.filter(status=Status.DRAFT).count() == 1
    assert "Nothing is held" in erase()
    assert Application.objects.get(pk=mine.pk).status == Status.EXPIRED


def test_in_french(ready, erase):
    ready()
    told = erase("--language=fr")
    assert "Brouillon" in told
    assert "erased" not in told
