"""The commands of the portal about canary applicants: what they print, and the files that they write.

python -m evidence.canary_commands FOLDER       FOLDER/asked.json says about whom: [[number, id, reference], ...]
"""

import json
import sys
import traceback
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

MERCHANT, BY = "European Restorations", "manager"
_STAFF = "kind,store,first_name,last_name,role,email\n"
_NEWCOMER = "person,Toronto – Queen Street,New,Comer,associate,newcomer@portal.example\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run each once; whatever a command says, its end included, is in FOLDER/printed."""
    import django

    django.setup()
    folder = Path((arguments or sys.argv[1:])[0])
    for name in ("printed", "handed_out", "bundles"):
        (folder / name).mkdir()
    asked = [(int(number), *texts) for number, *texts in json.loads((folder / "asked.json").read_text())]
    for number, one, reference in asked:
        _about_one(folder, number, one, reference)
    _about_all(folder)


def _about_one(folder: Path, number: int, one: str, reference: str) -> None:
    from evidence.canary_people import canary

    flat = canary(number).flat
    said = "".join(f"{name}: {flat[name]}\n" for name in ("last_name", "dob", "phone_number", "email"))
    who = _given(folder, f"{number}.txt", said)
    mistyped = _given(folder, f"{number}-mistyped.txt", said.replace("last_name", "lastname"))
    elsewhere = _given(folder, f"{number}-elsewhere.txt", f"phone_number: {flat['last_name']}\ndob: {flat['sin']}\n")
    wrong = _given(folder, f"{number}-wrong.txt", f"{flat['employer_name']} is wrong, {flat['occupation_title']}")
    us, by = ("--merchant", MERCHANT), ("--by", BY)
    _run(folder, number, "correct_application", reference, *us, *by, "--from", wrong)
    for file in (mistyped, elsewhere, who):
        _run(folder, number, "access_request", str(folder / "handed_out" / str(number)), *us, *by, "--from", file)
    _run(folder, number, "audit_export", one, *by, "--to", str(folder / "bundles" / f"{number}.zip"))
    _run(folder, number, "erase_person", *us, *by, "--from", who, "--dry-run")
    if number % 2:
        _run(folder, number, "erase_person", *us, *by, "--from", who)


def _about_all(folder: Path) -> None:
    staff = _given(folder, "staff.csv", _STAFF + _NEWCOMER)
    address = ("--address", "https://portal.example")
    for name, *arguments in (
        ("close_of_day",),
        ("close_of_day", "--json"),
        ("purge", "--dry-run"),
        ("purge",),
        ("audit_checkpoint",),
        ("audit_verify",),
        ("check_statistics",),
        ("check_statistics", "--rebuild"),
        ("vault_rotate", "--dry-run"),
        ("vault_rotate",),
        ("vault_rotate", "--indexes"),
        ("bulk_start", MERCHANT, staff, "--by", "operator", "--apply", *address),
        ("presume_sent", "--after-a-restore"),
    ):
        _run(folder, 0, name, *arguments)


def _given(folder: Path, name: str, text: str) -> str:
    """A file that whoever runs the commands has written: not searched."""
    file = folder / "given" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return str(file)


def _run(folder: Path, number: int, name: str, *arguments: str) -> None:
    from django.core.management import call_command
    from django.core.management.base import CommandError

    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            call_command(name, *arguments, stdout=said, stderr=said)
        except (CommandError, SystemExit) as end:
            said.write(f"ended: {end}\n")
        except Exception:
            said.write(traceback.format_exc())  # as Python prints it, messages and all
    with (folder / "printed" / f"{name}.txt").open("a") as file:
        file.write(f"--- {number} {name}\n{said.getvalue()}")


if __name__ == "__main__":
    main()
