"""Sealing again while somebody saves: PostgreSQL with connections of their own."""

import base64
import random
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.vault.specimens import Specimen
from vault.resealing import EncryptedColumns
from vault.rotation import Renewed, rotate

K1, K2 = (base64.b64encode(bytes(range(start, start + 32))).decode() for start in (0, 32))
ONLY_OLD, OLD_FIRST, NEW_FIRST, ONLY_NEW = f"k1:{K1}", f"k1:{K1},k2:{K2}", f"k2:{K2},k1:{K1}", f"k2:{K2}"
PLACE = EncryptedColumns(Specimen, ("text", "answers"))


def unheard(_: str) -> None:
    pass


@pytest.fixture
def old_rows(specimens: type[Specimen], settings: Any) -> Iterator[list[Specimen]]:
    """Five specimens under the old key, while the new one seals."""
    settings.VAULT_KEYS = ONLY_OLD
    rows = [Specimen.objects.create(label=str(n), text=f"secret {n}" if n else None) for n in range(5)]
    settings.VAULT_KEYS = NEW_FIRST
    yield rows
    Specimen.objects.all().delete()


def test_everything_opens_with_the_new_key_alone_afterwards(old_rows: list[Specimen], settings: Any) -> None:
    outcome = rotate(PLACE, say=unheard)
    assert (outcome.done, outcome.left, outcome.lost) == (5, 0, ())
    settings.VAULT_KEYS = ONLY_NEW
    assert {row.label: (row.text, row.answers) for row in Specimen.objects.all()} == {
        str(n): (f"secret {n}" if n else None, {}) for n in range(5)
    }


def test_second_run_does_only_the_rest(old_rows: list[Specimen], settings: Any) -> None:
    rotate(PLACE, say=unheard)
    before = set(Specimen.objects.values_list("text", flat=True))
    settings.VAULT_KEYS = ONLY_OLD
    late = Specimen.objects.create(text="of a process that was not restarted")
    settings.VAULT_KEYS = NEW_FIRST
    assert rotate(PLACE, say=unheard).done == 1
    assert set(Specimen.objects.exclude(pk=late.pk).values_list("text", flat=True)) == before


def test_row_with_one_column_under_the_old_key_is_found(old_rows: list[Specimen]) -> None:
    row = Specimen.objects.get(label="1")
    row.text = "saved since"
    row.save(update_fields=["text"])
    assert PLACE.left().filter(pk=row.pk).exists()
    assert rotate(PLACE, say=unheard).left == 0
    assert Specimen.objects.get(pk=row.pk).text == "saved since"


def test_damaged_row_is_named_and_the_others_are_done(old_rows: list[Specimen]) -> None:
    damaged = old_rows[2]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE specimens_specimen SET text = 'v1.k1.damaged' WHERE label = '2'")
    outcome = rotate(PLACE, say=unheard)
    assert (outcome.done, outcome.left, outcome.lost) == (5, 1, (damaged.pk,))
    assert Specimen.objects.get(pk=damaged.pk).answers == {}


class Interrupted(EncryptedColumns):
    """Somebody saves a row after it was read and before it is written back."""

    def renewed(self, row: Any) -> Renewed:
        new = super().renewed(row)
        if row.label == "1":
            elsewhere(lambda: save(row.pk, "saved in between"))
        return new


def save(key: uuid.UUID, text: str) -> None:
    row = Specimen.objects.get(pk=key)
    row.text = text
    row.save()


def elsewhere(work: Any) -> None:
    """With a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_save_between_reading_and_writing_wins(old_rows: list[Specimen]) -> None:
    place = Interrupted(Specimen, ("text", "answers"))
    assert rotate(place, say=unheard).left == 0
    assert Specimen.objects.get(label="1").text == "saved in between"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_while_others_go_on_saving_with_either_key(specimens: Any, settings: Any) -> None:
    settings.VAULT_KEYS = OLD_FIRST  # like a process that is not restarted yet
    rows = [Specimen.objects.create(label=str(n), text="0") for n in range(20)]
    last, is_over = dict.fromkeys([row.pk for row in rows], "0"), threading.Event()

    def go_on_saving(mine: list[Specimen]) -> None:
        choice, number = random.Random(1), 0
        while not is_over.is_set():
            number += 1
            row = choice.choice(mine)
            save(row.pk, str(number))
            last[row.pk] = str(number)

    savers = [threading.Thread(target=lambda mine=rows[n::2]: elsewhere(lambda: go_on_saving(mine))) for n in (0, 1)]
    for saver in savers:
        saver.start()
    for _ in range(3):
        settings.VAULT_KEYS = NEW_FIRST
        rotate(PLACE, say=unheard)
        settings.VAULT_KEYS = OLD_FIRST
        rotate(PLACE, say=unheard)
    settings.VAULT_KEYS = NEW_FIRST
    is_over.set()
    for saver in savers:
        saver.join()
    assert rotate(PLACE, say=unheard).left == 0
    settings.VAULT_KEYS = ONLY_NEW
    assert {row.pk: row.text for row in Specimen.objects.all()} == last
    assert len(set(last.values())) > 5
