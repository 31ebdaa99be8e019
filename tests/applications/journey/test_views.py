"""The journey through its pages, with the real sandbox behind them."""

import json

import pytest
from django.urls import reverse

from applications.answers import Answers
from applications.models import Application
from applications.statuses import Status
from audit.events import timeline
from audit.names import EventName
from merchants.models import I18nAnswer, User
from tests.applications.journey.walking import FORM_STEPS, TYPED, Page
from tests.factories import saved_answers


def events(application):
    return [event.name for event in timeline(application)]


def test_start_application_begins_at_the_first_step(walker):
    page = walker.start()
    assert page.url == walker.url("start")
    assert walker.application.status == Status.DRAFT
    assert events(walker.application) == [EventName.APPLICATION_STARTED]


def test_start_application_needs_a_post(walker):
    assert walker.client.get(reverse("start_application")).status_code == 405
    assert not Application.objects.exists()


def test_start_application_speaks_the_language_of_the_screen(walker):
    walker.client.cookies["language"] = "fr"
    page = walker.start()
    assert walker.application.language == "fr-CA"
    assert page.value("language") == "fr-CA"


def test_walk_saves_every_step_and_leads_to_the_next(walker):
    walker.start()
    for step, next_step in zip(FORM_STEPS, (*FORM_STEPS[1:], "terms"), strict=True):
        assert walker.answer(step).url == walker.url(next_step)
    flat = walker.answers.flat()
    assert flat["amount_requested"] == "2500.00"
    assert flat["household_income"] == "81000.00"
    assert flat["first_name"] == "Anne-Élise"
    assert flat["postal_code"] == "M5V2T6"
    assert flat["sin"] == "046454286"
    assert events(walker.application).count(EventName.STEP_SAVED) == 5
    assert walker.application.options_digest


def test_walk_in_french(walker):
    walker.client.cookies["language"] = "fr"
    walker.start()
    walker.answer("start", language="fr-CA", province="QC", amount_requested="2 500,00 $")
    for step in FORM_STEPS[1:]:
        page = walker.answer(step)
    assert page.url == walker.url("terms")
    walker.accept(page)
    page = walker.open("check")
    assert page.url == walker.url("check")
    assert "2\u00a0500,00\u00a0$" in page.html


def test_step_leaves_no_answer_in_the_audit(walker):
    walker.start()
    for step in FORM_STEPS:
        walker.answer(step)
    written = " ".join(str(event.detail) for event in timeline(walker.application))
    for answer in ("Anne", "Brien", "046454286", "anne@example.test", "Horse", "2500.00"):
        assert answer not in written


@pytest.mark.parametrize("step", ["identity", "contact", "income", "security", "terms", "check"])
def test_step_ahead_of_its_turn_leads_to_the_first_unfinished(walker, step):
    walker.start()
    assert walker.open(step).url == walker.url("start")


def test_step_posted_ahead_of_its_turn_is_kept_but_not_saved(walker):
    walker.start()
    page = walker.post(walker.url("contact"), TYPED["contact"])
    assert page.url == walker.url("start")
    assert "contact" not in walker.answers.saved
    walker.answer("start")
    walker.answer("identity")
    assert walker.open("contact").value("city") == "Toronto"


def test_step_that_does_not_exist_is_not_found(walker):
    walker.start()
    assert walker.open("marriage").status == 404


def test_completed_step_can_be_opened_again_with_what_was_saved(walker):
    walker.arrive("security")
    page = walker.open("identity")
    assert page.url == walker.url("identity")
    assert page.value("first_name") == "Anne-Élise"
    assert page.value("govid_issuedby") == "CANADA"


def test_invalid_answer_gets_a_message_and_stays_on_the_page(walker):
    walker.arrive("contact")
    page = walker.answer("contact", postal_code="12345", city="Montréal")
    assert page.status == 422
    assert page.errors("postal_code")
    assert "#id_postal_code" in page.links
    assert (page.value("postal_code"), page.value("city")) == ("12345", "Montréal")
    assert "contact" not in walker.answers.saved


