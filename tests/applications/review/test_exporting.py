"""Writing an export: what is in the file, how it ends, and how much memory it takes."""

import csv
import io
import time
import tracemalloc
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from applications.models import Application, CustomerLanguage
from applications.review import exporting
from applications.review.export_rows import neutralised
from applications.review.exporting import State, may_be_downloaded, state_of, written
from applications.review.filter_form import FilterForm
from applications.review.filters import Filters
from applications.review.listing import Listing
from applications.review.models import Export
from applications.statuses import Status
from audit.events import timeline
from tests.applications.journey.conftest import person
from tests.applications.review.rows import applications_in
from tests.factories import SAVED, CredentialFactory, StoreFactory


@pytest.fixture
def store(db):
    return StoreFactory(name="Bloor Street")


@pytest.fixture
def associate(store):
    return person("associate", store)


@pytest.fixture
def make(store, associate):
    credential = CredentialFactory(merchant=store.merchant)

    def make(number, **columns):
        return applications_in(store, number, by=associate, credential=credential, **columns)

    return make


@pytest.fixture
def export(store, associate):
    """`export("status=approved", language="fr")`: asked for by somebody, and the pieces of its file."""

    def begin(query="", **columns):
        row = Export.objects.create(
            merchant=store.merchant, requested_by=associate, query=query, **{"language": "en", **columns}
        )
        form = FilterForm(QueryDict(query), stores=[store], people=[associate])
        assert form.is_valid()
        return row, written(row, Listing(store.merchant, (store,), form.filters), by=associate)

    return begin


def read(pieces, delimiter=","):
    raw = b"".join(pieces)
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig")), delimiter=delimiter))


def test_file_is_masked_newest_first(make, export):
    made = make(3)
    _, pieces = export()
    rows = read(pieces)
    assert [row["Reference"] for row in rows] == [one.reference_id for one in reversed(made)]
    assert rows[-1] == {
        "Reference": made[0].reference_id,
        "Begun": "2026-03-01 10:00",
        "Store": "Bloor Street",
        "Associate": "associate",
        "Status": "Approved",
        "Amount": "2500.00",
        "Customer’s province": "ON",
        "Customer’s language": "English",
        "Environment": "Sandbox",
        "Customer": "A. O’B.",
        "Phone number": "••• 42",
        "E-mail": "a•••@•••.test",
    }


def test_file_in_french_reads_as_french_spreadsheets_do(make, export):
    make(1, status=Status.PENDING, language=CustomerLanguage.FRENCH)
    _, pieces = export(language="fr")
    (row,) = read(pieces, delimiter=";")
    assert (row["Montant"], row["État"], row["Langue du client"]) == ("2500,00", "À l’étude chez Flexiti", "Français")


def test_file_with_names_names_people_and_nothing_more(make, export):
    make(1)
    _, pieces = export(with_names=True, reason="Recall of a product")
    raw = b"".join(pieces).decode()
    (row,) = read([raw.encode()])
    named = ("First name", "Last name", "Phone number", "E-mail")
    assert [row[name] for name in named] == ["Anne-Élise", "O'Brien", "4165550142", "anne@example.test"]
    told = {"first_name", "last_name", "phone_number", "email", "province", "amount_requested"}
    hidden = {value for step in SAVED.values() for name, value in step.items() if name not in told and len(value) > 4}
    assert "046454286" in hidden
    assert not [value for value in hidden if value in raw]


@pytest.mark.parametrize(
    ("with_names", "cells"),
    [(False, ["Customer", "Phone number", "E-mail"]), (True, ["First name", "Last name", "Phone number", "E-mail"])],
)
def test_what_was_erased_says_so_and_is_no_empty_name(make, export, with_names, cells):
    (row,) = make(1)
    row.answers, row.erased_at = {}, timezone.now()
    row.save()
    _, pieces = export(with_names=with_names)
    (line,) = read(pieces)
    assert [line[name] for name in cells] == ["(Erased)", *[""] * (len(cells) - 1)]


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_cell_that_a_spreadsheet_would_compute_is_text(beginning):
    assert neutralised(f"{beginning}1+1") == f"'{beginning}1+1"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Anne;=1+1", "Anne;'=1+1"),
        ("Anne, @SUM(A1)", "Anne, '@SUM(A1)"),
        ('a";"=1+1', 'a";"\'=1+1'),
        ("Anne\n-1", "Anne\n'-1"),
        ("=1;=2", "'=1;'=2"),
        ('a ;" ;  \t=1 =2', "a ;\" ;  \t'=1 =2"),
        ("Anne-Élise; O’Brien, a=b", "Anne-Élise; O’Brien, a=b"),
    ],
)
def test_cell_stays_text_where_another_separator_would_part_it(typed, kept):
    """A file in English, opened by a spreadsheet with French settings: there a semicolon begins the next cell."""
    assert neutralised(typed) == kept


