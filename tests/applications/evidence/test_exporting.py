"""`audit_export` proves what was shown and accepted, says so in both languages, and gives away nothing else."""

import hashlib
import json
import subprocess
import sys
import zipfile
from html.parser import HTMLParser

import html5lib
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from applications.evidence import exporting
from applications.evidence.exporting import export
from applications.evidence.outcomes import MEANING
from applications.journey import terms
from applications.journey.terms_display import display_of
from applications.models import Application, SubmissionAttempt, TermsAcceptance, TermsDisplay
from applications.purge import BY_PERIOD
from applications.retention.correcting import note_correction
from applications.retention.erasing import erase_answers
from applications.review.models import Correction
from applications.statuses import Status
from audit.bundle import proofs
from audit.bundle.verifier import Bundle, files_of, text_of
from audit.checkpoints import catch_up
from audit.events import record, timeline
from audit.models import Checkpoint
from audit.names import EventName
from audit.signing import public_keys
from evidence.chains import change, raw, rehash, unguarded
from tests.applications.evidence.conftest import ENGLISH, FRENCH, document_in
from tests.audit.test_checkpoints import append
from tests.factories import SAVED, ApplicationFactory, UserFactory


def exported(application, **options):
    return export(application, command="audit_export", operator="root", by=None, **options).files


def found(files):
    report = Bundle(files, list(public_keys().values()), None).verify()
    return [f"{where[0]}: {what[0]}" for where, what in report.findings]


def facts(files):
    return json.loads(files["record.json"])


# The command


