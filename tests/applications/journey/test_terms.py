"""The terms: exact bytes kept, shown harmless, accepted with evidence, French first in Quebec."""

import hashlib

import pytest
from django.core.cache import cache
from django.urls import reverse

from applications.drafting import NotEditable
from applications.journey import terms
from applications.journey.terms_display import displayable
from applications.models import Application, TermsAcceptance, TermsDisplay, TermsDocument
from applications.statuses import Status
from audit.events import timeline
from audit.names import EventName
from local_services.sockets import free_port
from tests.factories import ApplicationFactory, TermsDocumentFactory


def named(walker, name):
    return [event for event in timeline(walker.application) if event.name == name]


def terms_requests(sandbox):
    return [it for it in sandbox.requests() if "terms-and-conditions" in it["path"]]


@pytest.fixture
def at_terms(walker):
    walker.arrive("terms")
    return walker


@pytest.fixture
def in_quebec(walker):
    walker.arrive("terms", province="QC")
    return walker


def test_terms_are_shown_and_their_exact_bytes_kept(at_terms):
    page = at_terms.open("terms")
    document = TermsDocument.objects.get()
    assert (document.language, document.province) == ("en", "ON")
    assert hashlib.sha256(bytes(document.content)).hexdigest() == document.sha256 == page.hidden("digest")
    region = next(it for it in page.elements("div") if it.get("role") == "region")
    assert (region.get("tabindex"), region.get("lang")) == ("0", "en")
    assert region.get("aria-label") == "Terms and conditions"
    assert len("".join(region.itertext())) > 2000


def test_terms_shown_leave_evidence(at_terms):
    at_terms.open("terms")
    event = named(at_terms, EventName.TERMS_SHOWN)[-1]
    document, display = TermsDocument.objects.get(), TermsDisplay.objects.get()
    assert event.detail == {
        "terms": document.sha256,
        "language": "en",
        "province": "ON",
        "fetched": document.last_fetched_at.isoformat(),
        "display": hashlib.sha256(display.html.encode()).hexdigest(),
        "words": display.words,
        "missing": 0,
        "left_out": 0,
        "complete": True,
    }
    assert display.words > 2000
    assert event.actor_id == str(at_terms.application.created_by_id)


def test_terms_are_asked_for_under_the_applications_reference_once_in_ten_minutes(at_terms, sandbox):
    at_terms.open("terms")
    at_terms.open("terms")
    (asked,) = terms_requests(sandbox)
    assert asked["reference_id"] == at_terms.application.reference_id
    cache.clear()
    at_terms.open("terms")
    assert len(terms_requests(sandbox)) == 2
    assert TermsDocument.objects.count() == 1


def test_terms_of_the_address_before_are_not_shown(at_terms, credential):
    at_terms.open("terms")
    credential.base_url = f"http://127.0.0.1:{free_port()}/flexiti/pos-api/v2.5"
    credential.save()
    assert not at_terms.open("terms").hidden("digest")


def test_accept_leads_to_the_check_and_leaves_evidence(at_terms):
    page = at_terms.open("terms")
    shown = named(at_terms, EventName.TERMS_SHOWN)[-1]
    assert at_terms.accept(page).url == at_terms.url("check")
    acceptance = at_terms.acceptance
    assert acceptance.document.sha256 == page.hidden("digest")
    assert acceptance.displayed_at == shown.at < acceptance.accepted_at
    assert acceptance.device_holder == "customer"
    assert acceptance.display == TermsDisplay.objects.get()
    assert acceptance.scrolled_to_end is None
    assert acceptance.recorded_by.username == "associate"
    assert acceptance.french_document is None
    (event,) = named(at_terms, EventName.TERMS_ACCEPTED)
    assert event.detail["terms"] == acceptance.document.sha256
    assert event.detail["device_holder"] == "customer"
    assert event.detail["display"] == acceptance.display.sha256
    assert event.detail["scrolled_to_end"] is None


@pytest.mark.parametrize(("sent", "scrolled"), [("true", True), ("false", False), ("", None), ("perhaps", None)])
def test_accept_says_whether_the_end_was_on_the_screen(at_terms, sent, scrolled):
    page = at_terms.open("terms")
    refused = at_terms.accept(page, accept="", scrolled_to_end=sent)
    at_terms.accept(refused, scrolled_to_end=refused.hidden("scrolled_to_end"))
    assert at_terms.acceptance.scrolled_to_end is scrolled
    assert named(at_terms, EventName.TERMS_ACCEPTED)[0].detail["scrolled_to_end"] is scrolled


@pytest.mark.parametrize(("left_out", "field"), [({"accept": ""}, "accept"), ({"device_holder": ""}, "device_holder")])
def test_accept_without_an_answer_is_refused(at_terms, left_out, field):
    page = at_terms.open("terms")
    shown = len(named(at_terms, EventName.TERMS_SHOWN))
    refused = at_terms.accept(page, **left_out)
    assert refused.status == 422
    assert refused.errors(field)
    assert at_terms.acceptance is None
    assert len(named(at_terms, EventName.TERMS_SHOWN)) == shown
    assert at_terms.accept(refused).url == at_terms.url("check")


