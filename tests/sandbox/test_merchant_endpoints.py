"""Form values in both languages and shapes, sign-in, terms."""

from html.parser import HTMLParser

import pytest

from sandbox.options import MEMBER_OF_KEY, Options
from tests.sandbox.caller import Till

LISTS = ("salutations", "provinces", "security_ids", "govid_types", "occupation_ids", "transaction_types", "plan_ids",
         "housing_type")  # fmt: skip


@pytest.mark.parametrize("member", LISTS)
def test_french_has_the_same_codes_in_the_same_order(member: str):
    options = Options()
    assert list(options.labels(member, "fr")) == list(options.labels(member, "en"))
    assert all(options.labels(member, "fr").values())


def test_french_labels_of_one_list_are_all_different():
    options = Options()
    for member in LISTS:
        labels = list(options.labels(member, "fr").values())
        assert len(set(labels)) == len(labels)


def test_i18n_in_french(till: Till):
    answer = till.get("/i18n", lang="fr").json()
    assert answer["provinces"]["QC"] == "Québec"
    assert answer["occupation_ids"]["options"]["SE"] == "Travail autonome"
    assert answer["govid_issued_bys"]["option_depends"]["CADL"]["NS"] == "Nouvelle-Écosse"


def test_i18n_of_an_unknown_language(till: Till):
    assert till.get("/i18n", lang="de").json()["field_errors"] == [{"param": "lang", "msg": "invalid"}]


@pytest.mark.parametrize("key", MEMBER_OF_KEY)
def test_i18n_filtered_by_each_key_in_both_ways(till: Till, key: str):
    by_query = till.get("/i18n", key=key).json()
    assert list(by_query) == [MEMBER_OF_KEY[key]]
    assert till.get(f"/i18n/{key}").json() == by_query


def test_i18n_filtered_by_several_keys(till: Till):
    assert list(till.get("/i18n", key="plan_id, occupation").json()) == ["plan_ids", "occupation_ids"]


def test_i18n_filtered_by_an_unknown_key(till: Till):
    answer = till.get("/i18n", key="occupation_ids")
    assert answer.json()["field_errors"] == [{"param": "key", "msg": "invalid"}]


def test_options_removed_at_the_lender_are_refused_by_apply(till: Till):
    till.control("PUT", "options", {"remove": {"occupation_ids": ["FE"]}})
    assert "FE" not in till.get("/i18n").json()["occupation_ids"]["options"]
    assert "FE" not in till.get("/i18n", lang="fr").json()["occupation_ids"]["options"]
    assert till.refused_fields() == [("occupation_id", "invalid")]
    till.control("DELETE", "options")
    assert till.apply().status_code == 200


def test_options_added_in_one_language(till: Till):
    till.control("PUT", "options", {"lang": "en", "add": {"occupation_ids": {"GW": "Gig Worker"}}})
    assert till.get("/i18n").json()["occupation_ids"]["options"]["GW"] == "Gig Worker"
    assert "GW" not in till.get("/i18n", lang="fr").json()["occupation_ids"]["options"]
    assert till.apply(occupation_id="GW").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"merchant_username": "merchantonline", "merchant_password": "wrong"},
        {"merchant_username": "merchantonline"},
        {"merchant_password": "dice-manila-purism"},
    ],
)
def test_sign_in_with_wrong_staff_is_refused(till: Till, body: dict[str, str]):
    answer = till.post("/merchants/login", body)
    assert (answer.status_code, answer.json()["error"]) == (409, "authentication_failure")


def test_sign_in_without_staff_in_french(till: Till):
    answer = till.call("POST", "/merchants/login", params={"lang": "fr"}).json()
    assert answer["merchant_name"] == "European Restorations"
    assert answer["form_values"]["province"]["options"]["QC"] == "Québec"
    assert answer["form_values"]["offer_types"][3]["plan_name"] == "Versements égaux, sans intérêt"


def test_sign_in_of_the_other_merchant(till: Till):
    till.sign_on(client_id="maisonboreale", client_secret="5b1f6c2e-8d07-4f6a-9a53-2f7d1c0e84ab")
    till.client_id = "maisonboreale"
    answer = till.post("/merchants/login").json()
    assert (answer["merchant_name"], answer["merchant_id"]) == ("Maison Boréale", "415")


class Outline(HTMLParser):
    """Counts tags, and fails on one that is not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.count: dict[str, int] = {}
        self._open: list[str] = []
        self.words = 0
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] = self.count.get(tag, 0) + 1
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += len(data.split())


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("province", ["QC", "ON"])
def test_terms_are_as_long_and_structured_as_real_ones(till: Till, lang: str, province: str):
    answer = till.get("/terms-and-conditions", lang=lang, province=province)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    outline = Outline(answer.content.decode())
    assert outline.words > 2500
    assert outline.count["h1"] == 1
    assert outline.count["table"] == 1
    assert outline.count["h2"] > 15
    assert min(outline.count[tag] for tag in ("h3", "ol", "ul", "th")) >= 5


def test_terms_of_quebec_are_those_of_its_law(till: Till):
    french = till.get("/terms-and-conditions", lang="fr", province="QC").text
    english = till.get("/terms-and-conditions", lang="en", province="QC").text
    assert "dans les 10 jours" in french
    assert "coût élevé" in french
    assert "within 10 days" in english
    assert "high-cost credit contract" in english
    assert "$35.00" not in english


def test_terms_without_province_are_those_of_the_rest_of_canada(till: Till):
    assert till.get("/terms-and-conditions").content == till.get("/terms-and-conditions", province="YT").content
    assert till.get("/terms-and-conditions", province="ZZ").status_code == 409


def test_terms_are_the_same_bytes_until_they_are_revised(till: Till):
    first = till.get("/terms-and-conditions").content
    assert till.get("/terms-and-conditions").content == first
    till.switch(terms_revision=2)
    second = till.get("/terms-and-conditions").content
    assert second != first
    assert b"Version 2" in second
