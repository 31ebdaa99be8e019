"""`manage.py access_request`: what the portal holds on a customer, written out for them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import override

from applications.retention.access import record_access
from applications.retention.access_file import paths, write_out
from applications.retention.asking import add_who_asks, customer_given, held_or_told, merchant_named, person_named


class Command(BaseCommand):
    help = (
        "Write out everything that a merchant's applications hold on one customer: TO.txt in words and TO.json, both "
        "readable by their owner alone. Who the customer is, is asked for, or read from --from or standard input as "
        "lines of `name: value`; it is no argument, because arguments show in the list of processes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("to", type=Path, help="where the files go, without .txt and .json")
        add_who_asks(parser, by="answers the request")
        parser.add_argument("--language", choices=[code for code, _ in settings.LANGUAGES], default="en")

    def handle(self, *_args: Any, **options: Any) -> None:
        merchant = merchant_named(options["merchant"])
        by = person_named(options["by"], merchant)
        held = held_or_told(merchant, customer_given(options["file"]))
        to: Path = options["to"]
        with override(options["language"]), transaction.atomic():
            record_access(merchant, held, language=options["language"], by=by)
            try:
                write_out(to, merchant, held)
            except FileExistsError as exists:
                told = f"{exists.filename} is there already. Nothing was written: give another name for the files."
                raise CommandError(told) from exists
            except OSError as problem:
                raise CommandError(f"{problem.filename}: {problem.strerror}. Nothing was written.") from problem
            transaction.on_commit(lambda: self.stdout.write(_told(len(held), to)))


def _told(number: int, to: Path) -> str:
    words, machine = paths(to)
    if not number:
        return (
            f"Nothing is held by what was said, and {words} says so. Try what else the customer knows: another "
            "spelling of the name, a former phone number or e-mail address."
        )
    applications = "1 application" if number == 1 else f"{number} applications"
    return (
        f"{applications}, in {words} (words) and {machine} (for machines). Both hold everything in the clear: hand "
        "them over safely, then delete them."
    )
