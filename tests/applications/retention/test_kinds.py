"""The table names every model, the document repeats the table, and periods that make no sense are refused."""

import pytest
from django.apps import apps

from applications.retention.checks import periods_fit_their_reasons
from applications.retention.kinds import NOTHING_OF_APPLICANTS, TABLE
from applications.retention.purging import CHORES, ELSEWHERE
from local_services.portal import ROOT
from vault.fields import EncryptedField

HELD = {place for kind in TABLE for place in kind.holds}


def model_of(place):
    return apps.get_model(".".join(place.split(".")[:2]))


def row(kind):
    period = f"`{kind.setting}`: {kind.period:,} {kind.unit}" if kind.setting else "–"
    return f"| {kind.what} | {period} | {kind.counts_from or '–'} | {kind.then} | {kind.reason} |"


def test_every_model_is_in_the_table_or_says_why_not():
    named = {model_of(place)._meta.label for place in HELD} | set(NOTHING_OF_APPLICANTS)
    assert {model._meta.label for model in apps.get_models()} == named


def test_every_sealed_column_of_an_application_is_in_the_table():
    sealed = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedField)
    }
    whole = {place for place in HELD if place.count(".") == 1}
    deleted_sooner = {"review.FollowUpNote", "review.Export"} & whole
    assert {one for one in sealed if one.rpartition(".")[0] not in deleted_sooner} <= HELD


def test_every_column_of_the_table_exists():
    for place in HELD:
        model, column = model_of(place), place.split(".")[2:]
        assert not column or model._meta.get_field(column[0])


def test_every_kind_is_purged_or_says_where():
    assert [chore.kind.name for chore in CHORES] + list(ELSEWHERE) == [kind.name for kind in TABLE]
    assert all(kind.is_of_known_unit and kind.reason for kind in TABLE)


def test_document_repeats_the_table():
    document = (ROOT / "docs" / "privacy.md").read_text()
    rows = document.partition("| --- | --- | --- | --- | --- |\n")[2].partition("\n\n")[0]
    assert rows.splitlines() == [row(kind) for kind in TABLE]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DRAFT_HOURS", 73),
        ("DRAFT_HOURS", 0),
        ("KEEP_ANSWERS_MONTHS", 2),
        ("KEEP_ANSWERS_MONTHS", 85),
        ("KEEP_INVITATION_DAYS", -1),
    ],
)
def test_period_that_contradicts_its_reason_is_refused(settings, name, value):
    assert periods_fit_their_reasons() == []
    setattr(settings, name, value)
    assert [error.id for error in periods_fit_their_reasons()] == ["portal.E005"]
