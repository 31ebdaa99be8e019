import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.core import serializers
from django.core.exceptions import FieldError
from django.core.serializers.base import DeserializedObject
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.vault.specimens import Specimen, Twin
from vault.fields import EncryptedJSONField, EncryptedTextField, Sealed
from vault.keys import CannotOpen

SECRET = "the red door of Trois-Rivières"
Specimens = type[Specimen]


def stored(specimen: Specimen, column: str = "text") -> str | None:
    """What the table really holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM specimens_specimen WHERE label = %s", [specimen.label])
        (value,) = cursor.fetchone()
        return value


def overwrite(specimen: Specimen, column: str, value: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE specimens_specimen SET {column} = %s WHERE label = %s", [value, specimen.label])


def test_value_is_ciphertext_in_the_table(specimens: Specimens) -> None:
    kept = specimens.objects.create(label="a", text=SECRET, answers={"first_name": SECRET})
    assert stored(kept).startswith("v1.k1.")
    assert stored(kept, "answers").startswith("v1.k1.")
    assert specimens.objects.get().text == SECRET
    assert specimens.objects.get().answers == {"first_name": SECRET}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(text=st.none() | st.text(), answers=JSON.filter(lambda value: value is not None))
def test_any_value_comes_back_unchanged(specimens: Specimens, text: str | None, answers: Any) -> None:
    kept = specimens.objects.create(text=text, answers=answers)
    again = specimens.objects.get(pk=kept.pk)
    assert again.text == text
    assert again.answers == answers


def test_none_is_null_and_empty_text_is_not(specimens: Specimens) -> None:
    assert stored(specimens.objects.create(label="none", text=None)) is None
    assert stored(specimens.objects.create(label="empty", text="")) is not None
    assert specimens.objects.get(text__isnull=True).label == "none"
    assert specimens.objects.get(text__isnull=False).text == ""


def test_null_is_refused_where_the_column_forbids_it(specimens: Specimens) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        specimens.objects.create(answers=None)


def test_loading_a_row_opens_nothing(specimens: Specimens) -> None:
    overwrite(specimens.objects.create(label="a", text=SECRET), "text", "v1.k1.tampered")
    loaded = specimens.objects.get()
    assert loaded.answers == {}
    with pytest.raises(CannotOpen):
        _ = loaded.text


@pytest.mark.parametrize("narrow", [lambda rows: rows.defer("text"), lambda rows: rows.only("label")])
def test_deferred_column_is_loaded_on_access(specimens: Specimens, narrow: Callable[..., Any]) -> None:
    specimens.objects.create(text=SECRET)
    loaded = narrow(specimens.objects).get()
    assert "text" in loaded.get_deferred_fields()
    assert loaded.text == SECRET
    loaded.label = "changed"
    loaded.save()
    assert specimens.objects.get().text == SECRET


def test_saving_with_the_column_deferred_leaves_it_alone(specimens: Specimens) -> None:
    kept = specimens.objects.create(label="a", text=SECRET)
    before = stored(kept)
    specimens.objects.defer("text").get().save()
    assert stored(kept) == before


def test_refresh_from_db_reads_the_new_value(specimens: Specimens) -> None:
    kept = specimens.objects.create(text="before", answers={"a": 1})
    other = specimens.objects.get()
    other.text, other.answers = "after", {"a": 2}
    other.save()
    kept.refresh_from_db()
    assert (kept.text, kept.answers) == ("after", {"a": 2})
    kept.refresh_from_db(fields=["text"])
    assert kept.text == "after"


def test_json_changed_in_place_is_saved(specimens: Specimens) -> None:
    specimens.objects.create(answers={"names": ["a"]})
    loaded = specimens.objects.get()
    loaded.answers["names"].append("b")
    loaded.save(update_fields=["answers"])
    assert specimens.objects.get().answers == {"names": ["a", "b"]}


def test_bulk_create_binds_each_row_to_its_own_key(specimens: Specimens) -> None:
    specimens.objects.bulk_create([specimens(label=str(number), text=f"secret {number}") for number in range(3)])
    assert {row.label: row.text for row in specimens.objects.all()} == {
        "0": "secret 0",
        "1": "secret 1",
        "2": "secret 2",
    }


def test_ciphertext_moved_to_another_row_does_not_open(specimens: Specimens) -> None:
    one = specimens.objects.create(label="one", text="secret of one")
    two = specimens.objects.create(label="two", text="secret of two")
    overwrite(two, "text", stored(one))
    with pytest.raises(CannotOpen):
        _ = specimens.objects.get(pk=two.pk).text


def test_ciphertext_moved_to_another_column_does_not_open(specimens: Specimens) -> None:
    kept = specimens.objects.create(label="a", text="[]")
    overwrite(kept, "answers", stored(kept))
    with pytest.raises(CannotOpen):
        _ = specimens.objects.get().answers


def test_ciphertext_moved_to_another_table_does_not_open() -> None:
    one = Specimen(text=SECRET)
    held = Specimen._meta.get_field("text").value_from_object(one)
    assert Specimen(pk=one.pk, text=held).text == SECRET
    with pytest.raises(CannotOpen):
        _ = Twin(pk=one.pk, text=held).text


def test_key_given_as_text_seals_for_the_same_row(specimens: Specimens) -> None:
    specimens.objects.create(pk="6F0E0B5C-61C6-4C39-8E6D-1B6B5F4D2F7A", text=SECRET)
    assert specimens.objects.get(pk=uuid.UUID("6f0e0b5c-61c6-4c39-8e6d-1b6b5f4d2f7a")).text == SECRET


def test_copy_of_a_row_whose_value_was_read_is_sealed_again(specimens: Specimens) -> None:
    specimens.objects.create(text=SECRET)
    row = specimens.objects.get()
    assert row.text == SECRET
    assert row.answers == {}
    row.pk, row._state.adding = uuid.uuid4(), True
    row.save()
    assert [row.text for row in specimens.objects.all()] == [SECRET, SECRET]


def test_copy_of_a_row_whose_value_was_not_read_is_refused(specimens: Specimens) -> None:
    specimens.objects.create(text=SECRET)
    row = specimens.objects.get()
    row.pk, row._state.adding = uuid.uuid4(), True
    with pytest.raises(CannotOpen):
        row.save()


def test_sealing_without_a_primary_key_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its primary key before text is sealed"):
        Specimen._meta.get_field("text").sealed(Specimen(pk=None), SECRET)


@pytest.mark.parametrize(
    "query",
    [
        lambda rows: rows.filter(text=SECRET),
        lambda rows: rows.filter(text=None),
        lambda rows: rows.exclude(text__icontains="red"),
        lambda rows: rows.get(text__in=[SECRET]),
        lambda rows: rows.filter(answers__first_name=SECRET),
        lambda rows: rows.filter(Q(label="a") | Q(answers__contains={})),
        lambda rows: rows.filter(Exists(rows.filter(text=OuterRef("label")))),
        lambda rows: rows.get_or_create(text=SECRET),
    ],
)
def test_looking_for_a_value_is_refused(specimens: Specimens, query: Callable[..., Any]) -> None:
    with pytest.raises(FieldError, match=r"Specimen\.(text|answers) is encrypted") as refused:
        query(specimens.objects)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(text=SECRET),
        lambda rows: rows.update(text=F("label")),
        lambda rows: rows.update(text=Value(SECRET)),
        lambda rows: rows.update(text=Case(When(label="a", then=Value(SECRET)), default=Value(""))),
        lambda rows: rows.update(answers={"first_name": SECRET}),
    ],
)
def test_update_past_the_instance_is_refused(specimens: Specimens, change: Callable[..., Any]) -> None:
    kept = specimens.objects.create(label="a", text="before")
    before = stored(kept)
    with (
        pytest.raises(FieldError, match="an update may only set it to None") as refused,
        transaction.atomic(),
    ):
        change(specimens.objects.all())
    assert SECRET not in str(refused.value)
    assert stored(kept) == before


def test_bulk_update_is_refused(specimens: Specimens) -> None:
    row = specimens.objects.create(text="before")
    row.text = SECRET
    with pytest.raises(FieldError, match="by saving an instance"), transaction.atomic():
        specimens.objects.bulk_update([row], ["text"])
    assert specimens.objects.get().text == "before"


def test_update_may_set_none(specimens: Specimens) -> None:
    kept = specimens.objects.create(label="a", text=SECRET)
    specimens.objects.update(text=None)
    assert stored(kept) is None


def test_update_may_put_back_what_the_row_held(specimens: Specimens) -> None:
    kept = specimens.objects.create(label="a", text=SECRET)
    (held,) = specimens.objects.values_list("text", flat=True)
    specimens.objects.update(text=None)
    specimens.objects.filter(pk=kept.pk).update(text=held)
    assert specimens.objects.get().text == SECRET


def test_values_give_only_a_sealed_object(specimens: Specimens) -> None:
    specimens.objects.create(text=SECRET, answers={"first_name": SECRET})
    (row,) = specimens.objects.annotate(other=F("text")).values("text", "answers", "other")
    assert {type(value) for value in row.values()} == {Sealed}
    assert str(row) == "{'text': <Sealed>, 'answers': <Sealed>, 'other': <Sealed>}"
    with pytest.raises(TypeError, match="Sealed is not JSON serializable"):
        json.dumps(row)


def test_sealed_values_compare_by_their_token() -> None:
    assert Sealed("v1.k1.a") == Sealed("v1.k1.a")
    assert len({Sealed("v1.k1.a"), Sealed("v1.k1.a"), Sealed("v1.k1.b")}) == 2
    assert Sealed("v1.k1.a") != "v1.k1.a"


@pytest.mark.parametrize("value", [7, {"a": 1}, b"bytes", F("label")])
def test_text_field_refuses_what_is_no_text(specimens: Specimens, value: object) -> None:
    with pytest.raises(TypeError, match="text holds text, not"):
        specimens.objects.create(text=value)


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, object()])
def test_json_field_refuses_what_json_cannot_say(specimens: Specimens, value: object) -> None:
    with pytest.raises((TypeError, ValueError), match="JSON"):
        specimens.objects.create(answers=value)


@pytest.mark.parametrize("answers", [{"first_name": SECRET}, 424242])
def test_dump_holds_the_token_only(specimens: Specimens, answers: object) -> None:
    kept = specimens.objects.create(label="a", text=SECRET, answers=answers)
    for read_first in (False, True):
        row = specimens.objects.get()
        if read_first:
            assert (row.text, row.answers) == (SECRET, answers)
        for format_name in ("json", "xml"):
            dump = serializers.serialize(format_name, [row])
            assert "Trois" not in dump
            assert "424242" not in dump
            assert "v1.k1." in dump
    (fields,) = [entry["fields"] for entry in json.loads(serializers.serialize("json", specimens.objects.all()))]
    assert fields["text"] == stored(kept)


def test_loading_a_dump_is_refused(specimens: Specimens) -> None:
    kept = specimens.objects.create(label="a", text=SECRET)
    loaded = DeserializedObject(Specimen(pk=kept.pk, text=stored(kept)))
    with pytest.raises(FieldError, match="by saving an instance"):
        loaded.save()


def test_model_form_and_its_initial_values_leave_it_out(specimens: Specimens) -> None:
    kept = specimens.objects.create(text=SECRET, answers={"first_name": SECRET})
    form = forms.modelform_factory(Specimen, fields="__all__")(instance=kept)
    assert list(form.fields) == ["label"]
    assert SECRET not in str(forms.model_to_dict(kept))


def test_full_clean_accepts_plain_values(specimens: Specimens) -> None:
    specimens(text=SECRET, answers={"first_name": SECRET}).full_clean()


@pytest.mark.parametrize(
    "field",
    [EncryptedTextField(null=True, blank=True), EncryptedJSONField(default=dict, verbose_name="answers")],
)
def test_migration_describes_the_field(field: models.Field) -> None:
    _, path, args, kwargs = field.deconstruct()
    assert path == f"vault.fields.{type(field).__name__}"
    assert type(field)(*args, **kwargs).deconstruct() == field.deconstruct()
    text, imports = MigrationWriter.serialize(field)
    assert text.startswith(path)
    assert "import vault.fields" in imports