def test_accept_by_a_device_holder_who_does_not_exist_is_refused(at_terms):
    assert at_terms.accept(device_holder="nobody").status == 422


def test_accept_of_terms_that_changed_meanwhile_shows_the_new_ones(at_terms, sandbox):
    page = at_terms.open("terms")
    cache.clear()
    sandbox.control("PUT", "switches", {"terms_revision": 2})
    again = at_terms.accept(page)
    assert "have changed" in again.text
    assert again.hidden("digest") != page.hidden("digest")
    assert at_terms.acceptance is None
    assert at_terms.accept(again).url == at_terms.url("check")


@pytest.mark.parametrize("digest", ["", "0" * 64, "nonsense"])
def test_accept_of_another_digest_is_not_an_acceptance(at_terms, digest):
    assert at_terms.accept(digest=digest).url == at_terms.url("terms")
    assert at_terms.acceptance is None


def test_accept_of_terms_shown_for_another_application_only_is_not_an_acceptance(at_terms):
    digest = at_terms.open("terms").hidden("digest")
    url = reverse("step", args=[another(at_terms).pk, "terms"])
    page = at_terms.post(url, {"digest": digest, "accept": "on", "device_holder": "customer"})
    assert page.url == url
    assert not TermsAcceptance.objects.exists()


def another(walker):
    """A second application with the same answers."""
    first = walker.application
    return ApplicationFactory(
        store=first.store, credential=first.credential, created_by=first.created_by, answers=first.answers
    )


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"language": "fr-CA"}, terms.NotShown),
        ({"status": Status.QUEUED}, NotEditable),
        ({"status": Status.EXPIRED}, NotEditable),
    ],
)
def test_accept_while_another_window_changes_the_application_is_refused(at_terms, changed, refusal):
    page = at_terms.open("terms")
    application = at_terms.application
    offered = terms.offered_terms(application)
    Application.objects.filter(pk=application.pk).update(**changed)
    with pytest.raises(refusal):
        terms.accept_terms(
            application,
            offered,
            page.hidden("digest"),
            device_holder="customer",
            by=application.created_by,
        )
    assert not TermsAcceptance.objects.exists()


def test_accept_twice_is_one_acceptance(at_terms):
    page = at_terms.open("terms")
    at_terms.accept(page)
    assert at_terms.accept(page).url == at_terms.url("check")
    assert at_terms.application.acceptances.count() == 1


def test_accepted_terms_can_be_read_again_without_the_lender(at_terms):
    at_terms.accept()
    cache.clear()
    at_terms.lose_the_lender()
    page = at_terms.open("terms")
    assert "accepted these terms" in page.text
    assert not page.hidden("digest")
    onward = next(link for link in page.links if link.endswith("/continue/"))
    assert at_terms.get(onward).url == at_terms.url("check")


@pytest.mark.parametrize("change", [{"province": "BC"}, {"language": "fr-CA"}])
def test_change_of_language_or_province_voids_the_acceptance(at_terms, change):
    at_terms.accept()
    page = at_terms.answer("start", **change)
    assert page.url == at_terms.url("terms")
    assert at_terms.acceptance is None
    assert named(at_terms, EventName.TERMS_VOIDED)
    at_terms.accept()
    assert at_terms.acceptance.document.language == change.get("language", "en")[:2]
    assert at_terms.acceptance.document.province == change.get("province", "ON")


def test_change_of_another_answer_keeps_the_acceptance(at_terms):
    at_terms.accept()
    at_terms.answer("start", amount_requested="3000")
    assert at_terms.acceptance


def test_switch_of_the_customers_language_at_the_terms_shows_the_other_terms(at_terms):
    page = at_terms.post(at_terms.url("terms"), {"switch_customer_language": "fr-CA"})
    assert page.url == at_terms.url("terms")
    region = next(it for it in page.elements("div") if it.get("role") == "region")
    assert region.get("lang") == "fr"


@pytest.mark.parametrize(
    ("staff", "language", "sentence"),
    [
        ("fr", "en-CA", "I have read these terms and conditions and I agree to them."),
        ("en", "fr-CA", "J’ai lu les présentes conditions et je les accepte."),
    ],
)
@pytest.mark.parametrize("province", ["ON", "QC"])
def test_agreement_is_in_the_customers_language_whatever_the_staffs(walker, staff, language, sentence, province):
    walker.client.cookies["language"] = staff
    page = walker.arrive("terms", language=language, province=province)
    for shown in (page, walker.accept(page, accept="")):
        spans = [it for it in shown.elements("span") if "".join(it.itertext()) == sentence]
        assert spans[-1].get("lang") == language[:2]
        assert shown.elements("html")[0].get("lang") == staff


def test_terms_without_a_cache_are_shown_and_accepted(at_terms, settings):
    nowhere = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {"default": nowhere}
    assert at_terms.accept().url == at_terms.url("check")


def test_terms_without_a_lender_say_so(at_terms):
    cache.clear()
    at_terms.lose_the_lender()
    assert "cannot be shown at the moment" in at_terms.open("terms").text


