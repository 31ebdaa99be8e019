import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from applications.journey.fields import MoneyField, parse_money
from posapi import CreditApplication
from tests.applications.journey.specimens import MINUS, NARROW, NBSP, THIN, read_or_refused, unhurried
from tests.contract.examples import example

amounts = st.decimals(min_value="0.01", max_value="9999999999999.99", places=2)


def refused(text, field=None):
    with pytest.raises(ValidationError) as refusal:
        (field.clean if field else parse_money)(text)
    assert refusal.value.messages[0]
    return refusal.value.error_list[0].code


@pytest.mark.parametrize(
    "text",
    [
        "2500",
        "2500.00",
        "2500,00",
        "2500.0",
        "2,500",
        "2.500",
        "2,500.00",
        "2.500,00",
        "2 500",
        "2 500,00 $",
        "$2,500",
        "$ 2,500.00",
        "2500$",
        "2'500.00",
        "2’500,00",
        "CA$2,500",
        "2500 CAD",
        "2 500,00 $ CA",
        f"2{NBSP}500,00{NBSP}$",
        f"2{NARROW}500",
        f"2{THIN}500",
        " 2500 ",
        "02500",
        "\u202d2500\u202c",
    ],
)
def test_money_in_any_common_spelling(text):
    assert parse_money(text) == Decimal("2500.00")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2500,5", "2500.50"),
        ("2500,50", "2500.50"),
        ("2500.5", "2500.50"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234 567,89", "1234567.89"),
        ("1,234,567", "1234567.00"),
        ("1.234.567", "1234567.00"),
        ("2,50", "2.50"),
        ("0.5", "0.50"),
        ("0", "0.00"),
        ("9999999999999.99", "9999999999999.99"),
    ],
)
def test_money_tells_thousands_from_cents(text, amount):
    assert str(parse_money(text)) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-5", "negative"),
        (f"{MINUS}5", "negative"),
        ("– 5,00 $", "negative"),
        ("$-5", "negative"),
        ("-$5", "negative"),
        ("(500)", "negative"),
        ("500-", "negative"),
        ("2500.505", "decimals"),
        ("0,500", "decimals"),
        ("1.234,567", "decimals"),
        ("1,234.5678", "decimals"),
        ("10000000000000", "too_large"),
        ("9" * 5000, "too_large"),
        ("2,50,00", "unreadable"),
        ("1,234,56", "unreadable"),
        ("1,234.567,89", "unreadable"),
        ("25 00", "unreadable"),
        ("2500.", "unreadable"),
        (".50", "unreadable"),
        ("2k", "unreadable"),
        ("two thousand", "unreadable"),
        ("2500 €", "unreadable"),
        ("1e3", "unreadable"),
        ("25²", "unreadable"),
        ("٢٥٠٠", "unreadable"),
        ("$", "unreadable"),
        ("NaN", "unreadable"),
    ],
)
def test_money_that_could_be_misread_is_refused(text, code):
    assert refused(text) == code


@pytest.mark.parametrize("text", ["0", "0,00 $", "0.00"])
def test_money_of_zero_is_refused_unless_it_may_be(text):
    assert refused(text, MoneyField()) == "zero"
    assert MoneyField(allow_zero=True).clean(text) == 0


def test_money_goes_on_the_wire_with_two_decimals():
    field = MoneyField()

    assert field.to_wire(field.clean("2 500,5")) == "2500.50"


@unhurried
@given(amount=amounts, language=st.sampled_from(["en", "fr"]))
def test_money_shown_in_either_language_reads_back_the_same(amount, language):
    field = MoneyField()
    wire = field.to_wire(amount)

    with translation.override(language):
        shown = field.shown(wire)

    assert field.to_wire(field.clean(shown)) == wire
    assert field.to_wire(field.clean(wire)) == wire


@unhurried
@given(
    amount=amounts,
    by=st.sampled_from(["", ",", ".", " ", "'", "’", NBSP, NARROW, THIN]),
    mark=st.sampled_from([".", ","]),
    sign=st.sampled_from(["{}", "${}", "$ {}", "{} $", "{}$", "CA${}", "{} CAD"]),
)
def test_money_in_every_combination_of_marks_reads_the_same(amount, by, mark, sign):
    whole, cents = f"{amount:,.2f}".split(".")
    text = sign.format(whole.replace(",", by) + (mark + cents if mark != by else ""))

    assert parse_money(text) == (amount if mark != by else int(amount))


@unhurried
@given(st.text(alphabet="0123456789 ,.'$-CAD", max_size=20))
def test_money_from_anything_alike_is_an_amount_or_refused(text):
    amount = read_or_refused(parse_money, text)

    if amount is not None:
        assert amount >= 0
        assert amount == amount.quantize(Decimal("0.01"))
        assert parse_money(f"{amount:.2f}") == amount


def test_money_typed_but_not_saved_comes_back_as_typed():
    assert MoneyField().shown("two thousand") == "two thousand"


def test_money_shown_as_each_language_writes_it():
    field = MoneyField()

    with translation.override("en"):
        assert (field.prefix, field.shown("2500.00"), field.suffix) == ("$", "2,500.00", "")
    with translation.override("fr"):
        shown = field.shown("2500.00")
        assert (field.prefix, "".join(" " if c.isspace() else c for c in shown), field.suffix) == ("", "2 500,00", "$")


@given(amounts)
def test_every_amount_that_can_be_typed_can_be_sent_exactly(amount):
    typed = {**example("apply_request"), "amount_requested": MoneyField().to_wire(amount)}
    sent = json.dumps(CreditApplication.from_body(typed).body()["amount_requested"])
    assert Decimal(sent) == amount