def test_invalid_answer_is_still_there_on_a_later_visit(walker):
    walker.arrive("contact")
    walker.answer("contact", postal_code="12345", city="Montréal")
    page = walker.open("contact")
    assert (page.value("postal_code"), page.value("city")) == ("12345", "Montréal")


@pytest.mark.parametrize("step", FORM_STEPS)
def test_characters_that_no_page_can_hold_are_refused_and_shown_as_browsers_do(walker, step):
    asked = walker.arrive(step)
    page = walker.answer(step, on=asked, **dict.fromkeys(TYPED[step], "A\0\x80\ufffe"))
    assert page.status == 422
    later = walker.open(step)
    for shown in (page, later, walker.get(reverse("counter"))):
        assert not set(shown.html) & set("\0\x80\ufffe")
    if step == "contact":
        assert later.value("city") == "A\ufffd\ufffd\ufffd"
        assert walker.answer(step, on=later, city=later.value("city")).errors("city")


@pytest.mark.parametrize(
    ("step", "field", "value"),
    [
        ("start", "province", "XX"),
        ("start", "language", "de-DE"),
        ("identity", "salutation", "dr"),
        ("identity", "govid_type", "LIBRARY"),
        ("income", "occupation_id", "FE'; --"),
        ("income", "housing_type", "rent"),
        ("security", "security_qid", "1"),
    ],
)
def test_select_with_a_value_that_was_never_offered_is_refused(walker, step, field, value):
    walker.arrive(step)
    if step == "start":
        walker.start()
    page = walker.answer(step, **{field: value})
    assert page.status == 422
    assert step not in walker.answers.saved


def test_issuer_of_another_type_is_refused(walker):
    walker.arrive("identity")
    page = walker.answer("identity", govid_type="CADL", govid_issuedby="CANADA")
    assert page.status == 422
    assert page.errors("govid_issuedby")


def test_refresh_gives_the_issuers_of_the_type_without_judging(walker):
    walker.arrive("identity")
    page = walker.answer("identity", govid_type="CADL", govid_issuedby="", dob="", refresh="govid_issuedby")
    assert page.status == 200
    assert not page.errors("dob")
    issuers = [it.get("value") for it in page.elements("option")]
    assert {"ON", "QC"} <= set(issuers)
    assert page.value("first_name") == "Anne-Élise"


def test_refresh_comes_back_to_the_list_that_changed(walker):
    walker.arrive("identity")
    data = {**TYPED["identity"], "refresh": "govid_issuedby"}
    response = walker.client.post(walker.url("identity"), data)
    assert response["Location"] == walker.url("identity") + "#id_govid_issuedby"
    response = walker.client.post(walker.url("identity"), {**data, "refresh": "//elsewhere.example"})
    assert response["Location"] == walker.url("identity")


# Languages


def test_switch_of_the_staff_language_keeps_what_was_typed(walker):
    walker.arrive("income")
    page = walker.answer("income", personal_income="52 mille", sin="", switch_staff_language="fr")
    assert page.url == walker.url("income")
    assert page.status == 200
    assert '<html lang="fr">' in page.html
    assert page.value("personal_income") == "52 mille"
    assert page.value("occupation_title") == "Clerk"
    assert "income" not in walker.answers.saved
    assert User.objects.get(username="associate").language == "fr"


def test_switch_of_the_customers_language_keeps_what_was_typed(walker):
    walker.arrive("income")
    page = walker.answer("income", personal_income="52 mille", switch_customer_language="fr-CA")
    assert page.url == walker.url("income")
    assert walker.application.language == "fr-CA"
    assert page.value("personal_income") == "52 mille"
    options = [it for it in page.elements("option") if it.get("value") == "FE"]
    assert options[0].get("lang") == "fr"


def test_switch_of_the_customers_language_on_the_first_step_changes_its_answer(walker):
    walker.start()
    page = walker.answer("start", switch_customer_language="fr-CA")
    assert page.value("language") == "fr-CA"
    walker.answer("start", language="fr-CA")
    assert walker.application.language == "fr-CA"


