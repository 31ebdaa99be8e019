"""The short form of two customers at one till, and that a crossed field is noticed."""

import random
from pathlib import Path

import pytest

from chaos.customers import Customer, two_customers
from chaos.forms import form_with, forms_of
from chaos.interleaving import Interleaving, is_same
from chaos.lender import Lender
from chaos.measure import Run
from chaos.till import Page, Tab, Till
from chaos.two_customers import PEOPLE, interleaved


@pytest.mark.stack
def test_no_field_crosses(portal):
    given = Run(size=3, random=random.Random(3), folder=Path())
    figures = interleaved(given, portal.url, Lender(portal.sandbox.url))
    assert not [figure for figure in figures if figure.reached is False]
    told = {figure.name: figure.value for figure in figures}
    assert told["fields compared"] > 3 * 2 * 50
    assert told["times: refresh"] > 2


@pytest.mark.stack
def test_fields_that_cross_are_noticed(portal):
    """What the tabs' customers say is exchanged behind the back of the comparison."""
    till = Till(portal.url, PEOPLE, random.Random(1))
    mine, other = two_customers(700, random.Random(1))
    tabs = [Tab(till, customer, Page("/sign-in/", "", 200)) for customer in (mine, other)]
    for tab in tabs:
        while tab.page.step != "check":
            tab.go_on()
    tabs[0].customer, tabs[1].customer = other, mine
    tally = Interleaving(*tabs, random.Random(1)).run(Lender(portal.sandbox.url))
    till.close()
    assert {"first_name", "sin", "piw", "amount_requested", "language", "govid_issuedby"} <= set(tally.crossed)
    assert not tally.changed


@pytest.mark.stack
def test_tab_that_was_refused_begins_anew(portal):
    """The other tab signed out and in, so the button on this one's page is stale."""
    till = Till(portal.url, PEOPLE, random.Random(1))
    mine, other = (Tab(till, customer, Page("/sign-in/", "", 200)) for customer in two_customers(800, random.Random(2)))
    mine.go_on(), other.go_on()
    other.sign_out(), other.go_on()
    mine.go_on()
    assert (mine.page.status, mine.address) == (403, "")
    mine.go_on(), mine.go_on()
    till.close()
    assert mine.page.path == f"{mine.address}start/"


def test_tab_whose_answer_to_the_click_was_lost_is_over_once_its_page_comes():
    till = Till("http://127.0.0.1:9", PEOPLE, random.Random(1))  # nobody is there, and nobody need be asked
    customer, address = two_customers(900, random.Random(3))[0], "/applications/7/"
    tab = Tab(till, customer, Page(address, f"<h1>Waiting</h1><code>{'a1' * 16}</code>", 200), address=address)
    tab.go_on()
    till.close()
    assert (tab.is_over, tab.reference) == (True, "a1" * 16)


def test_every_field_tells_whose_it_is():
    for number in range(50):
        mine, other = two_customers(number, random.Random(number))
        assert mine.flat.keys() == other.flat.keys()
        assert [name for name in mine.flat if mine.flat[name] == other.flat[name]] == []


CUSTOMER = Customer(
    {"start": {"amount_requested": "1250.00"}, "contact": {"postal_code": "M5V2T6", "phone_number": "4165550142"}}
)


@pytest.mark.parametrize(
    ("name", "found", "same"),
    [
        ("amount_requested", 1250.0, True),
        ("amount_requested", 1250, True),
        ("amount_requested", "1 250,00", True),
        ("amount_requested", 1250.5, False),
        ("postal_code", "m5v 2t6", True),
        ("phone_number", "416 555-0142", True),
        ("phone_number", "416 555-0143", False),
        ("middle_name", "", True),
        ("middle_name", "A-RR_L", False),
    ],
)
def test_value_is_recognised_as_pages_and_the_lender_write_it(name, found, same):
    assert is_same(name, found, CUSTOMER) == same


def test_form_is_read_as_a_browser_sends_it():
    html = """
        <form action="/elsewhere"><input name="csrf" value="1"></form>
        <form action="/step/"><input type="hidden" name="seen" value="&amp;x"><input name="city" value="Laval">
        <select name="province"><option value=""></option><option value="QC" selected>Québec</option></select>
        <select name="issuer"><option value="a">A</option><option value="b">B</option></select>
        <input type="radio" name="holder" value="customer"><input type="radio" name="holder" value="associate" checked>
        <input type="checkbox" name="accept"><textarea name="code">two
lines</textarea><button name="refresh" value="1">Refresh</button></form>
    """
    form = form_with(html, "seen", "accept")
    assert form.action == "/step/"
    assert form.values == {
        "seen": "&x",
        "city": "Laval",
        "province": "QC",
        "issuer": "a",
        "holder": "associate",
        "code": "two\nlines",
    }
    assert form.filled_in({"city": "Lévis"})["city"] == "Lévis"
    assert len(forms_of(html)) == 2
    assert form_with(html, "login") is None
