"""Both documented shapes of the form values."""

import json
import pickle
from decimal import Decimal
from typing import Any

import pytest

from posapi import Choice, FormValues, Offer, UnreadableAnswer
from posapi.options import ESSENTIAL
from tests.contract.examples import example


def codes(choices: tuple[Choice, ...]) -> list[str]:
    return [choice.code for choice in choices]


def test_i18n_shape() -> None:
    values = FormValues.from_json(example("i18n"), "en")
    assert values.salutations[0] == Choice("mr", "Mr.")
    assert codes(values.provinces)[:3] == ["AB", "BC", "MB"]
    assert codes(values.security_ids) == list("456789")
    assert len(values.govid_types) == 21
    assert codes(values.occupation_ids) == ["FE", "PE", "SE", "RT", "ST", "HM", "DS", "SW", "UE", "UW", "OT"]
    assert values.housing_type[2] == Choice("Relatives", "Lives with Relatives")
    assert codes(values.plan_ids) == ["1", "2", "4", "5", "6", "7", "9"]
    assert codes(values.transaction_types) == ["promotional_purchase", "regular_purchase"]
    assert values.govid_issued_bys["CAP"] == (Choice("CANADA", "Canada"),)
    assert set(codes(values.govid_issued_bys["CAHC"])).isdisjoint({"AB", "MB", "NS", "ON", "PE"})
    assert (values.qcpa_disclosure, values.annual_fees) == ("...", "...")


def test_login_shape() -> None:
    values = FormValues.read(example("login"), "en")
    expected = FormValues.from_json(example("i18n"), "en")
    for name in ("salutations", "provinces", "security_ids", "govid_types", "govid_issued_bys"):
        assert getattr(values, name) == getattr(expected, name)
    assert values.occupation_ids == values.housing_type == ()
    assert values.offer_types[5] == Offer("7", "No Interest, No Payments", "deferred_payment", (3, 12))


@pytest.mark.parametrize("name", ESSENTIAL)
@pytest.mark.parametrize("change", ["absent", "null", "empty"])
def test_essential_list_missing(name: str, change: str) -> None:
    answer = example("i18n")
    if change == "absent":
        del answer[name]
    else:
        answer[name] = None if change == "null" else {}
    with pytest.raises(UnreadableAnswer, match=name):
        FormValues.from_json(answer, "en")


def test_unknown_members_ignored() -> None:
    answer = {**example("i18n"), "new_thing": {"deep": [1, 2]}, "rate": Decimal("29.99")}
    assert FormValues.from_json(answer, "en") == FormValues.from_json(example("i18n"), "en")


@pytest.mark.parametrize("optional", ["transaction_types", "plan_ids", "insurance"])
def test_other_lists_may_be_missing(optional: str) -> None:
    answer = example("i18n")
    del answer[optional]
    assert FormValues.from_json(answer, "en").provinces


@pytest.mark.parametrize("wrong", [[], "text", {"mr": {"label": "Mr."}}, {"mr": 5}])
def test_list_of_another_shape_refused(wrong: Any) -> None:
    with pytest.raises(UnreadableAnswer):
        FormValues.from_json({**example("i18n"), "salutations": wrong}, "en")


@pytest.mark.parametrize("wrapped", ["salutations", "occupation_ids", "provinces"])
def test_every_list_may_be_flat_or_wrapped(wrapped: str) -> None:
    answer = example("i18n")
    flat = answer[wrapped].get("options", answer[wrapped])
    for shape in (flat, {"options": flat}):
        assert getattr(FormValues.from_json({**answer, wrapped: shape}, "en"), wrapped)


def test_raw_rebuilds_the_same_values() -> None:
    values = FormValues.read({**example("i18n"), "rate": Decimal("29.99")}, "fr")
    kept = json.loads(json.dumps(values.raw))
    again = FormValues.from_json(kept, "fr")
    assert again == values
    assert again.digest == values.digest


def test_values_survive_a_cache() -> None:
    values = FormValues.from_json(example("i18n"), "en")
    assert pickle.loads(pickle.dumps(values)) == values


def test_digest_changes_with_what_can_be_seen() -> None:
    original = FormValues.from_json(example("i18n"), "en")
    digests = {original.digest, FormValues.from_json(example("i18n"), "fr").digest}
    for change in (
        {"salutations": {"mr": "Mister"}},
        {"occupation_ids": {"options": {"FE": "Full-time Employment"}}},
        {"govid_issued_bys": {"option_depends": {"CAP": {"CANADA": "Canada"}}}},
        {"insurance": "other"},
    ):
        digests.add(FormValues.from_json({**example("i18n"), **change}, "en").digest)
    assert len(digests) == 6


def test_digest_same_for_the_same_values() -> None:
    noisy = {**example("i18n"), "request_time": "now"}
    assert FormValues.from_json(noisy, "en").digest == FormValues.from_json(example("i18n"), "en").digest