def test_switch_on_a_saved_first_step_keeps_what_was_typed_over_it(walker):
    walker.arrive("identity")
    page = walker.answer("start", amount_requested="3,750.00", switch_customer_language="fr-CA")
    assert page.value("amount_requested") == "3,750.00"
    assert page.value("language") == "fr-CA"
    assert walker.application.language == "fr-CA"


def test_switch_settles_no_complaint_of_the_lender(walker, ready):
    walker.take(complained_of(ready(), province="invalid", phone_number="required"))
    walker.answer("start", switch_customer_language="fr-CA")
    assert walker.application.language == "fr-CA"
    assert walker.answers.corrections == {"province": "invalid", "phone_number": "required"}


def test_switch_is_on_the_timeline(walker):
    walker.arrive("contact")
    walker.answer("contact", switch_customer_language="fr-CA")
    event = timeline(walker.application).last()
    assert (event.name, event.detail) == (EventName.STEP_SAVED, {"step": "start", "language": "fr-CA"})


def test_switch_to_a_language_that_is_not_offered_changes_nothing(walker):
    walker.start()
    walker.answer("start", switch_customer_language="de-DE")
    walker.answer("start", switch_staff_language="de")
    assert walker.application.language == "en-CA"
    assert User.objects.get(username="associate").language == ""


def test_switch_loses_no_concealed_answer(walker):
    walker.arrive("terms")
    walker.answer("security", security_answer="", piw="", switch_staff_language="fr")
    walker.answer("security", security_answer="", piw="")
    assert walker.answers.flat()["security_answer"] == "Mrs Horse"
    assert walker.answers.flat()["piw"] == "Cloud"


# Two windows


def test_second_window_does_not_overwrite_silently(walker):
    walker.arrive("income")
    older = walker.open("contact")
    walker.answer("contact", city="Ottawa")
    page = walker.answer("contact", on=older, city="Montréal")
    assert page.status == 409
    assert "changed in another window" in page.text
    assert page.value("city") == "Montréal"
    assert walker.answers.flat()["city"] == "Ottawa"
    walker.answer("contact", on=page, city="Montréal")
    assert walker.answers.flat()["city"] == "Montréal"


def test_second_window_on_another_step_is_no_conflict(walker):
    walker.arrive("income")
    older = walker.open("contact")
    walker.answer("identity", first_name="Anna")
    assert walker.answer("contact", on=older, city="Montréal").status == 200
    assert walker.answers.flat()["city"] == "Montréal"
    assert walker.answers.flat()["first_name"] == "Anna"


def test_second_click_is_no_conflict(walker):
    walker.arrive("contact")
    page = walker.open("contact")
    first = walker.answer("contact", on=page)
    second = walker.answer("contact", on=page)
    assert first.url == second.url == walker.url("income")


def test_second_window_with_invalid_answers_keeps_both(walker):
    walker.arrive("income")
    older = walker.open("contact")
    walker.answer("contact", city="Ottawa")
    page = walker.answer("contact", on=older, postal_code="nonsense")
    assert page.status == 409
    assert page.value("postal_code") == "nonsense"
    assert walker.answers.saved["contact"]["city"] == "Ottawa"


def test_language_switch_in_an_older_window_does_not_hide_the_conflict(walker):
    walker.arrive("income")
    older = walker.open("contact")
    walker.answer("contact", city="Ottawa")
    page = walker.answer("contact", on=older, city="Montréal", switch_staff_language="fr")
    assert page.status == 409
    assert walker.answers.flat()["city"] == "Ottawa"


def test_step_after_submission_leads_to_the_application(walker, ready):
    walker.take(ready())
    walker.post(reverse("submit", args=[walker.id]), {"revision": walker.application.revision})
    assert walker.application.status == Status.QUEUED
    for step in (*FORM_STEPS, "terms", "check"):
        assert walker.client.get(walker.url(step))["Location"] == reverse("application", args=[walker.id])
    assert walker.client.post(walker.url("contact"), TYPED["contact"])["Location"] == reverse(
        "application", args=[walker.id]
    )
    assert walker.answers.flat()["city"] == "Toronto"


