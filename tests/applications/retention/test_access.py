"""What is held on a customer, written out for them: all of it, nobody else's, and on the record."""

import io
import json
import stat

import pytest
from django.core.management import CommandError, call_command

from applications.answers import Answers
from applications.models import Application, SettledBy, Settlement, SubmissionAttempt
from applications.persons import name_keys
from applications.retention.correcting import note_correction
from applications.review.following_up import add_note
from applications.review.revealing import reveal
from applications.statuses import Status
from applications.submission.decisions import Decision
from audit.events import timeline
from audit.models import Event
from merchants.models import Role
from tests.applications.journey.conftest import person
from tests.applications.people import another_person
from tests.factories import StoreFactory, UserFactory
from vault.fields import Sealed

NAME = {"last_name": "o’brien", "dob": "1988-04-09"}


@pytest.fixture
def ask(store, manager, tmp_path, monkeypatch):
    """`ask(phone_number="416 555 0142")`: the text and the JSON that the command writes."""

    def run(*options, name="answer", **said):
        lines = "\n".join(f"{key}: {value}" for key, value in (said or NAME).items())
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        to = tmp_path / name
        call_command("access_request", str(to), *options, merchant=store.merchant.name, by=manager.username)
        return (tmp_path / f"{name}.txt").read_text(), json.loads((tmp_path / f"{name}.json").read_text())

    return run


def references(answer):
    return [one["reference_id"] for one in answer["applications"]]


def part(answer, name, number=0):
    parts = answer["applications"][number]["parts"]
    return next(one["facts"] for one in parts if one["part"] == name)


def test_everything_is_written_out_in_words_and_for_machines(pending, manager, ask):
    add_note(pending, "Called twice", by=manager)
    reveal(pending, "phone_number", reason="To call her back", by=manager)
    note_correction(pending, "Apartment 2 is missing", field="address_1", by=manager)
    text, answer = ask()
    assert references(answer) == [pending.reference_id]
    for said in (
        "10 Example Street",
        "anne@example.test",
        "O'Brien",
        "Called twice",
        "To call her back",
        "Apartment 2 is missing",
        "Under review at Flexiti",
        "Daniel Wong",
        pending.acceptances.get().document.sha256,
        "The application was submitted and sealed.",
    ):
        assert said in text, said
    assert {"last_name": "O'Brien"} in part(answer, "answers")
    assert {"employer_name": "Example Inc"} in part(answer, "send_1")
    assert part(answer, "corrections")[0]["correction"]["text"] == "Apartment 2 is missing"
    revealed = next(fact["revealed"] for fact in part(answer, "seen_by") if "revealed" in fact)
    assert (revealed["who"], revealed["reason"]) == ("Daniel Wong", "To call her back")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Not the whole document was on the page. 3 words of the document are missing."),
        ("fr", "Le document n’était pas en entier sur la page. 3 mots du document manquent à l’écran."),
    ],
)
def test_terms_that_were_shown_in_part_say_so(pending, ask, language, said):
    text, answer = ask(f"--language={language}")
    assert said not in text
    document = pending.acceptances.get().document
    in_part = document.displays.create(
        sha256="0" * 64, html="<p>You agree.</p>", words=6, missing_words=3, left_out=0, is_complete=False
    )
    pending.acceptances.update(display=in_part)
    text, answer = ask(f"--language={language}", name="again")
    assert said in text
    assert part(answer, "terms")[0]["acceptance"]["missing_words"] == 3


def test_what_is_never_written_down_is_named_only(unknown, ask):
    unknown()
    text, answer = ask()
    for value in ("046454286", "Mrs Horse", "Cloud", "AB000000"):
        assert value not in text
        assert value not in json.dumps(answer)
    assert {"sin": "held"} in part(answer, "answers")
    assert {"sin": "held"} in part(answer, "send_1")
    assert "never written out" in text