def test_command_writes_a_bundle_that_checks_itself_on_a_bare_python(decided, tmp_path, capsys):
    path = tmp_path / "evidence.zip"
    call_command("audit_export", decided.reference_id, to=path, by="associate")
    told = capsys.readouterr().out
    assert "OK: nothing was changed since it was signed." in told
    assert "audit_checkpoint --public-key" in told
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    verifier = tmp_path / f"evidence-{decided.reference_id}" / "verify.py"
    assert hashlib.sha256(verifier.read_bytes()).hexdigest() in told
    checked = subprocess.run(
        [sys.executable, "-I", "-S", verifier, "--language", "en"], capture_output=True, encoding="utf-8", check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert "terms accepted: English, QC" in checked.stdout
    assert "given the French terms, the customer expressly asked for the English ones" in checked.stdout


def test_export_is_an_event_and_in_the_bundle_itself(agreed, tmp_path, associate):
    call_command("audit_export", str(agreed.pk), to=tmp_path / "one.zip", by="associate")
    event = timeline(agreed).last()
    assert (event.name, event.actor_id) == (EventName.EVIDENCE_EXPORTED, str(associate.pk))
    assert event.detail["command"] == "audit_export"
    assert event.detail["operator"]
    *_, last = files_of(tmp_path / "one.zip")["events.jsonl"].splitlines()
    assert json.loads(last)["hash"] == event.hash


def test_nothing_is_replaced_and_then_nothing_is_recorded(agreed, tmp_path):
    path = tmp_path / "evidence.zip"
    path.write_bytes(b"something")
    before = timeline(agreed).count()
    for place in (path, tmp_path / "nowhere" / "evidence.zip"):
        with pytest.raises(CommandError, match="Give another place"):
            call_command("audit_export", agreed.reference_id, to=place)
    assert path.read_bytes() == b"something"
    assert timeline(agreed).count() == before


@pytest.mark.parametrize("given", ["nonsense", "6f2b8a36d3f04a7f8a3c6d0d4f0e1c11"])
def test_application_that_is_not_there_is_said_to_be(db, given):
    with pytest.raises(CommandError, match="no application"):
        call_command("audit_export", given)


def test_person_who_does_not_sign_in_takes_nothing_out(agreed, tmp_path):
    UserFactory(username="gone", is_active=False)
    for username in ("nobody", "gone"):
        with pytest.raises(CommandError, match="Nobody signs in"):
            call_command("audit_export", agreed.reference_id, to=tmp_path / "x.zip", by=username)


def test_witness_is_given_what_the_bundle_holds(agreed, tmp_path, settings):
    settings.AUDIT_WITNESSES = [f"file:{tmp_path}"]
    call_command("audit_export", agreed.reference_id, to=tmp_path / "one.zip")
    kept = (tmp_path / "checkpoints.jsonl").read_bytes()
    assert Bundle(files_of(tmp_path / "one.zip"), [], kept).verify().findings == []


@pytest.mark.django_db(transaction=True)
def test_proofs_are_read_while_nothing_is_locked_and_again_if_something_came_between(agreed, monkeypatch):
    locked = []

    def proof_files(events):
        locked.append(connection.in_atomic_block)
        if len(locked) == 1:
            with transaction.atomic():
                record(EventName.VIEWED, subject=agreed, merchant_id=agreed.merchant_id, by=None)
        return proofs.proof_files(events)

    monkeypatch.setattr(exporting, "proof_files", proof_files)
    files = exported(agreed)
    assert locked == [False, False]
    assert len(files["events.jsonl"].splitlines()) == timeline(agreed).count()
    assert found(files) == []


# What is in it


def test_terms_are_there_as_bytes_and_harmless_as_displayed(agreed):
    files = exported(agreed)
    by_language = {one["language"]: one for one in facts(files)["terms"]}
    assert files[by_language["fr"]["file"]] == FRENCH
    assert files[by_language["en"]["file"]] == ENGLISH
    (display,) = by_language["fr"]["displays"]
    assert hashlib.sha256(files[display["file"]]).hexdigest() == display["sha256"]
    assert files[display["file"]] in files[display["page"]]
    displayed = files[display["page"]].decode()
    assert "Vous acceptez, à vos frais." in displayed
    assert "alert(1)" not in displayed
    assert "<script" not in displayed
    assert not [name for name in files if name.endswith(".html") and files[name] in (FRENCH, ENGLISH)]


def test_record_tells_of_acceptance_consent_and_decision(decided):
    told = facts(exported(decided))
    (acceptance,) = told["acceptances"]
    assert acceptance["terms"] == hashlib.sha256(ENGLISH).hexdigest()
    assert acceptance["french_terms_first"] == hashlib.sha256(FRENCH).hexdigest()
    assert (acceptance["device_holder"], acceptance["recorded_by"]) == ("customer", "associate")
    assert (told["consents"][0]["kind"], told["consents"][0]["device_holder"]) == ("waiting", "associate")
    assert (told["decision"]["status"], told["attempts"][0]["outcome"]) == ("approved", "approved")
    assert told["decision"]["credit_limit"]


def test_nothing_of_the_applicant_leaves_the_house_in_full(decided):
    """Also not within another word of any file, but for what everybody may see."""
    decision = SubmissionAttempt.objects.get().answer
    open_to_all = {"Toronto", "CAP", "CANADA", "Rent", "FE", "8", "ms", "en-CA", "ON", "2500.00"}
    values = {value for step in SAVED.values() for value in step.values()} - open_to_all
    values |= {"Anne-Élise", "O'Brien", "O&#x27;Brien", decision["account_number"], decision["customer_id"]}
    for name, content in exported(decided).items():
        for value in values:
            assert value.encode() not in content, (name, value)


def test_draft_with_sensitive_answers_gives_none_of_them(agreed):
    content = b"".join(exported(agreed).values())
    for value in ("046454286", "Mrs Horse", "Cloud", "AB000000"):
        assert value.encode() not in content


def test_answers_that_no_key_opens_are_said_to_be_closed(agreed):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE applications_application SET answers = 'gone.AAAA'")
    files = exported(Application.objects.get())
    assert (facts(files)["answers"], facts(files)["application"]["applicant"]) == (None, "")
    assert "The answers cannot be opened: their key is not here." in parts(files)[0]
    assert found(files) == []


def test_application_that_has_hardly_begun_has_a_bundle_too(db):
    files = exported(ApplicationFactory(answers={}))
    assert found(files) == []
    assert "No acceptance of terms was recorded." in parts(files)[0]
    assert "Aucune acceptation de conditions n’a été consignée." in parts(files)[1]


# What was changed


def test_record_that_was_changed_in_the_database_is_named(decided):
    unguarded()
    event = raw().filter(name=EventName.TERMS_ACCEPTED).get()
    change(event, detail={**event.detail, "device_holder": "associate"})
    told = found(exported(decided))
    assert f"events.jsonl, event {event.sequence}: its hash does not fit what it says" in told
    assert "record.json: no event tells of acceptance 1" in told


def test_acceptance_that_was_changed_beside_its_event_is_named(decided):
    TermsAcceptance.objects.update(device_holder="associate")
    assert found(exported(decided)) == ["record.json: no event tells of acceptance 1"]


def test_chain_that_was_made_anew_before_the_export_signs_it_is_named(decided):
    """The checkpoint of the export signs what it finds; an earlier one still says otherwise."""
    catch_up()
    unguarded()
    last = timeline(decided).last()
    rehash(last, actor="Nobody")
    told = found(exported(decided))
    assert told == [f"proofs.json, checkpoint 1: event {last.sequence} does not lead to what was signed"]


def test_list_of_heads_that_was_changed_is_named(decided):
    append("somebody else")
    catch_up()
    unguarded()
    sequence = timeline(decided).last().sequence
    raw(Checkpoint).update(heads='["other","1",1,"ff"]')
    told = found(exported(decided))
    assert told == [f"proofs.json, checkpoint 1: event {sequence} does not lead to what was signed"]


def test_events_that_were_given_new_numbers_are_named_all_the_same(decided):
    catch_up()
    unguarded()
    last = timeline(decided).last()
    raw().filter(pk=last.pk).update(id=last.pk + 1000)
    last.pk += 1000
    rehash(last, actor="Nobody")
    named = f"proofs.json, checkpoint 1: event {last.sequence} does not lead to what was signed"
    assert named in found(exported(decided))


def test_witness_who_disagrees_fails_the_command(agreed, tmp_path, settings, capsys):
    settings.AUDIT_WITNESSES = [f"file:{tmp_path}"]
    catch_up()
    line = Checkpoint.objects.get().line()
    (tmp_path / "checkpoints.jsonl").write_bytes(line.replace(b'"leaves":', b'"leaves":1') + b"\n")
    with pytest.raises(SystemExit, match="1"):
        call_command("audit_export", agreed.reference_id, to=tmp_path / "one.zip")
    assert "checkpoint 1: the witness has another one" in capsys.readouterr().out


def test_command_fails_over_changed_evidence_and_still_writes_it(agreed, tmp_path, capsys):
    TermsAcceptance.objects.update(device_holder="associate")
    with pytest.raises(SystemExit, match="1"):
        call_command("audit_export", agreed.reference_id, to=tmp_path / "one.zip", language="fr")
    told = capsys.readouterr()
    assert "NON CONFORME" in told.out
    assert "Do not hand it out: run audit_verify" in told.err
    assert "Hand it over" not in told.out
    assert (tmp_path / "one.zip").exists()


# The page


class Shape(HTMLParser):
    """The tags of one language's part, without what they hold."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.texts = [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)


def parts(files):
    """The page's two parts by language, and the whole."""
    html = files["index.html"].decode()
    english, french = html.index('<article id="en"'), html.index('<article id="fr"')
    first, second = sorted((english, french))
    end = html.index("</main>")
    by_start = {first: html[first:second], second: html[second:end]}
    return by_start[english], by_start[french], html


def test_page_says_in_french_all_that_it_says_in_english(decided):
    english, french, _ = parts(exported(decided))
    assert Shape(english).tags == Shape(french).tags
    for same in (hashlib.sha256(ENGLISH).hexdigest(), hashlib.sha256(FRENCH).hexdigest(), decided.reference_id):
        assert english.count(same) == french.count(same) > 0


def test_page_tells_what_was_shown_and_accepted(decided):
    english, french, _ = parts(exported(decided))
    for words in (
        "the French version was put before the customer first.",
        "having been given it, the customer expressly asked for the English version.",
        "Flexiti gave the portal this text.",
        "the terms were put before the customer on the screen: English version (Quebec).",
        "Every word of it was on the page: all 4 were compared.",
        "Whether the end of the text was on the screen is not known: the browser could not tell.",
        "they were accepted by ticking the box “",
        "The customer held the device.",
        "The associate held the device, and turned the screen to the customer.",
        "Waiting until Flexiti answers again",
        "What is not proved",
    ):
        assert words in english
        assert words not in french
    for words in (
        "la version française a d’abord été présentée au client",
        "le client a demandé expressément la version anglaise.",
        "Tous les mots du texte étaient sur la page\u00a0: les 4 mots ont été comparés.",
        "elles ont été acceptées en cochant la case",
        "Le client tenait l’appareil.",
        "Ce qui n’est pas prouvé",
        "I have read these terms and conditions and I agree to them.",
    ):
        assert words in french


def test_page_runs_nothing_loads_nothing_and_is_well_formed(decided):
    files = exported(decided)
    for name in ("index.html", *(shown["page"] for one in facts(files)["terms"] for shown in one["displays"])):
        html = files[name].decode()
        root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
        tags = [element.tag for element in root.iter()]
        assert not {"script", "img", "link", "iframe", "form", "object"} & set(tags)
        assert tags.count("h1") == 1
        assert "default-src 'none'; style-src 'sha256-" in html
        links = [element.get("href") for element in root.iter("a")]
        assert all(link.startswith("#") or link in files for link in links)
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))