def test_cell_of_separators_alone_takes_no_time():
    before = time.monotonic()
    assert neutralised("\r\n" * 30_000).startswith("'")
    assert time.monotonic() - before < 5


def test_formula_typed_as_a_name_stays_text_in_the_file(make, export):
    make(1, answers={"first_name": '=HYPERLINK("http://x")', "last_name": "-2+3", "email": "@SUM(A1)"})
    _, pieces = export(with_names=True)
    (row,) = read(pieces)
    assert (row["First name"], row["Last name"], row["E-mail"]) == ('\'=HYPERLINK("http://x")', "'-2+3", "'@SUM(A1)")


def test_answers_that_cannot_be_opened_leave_their_cells_empty(make, export):
    one, other = make(2)
    token = Application.objects.filter(pk=one.pk).values_list("answers", flat=True).get()
    Application.objects.filter(pk=other.pk).update(answers=token)
    newest, older = read(export()[1])
    assert (newest["Customer"], newest["Status"], older["Customer"]) == ("", "Approved", "A. O’B.")


def test_only_what_matches_is_in_it(make, export):
    make(2), make(1, status=Status.DECLINED)
    assert [row["Status"] for row in read(export("status=declined")[1])] == ["Declined"]


def test_end_is_recorded_with_filters_and_rows(make, export, associate, store):
    make(2)
    row, pieces = export(f"status=approved&store={store.pk}", with_names=True)
    read(pieces)
    row.refresh_from_db()
    assert (row.rows_expected, row.rows_written, row.is_complete) == (2, 2, True)
    assert row.began_at <= row.ended_at
    event = timeline(row).last()
    assert (event.name, event.actor_id) == ("exported", str(associate.pk))
    assert event.detail == {
        "rows": 2,
        "complete": True,
        "with_names": True,
        "filters": ["status=approved", f"store={store.pk}"],
    }


def test_beginning_is_recorded_with_filters_before_anything_leaves(make, export, associate, store):
    """A process that is killed records no end."""
    make(2)
    row, pieces = export(f"status=approved&store={store.pk}", with_names=True)
    assert not timeline(row)
    next(pieces)
    (event,) = timeline(row)
    assert (event.name, event.actor_id, event.merchant_id) == (
        "export_begun",
        str(associate.pk),
        str(store.merchant.pk),
    )
    assert event.detail == {"with_names": True, "filters": ["status=approved", f"store={store.pk}"]}
    with override("fr"):
        assert event.label == "Exportation commencée"


def test_nothing_leaves_whose_beginning_cannot_be_recorded(make, export, monkeypatch):
    make(1)
    row, pieces = export()

    def away(*_args, **_options):
        raise OperationalError

    monkeypatch.setattr(exporting, "record", away)
    with pytest.raises(OperationalError):
        next(pieces)
    row.refresh_from_db()
    assert row.began_at is None


def test_progress_stands_in_the_row_while_it_is_written(make, export, monkeypatch):
    monkeypatch.setattr(exporting, "ROWS_AT_ONCE", 2)
    make(5)
    row, pieces = export()
    seen = []
    for _ in pieces:
        row.refresh_from_db()
        seen.append(row.rows_written)
    assert seen == [0, 2, 4, 5]
    row.refresh_from_db()
    assert row.rows_written == 5


def test_heading_comes_before_anything_of_the_list_is_read(make, export):
    make(3)
    _, pieces = export()
    with CaptureQueriesContext(connection) as asked:
        assert next(pieces).decode("utf-8-sig").startswith("Reference,Begun,Store")
    assert asked.captured_queries
    assert not [one for one in asked.captured_queries if Application._meta.db_table in one["sql"]]


