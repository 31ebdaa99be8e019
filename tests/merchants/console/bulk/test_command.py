"""`manage.py bulk_start`."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from merchants.models import Store, User
from tests.merchants.conftest import People
from tests.merchants.console.bulk.test_pages import FILE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "staff.csv"
    path.write_bytes(FILE.encode("utf-8-sig"))
    return path


def run(*arguments: Any, **options: Any) -> str:
    out = StringIO()
    call_command("bulk_start", *map(str, arguments), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_dry_run_tells_and_changes_nothing(people: People, file: Path) -> None:
    told = run("European Restorations", file, by="administrator")
    assert "line 2: Add Kenora" in told
    assert "line 3: Add Zoë Roy" in told
    assert Store.objects.count() == 3


def test_apply_prints_the_links(people: People, file: Path) -> None:
    told = run(people.merchant.pk, file, by="administrator", apply=True, address="https://portal.example/")
    assert "zoe.roy\thttps://portal.example/welcome/" in told
    assert User.objects.filter(username="ali.khan").exists()


def test_bad_file_is_refused_naming_the_line(people: People, file: Path) -> None:
    file.write_text(FILE.replace("Kenora;ON", "Kenora;XX"))
    errors = StringIO()
    with pytest.raises(CommandError, match="Nothing of the file is taken"):
        call_command("bulk_start", "European Restorations", str(file), by="administrator", stderr=errors)
    assert "line 2, province: No province is called that" in errors.getvalue()


@pytest.mark.parametrize(
    ("merchant", "by", "said"),
    [
        ("Maison Boréale", "administrator", "administers no merchant"),
        ("European Restorations", "owner", "administers no merchant"),
        ("European Restorations", "", "--by"),
    ],
)
def test_scope_holds_on_the_command_line(people: People, file: Path, merchant: str, by: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(merchant, file, by=by)