# Warnings


def test_warning_does_not_block_and_is_shown_on_the_next_page(walker):
    walker.arrive("contact")
    page = walker.answer("contact", postal_code="H7A 0A1")
    assert page.url == walker.url("income")
    assert "usually in another province" in page.text
    assert f"{walker.url('contact')}#id_postal_code" in page.links
    assert walker.answers.flat()["postal_code"] == "H7A0A1"


def test_warning_is_not_in_a_cookie(walker):
    walker.arrive("contact")
    walker.answer("contact", postal_code="H7A 0A1")
    assert "H7A" not in str(walker.client.cookies)


def test_page_without_warnings_has_no_after(walker):
    walker.arrive("contact")
    response = walker.client.post(walker.url("contact"), TYPED["contact"])
    assert response["Location"] == walker.url("income")


@pytest.mark.parametrize("after", ["contact", "terms", "nonsense"])
def test_after_by_hand_shows_nothing_strange(walker, after):
    walker.arrive("security")
    assert walker.open("identity", f"?after={after}").status == 200


# Who may see it


def test_colleague_of_the_store_may_go_on(walker, colleague_client):
    walker.arrive("income")
    page = Page(colleague_client.get(walker.url("contact")))
    assert page.value("city") == "Toronto"
    walker.client = colleague_client
    walker.answer("contact", city="Ottawa")
    assert walker.answers.flat()["city"] == "Ottawa"


@pytest.mark.parametrize("step", [*FORM_STEPS, "terms", "check", "continue"])
def test_stranger_sees_nothing(walker, ready, stranger_client, step):
    walker.take(ready())
    response = stranger_client.get(walker.url(step))
    assert response.status_code == 404
    assert "Anne" not in response.content.decode()


@pytest.mark.parametrize("name", ["scan", "submit"])
def test_stranger_changes_nothing(walker, ready, stranger_client, name):
    walker.take(ready())
    before = walker.application.revision
    assert stranger_client.post(reverse(name, args=[walker.id]), {"revision": before}).status_code == 404
    assert stranger_client.post(walker.url("contact"), TYPED["contact"]).status_code == 404
    assert walker.application.revision == before
    assert walker.application.status == Status.DRAFT


def test_nobody_signed_in_is_sent_to_sign_in(client, ready):
    application = ready()
    response = client.get(reverse("step", args=[application.pk, "identity"]))
    assert response["Location"].startswith(reverse("account_login"))


# What changed at the lender


def test_choice_withdrawn_since_is_asked_again_at_the_field(walker, ready, sandbox, credential, associate):
    from merchants.credentials.sessions import open_session

    walker.take(ready(occupation_id="OT"))
    assert walker.open("check").url == walker.url("check")
    sandbox.options(lang="en", remove={"occupation_ids": ["OT"]})
    open_session(credential, by=associate)
    page = walker.open("check")
    assert page.url == walker.url("income")
    assert page.errors("occupation_id")
    assert page.value("occupation_title") == "Clerk"
    refused = walker.post(reverse("submit", args=[walker.id]), {"revision": walker.application.revision})
    assert refused.url == walker.url("income")
    assert walker.application.status == Status.DRAFT
    walker.answer("income", sin="")
    assert walker.open("check").url == walker.url("check")


def test_move_to_quebec_asks_for_the_housing_costs(walker):
    walker.arrive("terms", monthly_housing_expenses="")
    page = walker.answer("start", province="QC")
    assert page.url == walker.url("income")
    assert page.errors("monthly_housing_expenses")