def test_in_french(pending, ask):
    text, answer = ask("--language=fr")
    assert "Demande" in text
    assert "The application" not in text
    assert answer["language"] == "fr"


def test_files_are_their_owners_alone_and_nothing_is_overwritten(pending, ask, tmp_path):
    ask()
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = Event.objects.count()
    with pytest.raises(CommandError, match="is there already"):
        ask()
    assert Event.objects.count() == before
    (tmp_path / "answer.txt").unlink()
    with pytest.raises(CommandError, match="is there already"):
        ask()
    assert not (tmp_path / "answer.txt").exists()


def test_request_is_on_the_record(pending, manager, store, ask):
    ask()
    event = timeline(pending).last()
    assert (event.name, event.actor_id, event.detail) == ("access_answered", str(manager.pk), {})
    assert timeline(store.merchant).last().detail == {"applications": 1, "language": "en"}


def test_nothing_found_says_so_and_is_on_the_record(store, ask):
    text, answer = ask(email="nobody@example.test")
    assert "Nothing is held" in text
    assert answer["applications"] == []
    assert timeline(store.merchant).last().detail["applications"] == 0


def test_every_way_of_saying_who_it_is_finds_the_application(decided, ask):
    application = decided(middle_name="A-RR_L")
    said = (
        {"phone_number": "(416) 555-0142"},
        {"email": "Anne@Example.test"},
        {"account_number": application.attempts.get().answer["account_number"]},
        {**NAME, "first_names": "Anne-Elise, Anne"},
    )
    for number, one in enumerate(said):
        assert references(ask(name=str(number), **one)[1]) == [application.reference_id]


def test_draft_is_found_though_it_has_no_indexes_yet(ready, ask):
    draft = ready()
    assert not draft.name_key
    assert references(ask()[1]) == [draft.reference_id]


def test_what_is_typed_and_not_saved_is_written_out_too(ready, ask):
    draft = ready()
    answers = Answers.from_json(draft.answers).with_typed("contact", {"email": "not an address yet"})
    draft.answers = answers.to_json()
    draft.save()
    assert "not an address yet" in ask()[0]


def test_other_customers_and_other_merchants_are_left_out(decided, ready, ask):
    mine = decided(middle_name="A-RR_L")
    decided(middle_name="A-RR_L", **another_person(1))
    elsewhere = StoreFactory()
    other = ready()
    Application.objects.filter(pk=other.pk).update(store=elsewhere, merchant=elsewhere.merchant)
    text, answer = ask()
    assert references(answer) == [mine.reference_id]
    assert "Person 1" not in text


def test_phone_of_a_family_is_not_enough(decided, ask, tmp_path):
    mine = decided(middle_name="A-RR_L")
    decided(middle_name="A-RR_L", first_name="Paul", dob="1960-01-01")
    with pytest.raises(CommandError, match=r"2 people\. Add last_name and dob"):
        ask(phone_number="4165550142")
    assert not list(tmp_path.iterdir())
    assert references(ask(phone_number="4165550142", **NAME)[1]) == [mine.reference_id]


def test_twins_are_told_apart_by_their_first_names(decided, ask, tmp_path):
    decided(middle_name="A-RR_L")
    twin = decided(middle_name="A-RR_L", first_name="Paul", phone_number="4165550143", email="paul@example.test")
    with pytest.raises(CommandError, match=r"2 people\. Add first_names"):
        ask()
    assert not list(tmp_path.iterdir())
    assert references(ask(**NAME, first_names="paul")[1]) == [twin.reference_id]


def test_draft_that_is_about_somebody_else_by_now_shows_only_what_was_sent(decided, ask):
    application = decided(middle_name="A-RR_L")
    Application.objects.update(status="needs_correction")
    application.refresh_from_db()
    saved = {"identity": {"first_name": "Paul", "last_name": "Roy", "dob": "1960-01-01"}}
    application.answers = Answers(saved=saved).to_json()
    application.save()
    text, _answer = ask()
    assert "Roy" not in text
    assert "10 Example Street" in text


