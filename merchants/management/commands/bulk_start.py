"""Stores and staff of a merchant from a file, by the same rules as the page of the console."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from merchants.console.bulk.applying import ShownDiffers, apply, seal
from merchants.console.bulk.planning import Plan, plan
from merchants.console.bulk.reading import as_text
from merchants.console.mailing import mail
from merchants.models import Merchant, User
from merchants.selectors import merchants_administered_by


class Command(BaseCommand):
    help = "Shows what a file of stores and staff would do at a merchant, and with --apply does it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("merchant", help="Its name or its id.")
        parser.add_argument("file", type=Path, help="CSV, with the headings of the template in the console.")
        parser.add_argument("--by", default="", help="User name of whoever does it, unless one operator is alone.")
        parser.add_argument("--apply", action="store_true", help="Do it, and print the one-time links.")
        parser.add_argument("--address", default="", help="What links begin with, such as https://portal.example.")

    def handle(self, *_args: Any, **options: Any) -> None:
        by = _person(options["by"])
        merchant = _merchant(options["merchant"], by)
        text = _text(options["file"])
        shown = plan(merchant, text, by=by)
        self._tell(shown)
        if options["apply"]:
            self._apply(shown, text, by, options["address"].rstrip("/"))

    def _tell(self, shown: Plan) -> None:
        for problem in shown.problems:
            where = f"line {problem.line}" if problem.line else "the file"
            self.stderr.write(f"{where}{f', {problem.column}' if problem.column else ''}: {problem.text}")
        if shown.is_refused:
            raise CommandError("Nothing of the file is taken.")
        for step in shown.steps:
            changes = "; ".join(f"{one.label}: {one.before or '–'} → {one.after or '–'}" for one in step.changes)
            self.stdout.write(f"line {step.line}: {step.verb.label} {step.name}{f' ({changes})' if changes else ''}")

    def _apply(self, shown: Plan, text: str, by: User, address: str) -> None:
        try:
            links = apply(shown.merchant, text, seal(shown, by=by), by=by)
        except ShownDiffers as differs:
            raise CommandError("The data changed meanwhile, or two lines contradict. Nothing is done.") from differs
        sent = mail(links, base=address) if address else set()
        for link in links:
            person = link.invitation.user
            mailed = " (e-mailed)" if link.invitation in sent else ""
            self.stdout.write(f"{person.username}\t{address}{link.path}{mailed}")


def _person(username: str) -> User:
    found = User.objects.filter(is_active=True)
    found = found.filter(username=username) if username else found.filter(is_superuser=True)
    if len(people := list(found[:2])) != 1:
        raise CommandError("Say with --by whose user name this is done under.")
    return people[0]


def _merchant(name_or_id: str, by: User) -> Merchant:
    for merchant in merchants_administered_by(by):
        if str(merchant.pk) == name_or_id or merchant.name.casefold() == name_or_id.casefold():
            return merchant
    raise CommandError(f"{by} administers no merchant {name_or_id}.")


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise CommandError(f"{file} cannot be read: {problem.strerror}.") from problem
    if len(data) > settings.BULK_START_MAX_BYTES:
        raise CommandError(f"{file} is larger than {settings.BULK_START_MAX_BYTES // 1024} KB. Split it.")
    return as_text(data)