def test_issuer_that_the_lender_renamed_is_asked_again_not_sent(walker, ready, sandbox, credential, associate):
    walker.take(ready())
    answer = I18nAnswer.objects.get(credential=credential, language="en")
    members = json.loads(answer.body)
    issuers = members["govid_issued_bys"]
    issuers.get("option_depends", issuers)["CAP"] = {"CAN": "Canada"}
    I18nAnswer.objects.filter(pk=answer.pk).update(body=json.dumps(members))
    page = walker.open("check")
    assert page.url == walker.url("identity")
    assert page.errors("govid_issuedby")
    walker.answer("identity", govid_issuedby="CAN")
    assert walker.answers.flat()["govid_issuedby"] == "CAN"
    assert walker.open("check").url == walker.url("check")


def complained_of(application, **complaints):
    """The application as it is after the lender asked for corrections."""
    application.answers = Answers.from_json(application.answers).with_corrections(complaints).to_json()
    application.status = Status.NEEDS_CORRECTION
    application.save()
    return application


def test_correction_of_the_lender_is_shown_at_its_field_and_settled_by_an_answer(walker, ready):
    walker.take(complained_of(ready(), phone_number="required"))
    page = walker.open("check")
    assert page.url == walker.url("contact")
    assert page.errors("phone_number")
    walker.answer("contact", phone_number="416 555 0143")
    assert walker.application.status == Status.DRAFT
    assert walker.open("check").url == walker.url("check")
    names = list(timeline(walker.application).values_list("name", flat=True))
    assert names == [EventName.STEP_SAVED]


@pytest.mark.parametrize(
    ("field", "step"), [("language", "start"), ("province", "start"), ("middle_name", "identity"), ("sin", "income")]
)
def test_correction_is_settled_by_saving_its_step_even_unchanged(walker, ready, field, step):
    """Also where nothing was answered and nothing is: the associate has looked, and it is the lender's turn."""
    walker.take(complained_of(ready(), **{field: "invalid"}))
    assert walker.open("check").url == walker.url(step)
    walker.answer(step, **({"sin": ""} if field == "sin" else {}))
    assert walker.answers.corrections == {}
    assert walker.open("check").url == walker.url("check")


def test_optional_answer_that_the_lender_requires_is_not_left_out_again(walker, ready):
    walker.take(complained_of(ready(), address_2="required"))
    page = walker.answer("contact", address_2="")
    assert (page.url, page.status) == (walker.url("contact"), 422)
    assert "Flexiti needs this answer" in page.errors("address_2")
    walker.answer("contact", address_2="Apt 4")
    assert walker.open("check").url == walker.url("check")


def test_options_never_fetched_says_so_and_keeps_the_draft(walker, credential):
    walker.start()
    credential.i18n_answers.all().delete()
    page = walker.open("start")
    assert "No application can be taken right now" in page.text
    walker.post(walker.url("start"), TYPED["start"])
    assert walker.answers.typed["start"]["amount_requested"] == "2,500.00"
    page = walker.post(reverse("retry_session"), {"next": reverse("journey", args=[walker.id])})
    assert page.url == walker.url("start")
    assert page.value("amount_requested") == "2,500.00"


# Saved answers are one customer's


def test_two_applications_never_mix(walker):
    walker.arrive("income")
    first = walker.id
    walker.start()
    assert walker.id != first
    walker.answer("start")
    page = walker.open("identity")
    assert page.value("first_name") == ""
    assert "Anne" not in page.html


def test_session_holds_nothing_of_the_applicant(walker):
    walker.arrive("identity")
    walker.answer("identity")
    walker.answer("contact", postal_code="nonsense")
    held = str(dict(walker.client.session.items()))
    assert not any(answer in held for answer in ("Anne", "046454286", "Horse"))


def test_saved_answers_of_the_factory_are_what_the_steps_would_save(walker, ready):
    assert saved_answers()["start"]["amount_requested"] == "2500.00"
    assert walker.take(ready()).open("check").status == 200


def test_start_without_a_credential_says_whom_to_tell(walker, credential, store):
    credential.is_active = False
    credential.save()
    page = walker.post(reverse("start_application"))
    assert page.url == reverse("counter")
    assert store.merchant.support_contact in page.text