def test_send_before_another_persons_is_found_and_nothing_of_the_other_person(decided, ask):
    """The form was filled in again for somebody else, sent and settled: its indexes are theirs by now."""
    application = decided(middle_name="A-RR_L")
    first = application.attempts.get()
    roy = {"first_name": "Paul", "last_name": "Roy", "dob": "1960-01-01"}
    second = SubmissionAttempt.objects.create(
        application=application,
        number=2,
        acceptance=first.acceptance,
        store=first.store,
        credential=first.credential,
        submitted_by=first.submitted_by,
        snapshot={**first.snapshot, **roy},
        digest=first.digest,
        closed_at=first.closed_at,
        outcome=Status.UNKNOWN,
    )
    answer = Decision(status=Status.APPROVED, account_number="99900011").to_json()
    Settlement.objects.create(
        application=application, attempt=second, how=SettledBy.PERSON, outcome=Status.APPROVED, answer=answer
    )
    application.answers = Answers(saved={"identity": roy}).to_json()
    application.name_key = name_keys("Roy", "1960-01-01")[0]
    application.save()
    text, told = ask()
    assert references(told) == [application.reference_id]
    assert "10 Example Street" in text
    assert "Roy" not in text
    assert "99900011" not in text
    assert "99900011" in ask(name="roy", last_name="Roy", dob="1960-01-01")[0]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ASSOCIATE])
def test_only_operators_and_managers_of_the_merchant_may(pending, store, role, monkeypatch, tmp_path):
    person("Somebody Else", store, role)
    monkeypatch.setattr("sys.stdin", io.StringIO("email: anne@example.test"))
    for by in ("Somebody Else", "nobody"):
        with pytest.raises(CommandError, match="neither an operator nor a manager"):
            call_command("access_request", str(tmp_path / "a"), merchant=store.merchant.name, by=by)
    operator = UserFactory(is_superuser=True)
    call_command("access_request", str(tmp_path / "a"), merchant=str(store.merchant.pk), by=operator.username)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("last_name: O'Brien", "date of birth"),
        ("nonsense", "Line 1"),
        ("colour: blue", "Line 1"),
        ("phone_number: 555", "ten digits"),
        ("", "at least one"),
    ],
)
def test_what_cannot_be_understood_is_said(store, manager, monkeypatch, tmp_path, lines, problem):
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    with pytest.raises(CommandError, match=problem):
        call_command("access_request", str(tmp_path / "a"), merchant=store.merchant.name, by=manager.username)


def test_customer_may_be_described_in_a_file(pending, store, manager, tmp_path):
    file = tmp_path / "who"
    file.write_text("last_name: O'Brien\ndob: 1988-04-09\n")
    to = str(tmp_path / "a")
    call_command("access_request", to, "--from", str(file), merchant=store.merchant.name, by=manager.username)
    assert pending.reference_id in (tmp_path / "a.txt").read_text()


def test_insurance_number_that_somebody_wrote_into_a_text_is_not_written_out(pending, manager, ask):
    add_note(pending, "Says 046 454 286, not 046454287; call 416-555-0142", by=manager)
    reveal(pending, "phone_number", reason="She left 046-454-286", by=manager)
    note_correction(pending, "My number is 046454286.", field="", by=manager)
    for answer in map(str, ask()):
        assert "Says •••, not 046454287; call 416-555-0142" in answer
        assert "She left •••" in answer
        assert "My number is •••." in answer


def test_answers_that_cannot_be_opened_are_said_to_be_and_nothing_is_written(pending, ask, tmp_path):
    Application.objects.filter(pk=pending.pk).update(answers=Sealed("v1.k9.AAAA"))
    with pytest.raises(CommandError, match="cannot be opened"):
        ask()
    assert list(tmp_path.iterdir()) == []