def test_page_begins_with_french_in_quebec_and_for_whoever_chose_it(agreed):
    *_, html = parts(exported(agreed))
    assert '<html lang="fr">' in html
    Application.objects.update(province="ON")
    agreed.refresh_from_db()
    *_, html = parts(exported(agreed))
    assert '<html lang="en">' in html


def test_page_has_a_line_for_every_event_by_the_clock_of_the_store(decided):
    files = exported(decided)
    english, _, _ = parts(files)
    events = list(timeline(decided))
    assert english.count("<tr ") == len(events) + 1
    local = events[0].at.astimezone(decided.store.tzinfo)
    assert f"{local:%Y-%m-%d %H:%M:%S}" in english
    assert "America/Vancouver" in english


def test_page_tells_whether_the_end_was_on_the_screen(agreed):
    TermsAcceptance.objects.update(scrolled_to_end=False)
    english, french, _ = parts(exported(agreed))
    assert "The end of the text was not on the screen before it was accepted." in english
    assert "La fin du texte n’a pas été affichée à l’écran avant l’acceptation." in french


def test_terms_accepted_in_part_are_a_caution_and_told_plainly(agreed):
    document = document_in("en", b"<p>You agree.</p><iframe src='https://e.test/the-rest'></iframe>")
    terms.record_shown(agreed, display_of(document), by=agreed.created_by)
    terms.accept_terms(agreed, terms.Offered(document), document.sha256, device_holder="customer", by=agreed.created_by)
    files = exported(agreed)
    english, french, _ = parts(files)
    assert "Not all of it was on the page; 3 words were compared. 1 part that is no readable text" in english
    assert english.count("They were accepted although not all of the text was on the page, which the page said.") == 1
    assert "Le texte n’était pas en entier sur la page; 3 mots ont été comparés. 1 partie qui n’est pas" in french
    assert "bien que le texte n’ait pas été en entier sur la page, ce que la page indiquait." in french
    (page,) = [one for name, one in files.items() if b"1 part that is no readable text" in one and "displayed" in name]
    assert b"Not the whole document was on the page." in page
    bundle = Bundle(files, list(public_keys().values()), None)
    report = bundle.verify()
    assert report.findings == []
    (caution,) = report.cautions
    assert "accepted although not all of them was displayed. Words not displayed: 0. Other parts" in caution[0]
    assert "acceptées bien qu’elles n’aient pas été affichées en entier. Mots non affichés\u00a0: 0." in caution[1]
    for language, said in ((0, "; although NOT all of it was on the page"), (1, "; bien que le texte n’ait PAS été")):
        assert caution[language] in text_of(bundle, language)
        assert text_of(bundle, language).count(said) == 1