def test_aborted_download_is_recorded_too(make, export, monkeypatch):
    monkeypatch.setattr(exporting, "ROWS_AT_ONCE", 2)
    make(5)
    row, pieces = export()
    for _ in range(3):
        next(pieces)
    pieces.close()
    row.refresh_from_db()
    assert (row.rows_written, row.is_complete, row.ended_at is None) == (4, False, False)
    event = timeline(row).last()
    assert (event.detail["rows"], event.detail["complete"]) == (4, False)


def test_piece_that_was_read_counts_even_if_it_was_the_only_one(make, export):
    """Whoever breaks the connection off just before the end of it has the rows all the same."""
    make(3)
    row, pieces = export(with_names=True)
    next(pieces)
    assert b"Anne-\xc3\x89lise" in next(pieces)
    pieces.close()
    assert timeline(row).last().detail["rows"] == 3


def test_file_ends_where_the_right_to_it_ends(make, store, associate, monkeypatch):
    monkeypatch.setattr(exporting, "ROWS_AT_ONCE", 2)
    make(5)
    row = Export.objects.create(merchant=store.merchant, requested_by=associate, language="en")
    rights = iter([True, False])
    pieces = written(row, Listing(store.merchant, (store,), Filters()), by=associate, may_go_on=lambda: next(rights))
    assert len(read(pieces)) == 2
    detail = timeline(row).last().detail
    assert (detail["rows"], detail["complete"]) == (2, False)


def test_second_download_counts_anew_and_is_recorded_again(make, export, store, associate):
    make(2)
    row, pieces = export()
    read(pieces)
    first = row.began_at
    form = FilterForm(QueryDict(""), stores=[store], people=[])
    assert form.is_valid()
    read(written(row, Listing(store.merchant, (store,), form.filters), by=associate))
    row.refresh_from_db()
    assert (row.rows_written, row.began_at) == (2, first)
    assert [event.name for event in timeline(row)] == ["export_begun", "exported"] * 2


@pytest.mark.parametrize(
    ("asked", "began", "may"),
    [
        (timedelta(hours=23), None, True),
        (timedelta(hours=25), None, False),
        (timedelta(hours=30), timedelta(minutes=59), True),
        (timedelta(hours=2), timedelta(minutes=61), False),
    ],
)
def test_time_in_which_it_may_be_downloaded(asked, began, may):
    now = timezone.now()
    row = Export(requested_at=now - asked, began_at=now - began if began else None)
    assert may_be_downloaded(row) is may


def test_very_long_list_is_not_counted_to_the_end(make, export, monkeypatch):
    monkeypatch.setattr(exporting, "COUNTED_AT_MOST", 3)
    make(4)
    row, pieces = export()
    read(pieces)
    row.refresh_from_db()
    assert (row.rows_expected, row.rows_written) == (None, 4)


def test_memory_does_not_grow_with_the_list(make, export, monkeypatch):
    """The peak of 3,000 rows in pieces of 100 is far below what the rows weigh together."""
    monkeypatch.setattr(exporting, "ROWS_AT_ONCE", 100)
    make(3000)
    peaks = []
    for query in ("amount_to=0", ""):
        _, pieces = export(query)
        tracemalloc.start()
        size = sum(len(piece) for piece in pieces)
        peaks.append((tracemalloc.get_traced_memory()[1], size))
        tracemalloc.stop()
    (idle, _), (busy, size) = peaks
    assert size > 300_000
    assert busy - idle < 2_000_000, peaks


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({}, State.NOT_DOWNLOADED),
        ({"began_at": 1}, State.BEING_WRITTEN),
        ({"began_at": 61}, State.BROKEN_OFF),
        ({"began_at": 5, "ended_at": 1}, State.BROKEN_OFF),
        ({"began_at": 600, "ended_at": 599, "is_complete": True}, State.COMPLETE),
    ],
)
def test_state_of_an_export(columns, state):
    """Moments in minutes ago: without an end for an hour, the process must have died."""
    now = timezone.now()
    moments = {name: now - timedelta(minutes=ago) for name, ago in columns.items() if name != "is_complete"}
    assert state_of(Export(**moments, is_complete=columns.get("is_complete", False))) == state
