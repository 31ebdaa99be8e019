"""What reads the words of staff: boxes and forms of an application, filters, searches, addresses, files of staff."""

import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.http import QueryDict
from django.test import RequestFactory
from django.utils.http import urlencode
from django.utils.translation import override
from hypothesis import strategies as st

from applications.answers import Answers
from applications.journey.fields import (
    DateField,
    EmailField,
    LineField,
    MoneyField,
    PhoneField,
    PostalCodeField,
    SinField,
)
from applications.journey.fields.text import Answer, NameField
from applications.journey.forms import ContactForm, IdentityForm, IncomeForm, SecurityForm, StartForm, StepForm
from applications.models import Application
from applications.page_text import printable
from applications.persons import person_keys_to_find, plain_name, search_keys_to_find
from applications.retention.asking import customer_given
from applications.review.filter_form import FilterForm
from applications.review.keyset import BadCursor, Position
from applications.review.masking import DOTS, OPEN_FIELDS, masked, masked_name
from applications.review.periods import Period
from applications.review.searching import SearchForm
from evidence.fuzz_inputs import contents, some_of, texts
from evidence.fuzz_parsers import Parser
from merchants.console.bulk.columns import template
from merchants.console.bulk.planning import plan
from merchants.console.bulk.reading import Unreadable, as_text, read
from merchants.models import Merchant, Store, User
from merchants.returning import page_to_return_to, safe_next
from tests.applications.journey.specimens import CONTACT, IDENTITY, INCOME, SECURITY, START, TODAY, context

_LANGUAGES = st.sampled_from(("en", "fr"))
_FIELDS: Mapping[str, tuple[Answer, tuple[str, ...]]] = {
    "date": (
        DateField(),
        ("1990-01-31", "31 janvier 1990", "January 31, 1990", "19900131", "31/01/1990", "le 1er mai 2000"),
    ),
    "e-mail": (EmailField(), ("claire@example.ca", "c.l+a@sub.example.ca", "c@[127.0.0.1]")),
    "line": (LineField(limit=100), ("O1234-56789-00131", "p-credit", "A-RR_L")),
    "money": (MoneyField(), ("2,500.00", "2 500,00 $", "1.234.567,5", "CAD 12", "0")),
    "name": (NameField(limit=35), ("Étienne", "O'Brien", "D’Amours", "Nguyễn")),
    "phone": (PhoneField(), ("(416) 555-0123", "+1 416 555 0123", "416-555-0123 ext. 4", "011 33 1 23 45 67 89")),
    "postal code": (PostalCodeField(), ("m5v 2t6", "K1A0B1", "KIA OBI")),
    "SIN": (SinField(), ("046 454 286", "046-454-286", "000000000")),
}
_FORMS: Mapping[str, tuple[type[StepForm], Mapping[str, str]]] = {
    "start": (StartForm, START),
    "identity": (IdentityForm, IDENTITY),
    "contact": (ContactForm, CONTACT),
    "income": (IncomeForm, INCOME),
    "security": (SecurityForm, SECURITY),
}


def _read_box(answer: Answer) -> Callable[[tuple[str, str]], None]:
    def read_box(given: tuple[str, str]) -> None:
        text, language = given
        with override(language):
            try:
                value = answer.clean(text)
            except ValidationError as refusal:
                assert all(refusal.messages)
                return
            if value not in answer.empty_values:
                wire = answer.to_wire(value)
                assert answer.clean(wire) == value
                assert answer.clean(answer.shown(wire)) == value

    return read_box


def _read_form(kind: type[StepForm]) -> Callable[[tuple[dict[str, str], str, bool]], None]:
    def read_form(given: tuple[dict[str, str], str, bool]) -> None:
        typed, language, on_file = given
        where = context(province="QC" if language == "fr" else "ON", language=f"{language}-CA")
        with override(language):
            form = kind(QueryDict(urlencode(typed)), context=where, initial=typed if on_file else {})
            assert all(text for texts in form.errors.values() for text in texts) or not form.errors
            form.typed()
            form.warnings  # noqa: B018
            if form.is_valid():
                saved = form.values()
                assert kind.accepts(saved, context=where)
                assert kind(saved, context=where, initial=saved).values() == saved
            kind.reviewed(typed, context=where).warnings  # noqa: B018

    return read_form


def _typed(specimen: Mapping[str, str]) -> st.SearchStrategy[dict[str, str]]:
    changes = some_of(**{name: texts(value) for name, value in specimen.items()})
    return st.builds(lambda changed: {**specimen, **changed}, changes)


def _recognise(flat: dict[str, str]) -> None:
    found = {**person_keys_to_find(flat), **search_keys_to_find(flat)}
    assert all(len(key) < 100 and key.isascii() for keys in found.values() for key in keys)
    assert plain_name(f" {flat.get('last_name', '')} ") == plain_name(flat.get("last_name", ""))


def _mask(given: tuple[str, str]) -> None:
    field, value = given
    shown = masked(field, value)
    assert shown == value if field in OPEN_FIELDS or not value else shown != value or len(shown) <= 2 or DOTS in value
    masked_name(Answers(saved={"identity": {"first_name": value, "last_name": value}}))
    assert printable(printable(value)) == printable(value)


_STORES = tuple(Store(pk=UUID(int=number), name=f"Store {number}") for number in (1, 2))
_PEOPLE = tuple(User(pk=number, username=f"person{number}") for number in (7, 8))


def _filter(query: str) -> None:
    form = FilterForm(QueryDict(query), stores=_STORES, people=_PEOPLE)
    if not form.is_valid():
        assert all(text for texts in form.errors.values() for text in texts)
        return
    again = FilterForm(QueryDict(form.filters.to_query()), stores=_STORES, people=_PEOPLE)
    assert again.is_valid()
    assert again.filters == form.filters
    form.filters.summary()
    form.filters.apply(Application.objects.all()).exists()