def test_page_tells_of_terms_that_were_shown_and_never_accepted(agreed):
    document = TermsAcceptance.objects.get().document
    later = ApplicationFactory(store=agreed.store, credential=agreed.credential, created_by=agreed.created_by)
    terms.record_shown(later, display_of(document), by=agreed.created_by)
    terms.record_shown(later, display_of(document), by=agreed.created_by)
    files = exported(later)
    english, french, _ = parts(files)
    assert "Shown, not accepted: English version (Quebec)" in english
    assert "The terms were put before the customer on the screen 2 times." in english
    assert "No acceptance of this text was recorded." in english
    assert "Présentées, mais non acceptées\u00a0: version anglaise (Québec)" in french
    assert found(files) == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("declined", "Flexiti declined the application."),
        ("unknown", "What Flexiti decided is not known"),
        ("pending", "Flexiti has not decided"),
        ("draft", "Nothing is decided"),
    ],
)
def test_page_says_what_became_of_it_and_never_a_refusal_that_was_none(agreed, status, words):
    Application.objects.update(status=status)
    agreed.refresh_from_db()
    english, _, _ = parts(exported(agreed))
    assert words in english
    assert ("declined the application" in english) == (status == "declined")


def test_every_status_has_its_meaning():
    assert {str(status) for status in MEANING} == set(Status.values)


