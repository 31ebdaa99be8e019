"""Every event of an application has its sentence, in both languages, and what happened is told in order."""

from datetime import UTC, datetime, timedelta
from string import Formatter

import pytest
from django.db import transaction
from django.utils.translation import override

from applications.consents import Consent, record_consent
from applications.models import ConsentKind, DeviceHolder
from applications.review.timeline import timeline_of
from applications.review.timeline_words import SENTENCES
from applications.statuses import Status
from applications.submission.by_person import settle_as_told
from applications.submission.cancellation import deliver_close, request_cancellation
from applications.submission.claims import begin_sending, claim_next
from applications.submission.decisions import Decision
from applications.submission.recording import give_up, record_decision
from applications.submission.sealing import submit
from applications.viewing import record_event
from audit.models import Event
from audit.names import EventName
from tests.factories import ApplicationFactory

# What happens to people, stores and credentials, and never to one application.
_OF_OTHERS = """
export_begun exported signed_in sign_in_failed signed_out signed_in_again till_locked till_unlocked till_handed_over
identity_bound second_factor_added second_factor_removed recovery_code_used recovery_codes_made merchant_created
merchant_changed store_created store_changed staff_invited invitation_used invitation_withdrawn staff_changed
staff_deactivated staff_reactivated bulk_started session_opened session_refused store_chosen credential_created
credential_changed credential_tested credential_switched credential_retired circuit_opened circuit_closed purge_run
sending_resumed
""".split()


def test_every_event_of_an_application_has_a_sentence():
    of_an_application = {name for name in EventName if not name.startswith(tuple(_OF_OTHERS))}
    assert of_an_application <= set(SENTENCES)


def entries(application, **options):
    return [entry for day in timeline_of(application, **options) for entry in day.entries]


def told(application):
    return [entry.what for entry in entries(application)]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_sentence_of_an_event_with_nothing_known_is_still_one(db, language):
    """Old events keep the detail they had; a timeline must be read for ever."""
    application = ApplicationFactory()
    details = {"step": "gone", "field": "phone_number", "due": "2026-01-01T00:00:00+00:00", "kind": "gone"}
    with override(language), transaction.atomic():
        for name in SENTENCES:
            record_event(application, EventName(name), by=None, detail=details)
        sentences = told(application)
    assert len(sentences) == len(SENTENCES)
    for sentence in sentences:
        assert sentence
        assert not [name for _, name, *_ in Formatter().parse(sentence) if name]
        assert "%(" not in sentence


def test_event_whose_name_is_gone_is_shown_by_it(db):
    application = ApplicationFactory()
    Event.objects.create(
        name="from_long_ago",
        subject_type="applications.application",
        subject_id=str(application.pk),
        at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    assert told(application) == ["from_long_ago"]


@pytest.mark.parametrize(
    ("name", "detail", "said"),
    [
        (EventName.TERMS_SHOWN, {"complete": True, "words": 3412}, "on the page: 3,412."),
        (EventName.TERMS_SHOWN, {"complete": False, "words": 3412}, "Not the whole document was on the page."),
        (
            EventName.TERMS_SHOWN,
            {"complete": False, "words": 3412, "missing": 1200},
            "1,200 words of the document are missing.",
        ),
        (EventName.TERMS_ACCEPTED, {"complete": False}, "Accepted although not the whole document was on the page."),
        (EventName.TERMS_ACCEPTED, {"scrolled_to_end": True}, "The end was on the screen."),
        (EventName.TERMS_ACCEPTED, {"scrolled_to_end": False}, "The end was not on the screen."),
        (EventName.TERMS_ACCEPTED, {"scrolled_to_end": None}, ""),
    ],
)
def test_terms_are_told_with_what_was_on_the_screen(db, name, detail, said):
    application = ApplicationFactory()
    with transaction.atomic():
        record_event(application, name, by=None, detail=detail)
    assert "".join(entries(application)[0].details).endswith(said)
    assert len(entries(application)[0].details) == bool(said)


def test_course_of_a_decision_is_told_in_order(decided):
    application = decided(middle_name="D-FRAUD")
    assert told(application) == [
        "The application was submitted and sealed.",
        "Attempt 1 was sent to Flexiti.",
        "Flexiti answered attempt 1: Declined.",
        "Social insurance number, security answer, identification word and full ID number were erased.",
    ]
    answered = entries(application)[2]
    assert answered.who == "The portal"
    assert any(detail.startswith("The call took ") for detail in answered.details)
    assert any("application_declined" in detail for detail in answered.details)


def test_settlement_is_told_with_its_reason_and_by_whom(unknown, manager):
    application = unknown("reset_before")
    settle_as_told(application, Status.DECLINED, reason="Case 4471", by=manager)
    settled = entries(application)[-2]
    assert settled.what == "The outcome was settled: Declined. Known from: A person, who asked Flexiti."
    assert settled.who == "Daniel Wong"
    assert settled.details == ["Reason: Case 4471"]
    assert not [entry for entry in entries(application, opening=False) if "Reason: Case 4471" in entry.details]


def test_late_answer_that_contradicts_is_told(ready, associate, manager):
    application = ready()
    submit(application, by=associate, revision=application.revision)
    begin_sending(attempt := claim_next())
    give_up(attempt)
    settle_as_told(application, Status.DECLINED, reason="Called", by=manager)
    record_decision(attempt, Decision(status=Status.PENDING, code="application_marked_pending", http_status=409))
    assert told(application)[-1] == (
        "A late answer to attempt 1 says Under review at Flexiti, but it was settled as Declined."
    )


def test_cancellation_is_told(decided, associate):
    application = decided(middle_name="A-RR_L", province="QC")
    deliver_close(request_cancellation(application, by=associate).pk)
    assert told(application)[-3:] == [
        "The customer asked for the account to be cancelled.",
        "The cancellation was sent to Flexiti.",
        "Flexiti closed the account.",
    ]


def test_consent_tells_who_held_the_device(ready, associate):
    application = ready()
    consent = Consent(ConsentKind.ANOTHER_INQUIRY, DeviceHolder.ASSOCIATE)
    with transaction.atomic():
        record_consent(application, consent, attempt=None, by=associate)
    assert told(application) == [
        "The customer’s consent was recorded: Another credit inquiry. "
        "Who held the device: The associate, who turned the screen to the customer."
    ]


def test_looking_again_and_again_is_one_line(db, manager):
    application = ApplicationFactory()
    for _ in range(3):
        record_event(application, EventName.VIEWED, by=manager, detail={"role": "manager"})
    record_event(application, EventName.VIEWED, by=manager)
    lines = entries(application)
    assert [(line.what, line.times) for line in lines] == [
        ("A manager opened the application.", 3),
        ("The application was opened at the counter.", 1),
    ]


def test_days_are_those_of_the_store(db, store):
    store.time_zone = "America/Vancouver"
    store.save()
    application = ApplicationFactory(store=store)
    midnight_there = datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
    for at in (midnight_there - timedelta(seconds=1), midnight_there):
        Event.objects.create(
            name=EventName.VIEWED,
            subject_type="applications.application",
            subject_id=str(application.pk),
            actor="Somebody",
            at=at,
        )
    assert [day.day.isoformat() for day in timeline_of(application)] == ["2026-06-30", "2026-07-01"]