def _search(typed: dict[str, str]) -> None:
    form = SearchForm(QueryDict(urlencode(typed)))
    if form.is_valid():
        assert form.columns
        Application.objects.filter(**{f"{column}__in": every for column, every in form.columns.items()}).exists()
    else:
        assert all(text for texts in form.errors.values() for text in texts)


def _cursor(text: str) -> None:
    try:
        position = Position.from_cursor(text)
    except BadCursor:
        return
    assert Position.from_cursor(position.cursor) == position
    Application.objects.filter(position.older | position.newer).exists()


def _period(query: str) -> None:
    period = Period.from_query(QueryDict(query), today=TODAY)
    assert date(1990, 1, 1) < period.since <= period.until <= TODAY
    assert Period.from_query(period.query, today=TODAY) == period
    slices = period.slices()
    assert (slices[0].since, slices[-1].until) == (period.since, period.until)
    assert f"{period}{period.before}"


def _way_back(given: tuple[str, str, str]) -> None:
    path, asked, referer = given
    request = RequestFactory().get("/stores/", {"next": asked}, headers={"referer": referer}, SERVER_NAME="127.0.0.1")
    request.path = path
    for leads_to in (safe_next(request), page_to_return_to(request)):
        assert urlsplit(urljoin("http://127.0.0.1/stores/", leads_to))[:2] == ("http", "127.0.0.1"), leads_to


def _read_file(data: bytes) -> None:
    try:
        sheet = read(as_text(data))
    except Unreadable as unreadable:
        assert all(problem.text for problem in unreadable.problems)
        return
    assert sheet.rows
    assert all(row.line > 0 for row in sheet.rows)


def _plan(data: bytes) -> None:
    """What a file would do, by all the rules for stores and people; each thing that is wrong is told."""
    merchant, _ = Merchant.objects.get_or_create(name="Of nobody")
    by, _ = User.objects.get_or_create(username="of-nobody")
    planned = plan(merchant, as_text(data), by=by)
    assert all(problem.text for problem in planned.problems)
    assert planned.is_refused or planned.steps
    assert planned.digest


def _customer(data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            asked = customer_given(file.name)
        except CommandError as problem:
            assert str(problem)
            return
    assert asked.columns


_WORDS = ("", "draft", "approved", "ON", "fr-CA", "sandbox", "7", str(UUID(int=1)))
_QUERY = st.dictionaries(
    st.sampled_from(("status", "store", "associate", "province", "language", "environment", "x")),
    st.sampled_from(_WORDS) | texts("approved", str(UUID(int=2))),
    max_size=3,
)
_RANGES = some_of(
    day_from=texts("2026-01-31"),
    day_to=texts("2026-12-31"),
    amount_from=texts("1 000,00"),
    amount_to=texts("2500"),
)
_FILTERS = st.builds(lambda one, other: urlencode({**one, **other}), _QUERY, _RANGES)
_PERIODS = some_of(
    period=st.sampled_from(("today", "week", "month", "quarter", "year", "own")) | texts("own"),
    since=texts("2026-01-31", "2026-W01-1", "20260131", "0001-01-01", "9999-12-31"),
    until=texts("2026-11-20", "2024-02-29"),
)
_SEARCHED = some_of(
    phone_number=texts("(416) 555-0123"),
    email=texts("anne@example.com"),
    last_name=texts("O'Brien"),
    dob=texts("1990-01-31"),
    account_number=texts("20035156"),
    reference_id=texts("0123456789abcdef0123456789abcdef"),
)
_ANSWERS = {**IDENTITY, **CONTACT, **INCOME, **SECURITY, "account_number": "20035156"}
_CURSOR = Position.from_cursor("AAYpd2Z6gAASNFZ4EjRWeBI0VngSNFZ4").cursor
_ADDRESSES = texts("/day/?day=2026-11-20", "//evil.example/", "http://127.0.0.1/x", "http://[::1", "http:///x", "/\\x")
_FILES = (template("en"), template("fr"), "sep=;\nkind;store\nstore;é".encode("utf-16"))
_CUSTOMER = b"last_name: O'Brien\ndob: 1990-01-31\nphone_number: 416 555 0123\nfirst_names: Ann, Anne"

PARSERS = (
    *(
        Parser(f"boxes: {name}", 35, st.tuples(texts(*specimens), _LANGUAGES), _read_box(answer))
        for name, (answer, specimens) in _FIELDS.items()
    ),
    *(
        Parser(f"steps: {name}", 6, st.tuples(_typed(specimen), _LANGUAGES, st.booleans()), _read_form(kind))
        for name, (kind, specimen) in _FORMS.items()
    ),
    Parser("recognising a person", 10, _typed({**IDENTITY, **CONTACT}), _recognise),
    Parser("masks", 50, st.tuples(st.sampled_from(sorted(_ANSWERS)), texts(*_ANSWERS.values())), _mask),
    Parser("filters", 8, _FILTERS | texts("status=approved&amount_from=2"), _filter),
    Parser("searches", 8, _SEARCHED, _search),
    Parser("where a page begins", 10, texts(_CURSOR), _cursor),
    Parser("periods", 12, _PERIODS.map(urlencode) | texts("period=own&since=2026-01-31"), _period),
    Parser("ways back", 20, st.tuples(st.just("/stores/"), _ADDRESSES, _ADDRESSES), _way_back),
    Parser("files of stores and staff", 30, contents(*_FILES), _read_file),
    Parser("what such files would do", 2, contents(*_FILES), _plan),
    Parser("customers who ask what is held on them", 10, contents(_CUSTOMER), _customer),
)