def test_page_tells_what_was_erased_and_why_and_the_outcome_stays(decided):
    with transaction.atomic():
        erase_answers(decided, why=BY_PERIOD)
    files = exported(Application.objects.get())
    english, french, _ = parts(files)
    for words in (
        "the social insurance number, security answer, identification word and full ID number were erased",
        "everything that said who the customer was, was erased, because its period was over",
        "The amounts and the message of the answer were erased",
        "Flexiti answered attempt 1: Approved.",
        "The answers were erased; when and why is said below.",
        "The customer held the device.",
    ):
        assert words in english
    assert "tout ce qui identifiait le client a été effacé, parce que le délai de conservation était écoulé" in french
    assert "Nothing was answered" not in english
    assert facts(files)["application"]["erased_at"]
    report = Bundle(files, list(public_keys().values()), None).verify()
    assert report.findings == []
    assert any(
        "everything that said who the customer was, erased: its period was over" in one for one, _ in report.shown
    )


def test_answers_that_are_still_there_after_the_event_of_their_erasure_are_named(decided):
    with transaction.atomic():
        erase_answers(decided, why=BY_PERIOD)
    Application.objects.update(erased_at=None)
    (told,) = found(exported(Application.objects.get()))
    assert "it tells that the answers were erased" in told


def test_page_tells_of_corrections_and_not_what_they_say(decided, associate):
    note_correction(decided, "It is 416-555-0199.", field="phone_number", by=associate)
    note_correction(decided, "I moved in March.", by=associate)
    files = exported(decided)
    english, french, _ = parts(files)
    assert "associate noted a correction of one answer: Mobile phone number." in english
    assert "associate a noté une correction à la demande du client." in french
    assert [one["field"] for one in facts(files)["corrections"]] == ["phone_number", ""]
    assert not [name for name, content in files.items() if b"555-0199" in content or b"moved in March" in content]
    assert found(files) == []
    Correction.objects.filter(field="").update(field="email")
    assert found(exported(decided)) == ["record.json: no event tells of correction 2"]


def test_display_that_was_changed_in_the_database_is_named(agreed):
    TermsDisplay.objects.filter(document__language="en").update(html="<p>You agree to more.</p>")
    (told,) = found(exported(agreed))
    assert "it is not what the events say was on the screen" in told