@pytest.mark.parametrize("fault", ["gateway_timeout_504", "service_unavailable", "empty_body"])
def test_terms_that_cannot_be_had_say_so_and_lose_nothing(at_terms, sandbox, fault):
    cache.clear()
    sandbox.fail("terms", fault, times=20)
    page = at_terms.open("terms")
    assert "cannot be shown at the moment" in page.text
    assert at_terms.url("terms") in page.links
    at_terms.accept(page)
    assert at_terms.acceptance is None
    sandbox.reset()
    assert at_terms.accept().url == at_terms.url("check")


# Quebec


def test_quebec_in_french_is_only_french(walker):
    page = walker.arrive("terms", province="QC", language="fr-CA")
    assert "choose_english" not in page.html
    walker.accept(page)
    assert walker.acceptance.document.language == "fr"
    assert walker.acceptance.french_document is None
    assert set(TermsDocument.objects.values_list("language", "province")) == {("fr", "QC")}


def test_quebec_in_english_is_given_french_first(in_quebec):
    page = in_quebec.open("terms")
    region = next(it for it in page.elements("div") if it.get("role") == "region")
    assert region.get("lang") == "fr"
    assert "French version of the terms is given first" in page.text
    assert not TermsDocument.objects.filter(language="en", province="QC").exists()


def test_quebec_in_english_may_agree_in_french(in_quebec):
    assert in_quebec.accept().url == in_quebec.url("check")
    assert in_quebec.acceptance.document.language == "fr"


def test_quebec_in_english_asks_for_english_expressly(in_quebec):
    french = in_quebec.open("terms")
    english = in_quebec.post(in_quebec.url("terms"), {"choose_english": "yes", "digest": french.hidden("digest")})
    region = next(it for it in english.elements("div") if it.get("role") == "region")
    assert region.get("lang") == "en"
    assert "French version of these terms was given to you first" in english.text
    (event,) = named(in_quebec, EventName.TERMS_LANGUAGE_CHOSEN)
    assert (event.detail["terms"], event.detail["chosen"]) == (french.hidden("digest"), "en")
    in_quebec.accept(english)
    assert in_quebec.acceptance.document.language == "en"
    assert in_quebec.acceptance.french_document.sha256 == french.hidden("digest")


def test_quebec_english_terms_are_not_accepted_before_they_were_asked_for(in_quebec):
    document = TermsDocumentFactory(language="en", province="QC")
    in_quebec.accept(digest=document.sha256)
    assert in_quebec.acceptance is None


def test_quebec_choice_of_english_needs_the_digest_of_the_french_version(in_quebec):
    in_quebec.open("terms")
    in_quebec.post(in_quebec.url("terms"), {"choose_english": "yes", "digest": "0" * 64})
    assert not named(in_quebec, EventName.TERMS_LANGUAGE_CHOSEN)


def test_quebec_choice_of_english_does_not_outlive_the_french_version(in_quebec, sandbox):
    french = in_quebec.open("terms")
    in_quebec.post(in_quebec.url("terms"), {"choose_english": "yes", "digest": french.hidden("digest")})
    cache.clear()
    sandbox.control("PUT", "switches", {"terms_revision": 2})
    assert "choose_english" in in_quebec.open("terms").html


def test_quebec_french_version_can_be_shown_again(in_quebec):
    french = in_quebec.open("terms")
    in_quebec.post(in_quebec.url("terms"), {"choose_english": "yes", "digest": french.hidden("digest")})
    again = in_quebec.open("terms", "?french")
    assert again.hidden("digest") == french.hidden("digest")
    page = in_quebec.post(
        in_quebec.url("terms", "?french"),
        {"digest": again.hidden("digest"), "accept": "on", "device_holder": "associate"},
    )
    assert page.url == in_quebec.url("check")
    assert in_quebec.acceptance.document.language == "fr"


def test_quebec_in_english_by_configuration_is_only_english(in_quebec, settings):
    settings.QUEBEC_FRENCH_TERMS_FIRST = False
    page = in_quebec.open("terms")
    assert "choose_english" not in page.html
    in_quebec.accept(page)
    assert in_quebec.acceptance.document.language == "en"


def test_choice_of_english_elsewhere_is_no_choice(at_terms):
    page = at_terms.open("terms")
    at_terms.post(at_terms.url("terms"), {"choose_english": "yes", "digest": page.hidden("digest")})
    assert not named(at_terms, EventName.TERMS_LANGUAGE_CHOSEN)


# What the lender's HTML may do to our page


@pytest.mark.django_db
def test_displayable_uses_the_declared_charset():
    french = "<p>Résumé des taux</p>"
    latin = TermsDocumentFactory(content=french.encode("latin-1"), content_type="text/html; charset=ISO-8859-1")
    plain = TermsDocumentFactory(content=french.encode(), content_type="text/html")
    wrong = TermsDocumentFactory(content=french.encode(), content_type="text/html; charset=klingon")
    assert displayable(latin) == displayable(plain) == displayable(wrong) == french
