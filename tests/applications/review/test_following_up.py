"""What managers do about an application under review, and that nobody overwrites another."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from applications.follow_ups import FollowUp
from applications.models import Settlement
from applications.review import following_up
from applications.review.following_up import ChangedMeanwhile, mark_of
from applications.review.models import FollowUpNote, StatedOutcome
from applications.statuses import Status
from applications.submission.by_person import end_review_as_told
from audit.events import timeline
from audit.names import EventName
from merchants.models import Role
from tests.applications.journey.conftest import person, signed_in
from tests.factories import StoreFactory

CALLED = "Spoke to Marie at 16:10, call 4471"


def happened(application, name):
    return [event.detail for event in timeline(application).filter(name=name)]


def post(client, application, name, **data):
    return client.post(reverse(name, args=[application.pk]), data)


def html_of(answer):
    return " ".join(answer.content.decode().split())


def mark(application):
    return mark_of(FollowUp.objects.get(pk=application.pk))


def test_manager_takes_it(manager_client, manager, pending):
    post(manager_client, pending, "follow_up_take", seen=mark(pending))
    assert FollowUp.objects.get().owner == manager
    assert happened(pending, EventName.FOLLOW_UP_CHANGED)[0]["owner"] == "Daniel Wong"


def test_taking_from_the_worklist_leads_back_there(manager_client, pending):
    worklist = reverse("worklist_pending") + "?whose=nobodys"
    answer = post(manager_client, pending, "follow_up_take", seen=mark(pending), next=worklist)
    assert answer.headers["Location"] == worklist


def test_taking_what_somebody_took_meanwhile_says_so(manager_client, pending, associate):
    seen = mark(pending)
    following_up.take(pending, seen=seen, by=associate)
    answer = manager_client.post(reverse("follow_up_take", args=[pending.pk]), {"seen": seen}, follow=True)
    assert "Somebody else changed this meanwhile" in html_of(answer)
    assert FollowUp.objects.get().owner == associate


def test_owner_and_due_time_are_given_by_the_stores_clock(manager_client, pending, associate, store):
    store.time_zone = "America/Vancouver"
    store.save()
    tomorrow = (timezone.localtime(timezone=store.tzinfo) + timedelta(days=1)).replace(hour=17, minute=30)
    due = f"{tomorrow:%Y-%m-%dT%H:%M}"
    data = {"plan-owner": str(associate.pk), "plan-due_at": due, "seen": mark(pending)}
    assert post(manager_client, pending, "follow_up_plan", **data).status_code == 302
    follow_up = FollowUp.objects.get()
    assert follow_up.owner == associate
    assert timezone.localtime(follow_up.due_at, store.tzinfo).strftime("%Y-%m-%dT%H:%M") == due
    page = html_of(manager_client.get(reverse("review_application", args=[pending.pk])))
    assert f'value="{due}"' in page
    assert "the follow-up belongs to associate." in page


def test_plan_that_somebody_changed_meanwhile_keeps_what_was_typed(manager_client, pending, associate):
    seen = mark(pending)
    following_up.take(pending, seen=seen, by=associate)
    data = {"plan-owner": "", "plan-due_at": "2099-01-31T17:00", "seen": seen}
    answer = post(manager_client, pending, "follow_up_plan", **data)
    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile" in html_of(answer)
    assert 'value="2099-01-31T17:00"' in html_of(answer)
    assert FollowUp.objects.get().owner == associate


def test_owner_may_change_while_the_due_time_is_over(manager_client, pending, associate):
    FollowUp.objects.update(due_at=timezone.now() - timedelta(days=1))
    due_at = FollowUp.objects.get().due_at
    due = timezone.localtime(due_at, pending.store.tzinfo).strftime("%Y-%m-%dT%H:%M")
    data = {"plan-owner": str(associate.pk), "plan-due_at": due, "seen": mark(pending)}
    assert post(manager_client, pending, "follow_up_plan", **data).status_code == 302
    assert (FollowUp.objects.get().owner, FollowUp.objects.get().due_at) == (associate, due_at)


@pytest.mark.parametrize(
    ("due", "complaint"),
    [
        ("", "Give a day and a time."),
        ("tomorrow", "Give a day and a time, such as"),
        ("2020-01-01T10:00", "Give a time that is still to come."),
    ],
)
def test_due_time_that_cannot_be_is_said(manager_client, pending, due, complaint):
    answer = post(manager_client, pending, "follow_up_plan", **{"plan-due_at": due, "seen": mark(pending)})
    assert answer.status_code == 422
    assert complaint in html_of(answer)


def test_stranger_cannot_be_given_it(manager_client, pending):
    elsewhere = person("elsewhere", StoreFactory())
    data = {"plan-owner": str(elsewhere.pk), "plan-due_at": "2099-01-31T17:00", "seen": mark(pending)}
    assert post(manager_client, pending, "follow_up_plan", **data).status_code == 422
    assert FollowUp.objects.get().owner is None


def test_note_is_sealed_and_read_with_its_author(manager_client, manager, pending):
    post(manager_client, pending, "follow_up_note", **{"note-text": "Line one\nLine <two>"})
    note = FollowUpNote.objects.get()
    assert (note.text, note.written_by) == ("Line one\nLine <two>", manager)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM review_followupnote")
        assert "Line" not in str(cursor.fetchall())
    page = html_of(manager_client.get(reverse("review_application", args=[pending.pk])))
    assert "Line &lt;two&gt;" in page
    assert happened(pending, EventName.FOLLOW_UP_NOTED) == [{"note": str(note.pk)}]


def test_call_is_recorded_without_a_note(manager_client, pending):
    post(manager_client, pending, "follow_up_note", **{"note-called": "on"})
    assert FollowUp.objects.get().called_at
    assert len(happened(pending, EventName.CUSTOMER_CALLED)) == 1
    assert not FollowUpNote.objects.exists()


def test_empty_note_is_asked_for(manager_client, pending):
    answer = post(manager_client, pending, "follow_up_note")
    assert answer.status_code == 422
    assert "Write a note, or say that the customer was called." in html_of(answer)


def close(client, application, **data):
    return post(client, application, "follow_up_close", **{f"close-{name}": value for name, value in data.items()})


def test_approval_settles_the_application(manager_client, manager, pending):
    close(manager_client, pending, told="approved", account_number="2003 5156", reason=CALLED)
    pending.refresh_from_db()
    follow_up, settlement = FollowUp.objects.get(), Settlement.objects.get()
    assert pending.status == Status.APPROVED
    assert (settlement.how, settlement.settled_by, settlement.reason) == ("person", manager, CALLED)
    assert (follow_up.outcome, follow_up.closed_by) == ("approved", manager)
    assert happened(pending, EventName.FOLLOW_UP_CLOSED) == [{"outcome": "approved"}]
    page = html_of(manager_client.get(reverse("review_application", args=[pending.pk])))
    assert "No answer told the offers and the other figures" in page
    assert f"Reason: {CALLED}" in page


def test_decline_settles_the_application(manager_client, pending):
    close(manager_client, pending, told="declined", reason=CALLED)
    pending.refresh_from_db()
    assert (pending.status, FollowUp.objects.get().outcome) == (Status.DECLINED, "declined")


@pytest.mark.parametrize("told", ["withdrawn", "not_told"])
def test_what_the_lender_did_not_decide_closes_the_follow_up_only(manager_client, manager, pending, told):
    close(manager_client, pending, told=told, reason=CALLED)
    pending.refresh_from_db()
    follow_up = FollowUp.objects.get()
    assert pending.status == Status.PENDING
    assert (follow_up.outcome, follow_up.closed_by) == (told, manager)
    assert not Settlement.objects.exists()
    assert FollowUpNote.objects.get().text == CALLED
    assert happened(pending, EventName.FOLLOW_UP_CLOSED) == [{"outcome": told}]


def test_closed_follow_up_can_be_opened_again(manager_client, pending):
    close(manager_client, pending, told="withdrawn", reason=CALLED)
    assert "Open it again" in html_of(manager_client.get(reverse("review_application", args=[pending.pk])))
    post(manager_client, pending, "follow_up_open_again")
    assert FollowUp.objects.get().is_open
    assert FollowUp.objects.get().due_at > timezone.now()
    assert happened(pending, EventName.FOLLOW_UP_CHANGED)[0]["opened_again"] is True


def test_decided_application_is_not_opened_again(manager_client, pending):
    close(manager_client, pending, told="declined", reason=CALLED)
    answer = manager_client.post(reverse("follow_up_open_again", args=[pending.pk]), follow=True)
    assert "Somebody else changed this meanwhile" in html_of(answer)
    assert not FollowUp.objects.get().is_open


@pytest.mark.parametrize("told", ["approved", "withdrawn"])
def test_second_closing_writes_nothing_and_keeps_what_was_typed(manager_client, pending, associate, told):
    following_up.close(pending, StatedOutcome.NOT_TOLD, reason="A colleague called", by=associate)
    number = {"account_number": "20035156"} if told == "approved" else {}
    answer = close(manager_client, pending, told=told, reason=CALLED, **number)
    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile" in html_of(answer)
    pending.refresh_from_db()
    assert (pending.status, FollowUp.objects.get().outcome) == (Status.PENDING, "not_told")


def test_settled_meanwhile_writes_nothing(manager_client, pending, associate):
    end_review_as_told(pending, Status.DECLINED, reason="A colleague called", by=associate)
    answer = close(manager_client, pending, told="approved", account_number="20035156", reason=CALLED)
    assert answer.status_code == 409
    pending.refresh_from_db()
    assert pending.status == Status.DECLINED


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"reason": CALLED}, "Choose how it ended."),
        ({"told": "declined"}, "Write down how you know"),
        ({"told": "approved", "reason": CALLED}, "An approval has an account number."),
        ({"told": "withdrawn", "account_number": "2", "reason": CALLED}, "Only an approval has an account number."),
    ],
)
def test_closing_form_says_what_is_missing(manager_client, pending, data, complaint):
    answer = close(manager_client, pending, **data)
    assert answer.status_code == 422
    assert complaint in html_of(answer)
    assert FollowUp.objects.get().is_open


def test_account_of_another_application_is_refused(manager_client, pending, decided, sandbox):
    other = decided(middle_name="A-RR_L", last_name="Tremblay", dob="1970-01-01")
    number = other.latest_attempt.answer["account_number"]
    answer = close(manager_client, pending, told="approved", account_number=number, reason=CALLED)
    assert answer.status_code == 422
    assert "Another application brought this account, or the customer had it before." in html_of(answer)


def test_plan_of_a_closed_follow_up_is_not_changed(pending, associate):
    seen = mark(pending)
    following_up.close(pending, StatedOutcome.WITHDRAWN, reason=CALLED, by=associate)
    with pytest.raises(ChangedMeanwhile):
        following_up.take(pending, seen=seen, by=associate)


@pytest.mark.parametrize("name", ["take", "plan", "note", "close", "open_again"])
def test_associates_and_strangers_change_nothing(pending, associate, store, name):
    address = reverse(f"follow_up_{name}", args=[pending.pk])
    data = {"seen": mark(pending), "note-text": "x", "close-told": "withdrawn", "close-reason": "x"}
    assert signed_in(associate).post(address, data).status_code == 403
    for elsewhere in (StoreFactory(merchant=store.merchant), StoreFactory()):
        stranger = signed_in(person(f"manager of {elsewhere}", elsewhere, Role.MANAGER))
        assert stranger.post(address, data).status_code == 404
    assert not timeline(pending).filter(name__startswith="follow_up").exists()


def test_what_was_never_pending_has_no_follow_up(manager_client, decided):
    application = decided(middle_name="D-FRAUD")
    assert post(manager_client, application, "follow_up_take", seen="").status_code == 404
    page = html_of(manager_client.get(reverse("review_application", args=[application.pk])))
    assert 'id="follow-up"' not in page
