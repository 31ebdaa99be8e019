"""`manage.py audit_verify`: whether the evidence is as it was written."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from audit.verification import verify
from audit.verification.findings import Report
from audit.witnesses import witness_of, witnesses

_NO_WITNESS = (
    "OK, but no witness was asked. Whoever puts back an older copy of everything is found out by a witness alone: "
    "name one in AUDIT_WITNESSES, or give its copy with --witness file:/path."
)


class Command(BaseCommand):
    help = (
        "Check every chain of events, every checkpoint and every witness, and name each record that is not as it was "
        "written. Reads everything, while people may work. Exit code 1: something was found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--witness", action="append", default=[], help="one more, such as file:/media/usb/checkpoints.jsonl"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            asked = [*witnesses(), *map(witness_of, options["witness"])]
        except ImproperlyConfigured as problem:
            raise CommandError(str(problem)) from problem
        report = verify(asked)
        self.stdout.write(_told(report))
        for note in report.notes:
            self.stdout.write(note)
        for finding in report.findings:
            self.stderr.write(str(finding))
        if not report.is_ok:
            self.stderr.write(
                f"Not OK: {_counted(len(report.findings), 'finding')}. Change nothing, hand no evidence out, and see "
                "docs/operations.md, Evidence: what each kind means, and what to do."
            )
            sys.exit(1)
        asked_ = ", ".join(report.witnesses)
        self.stdout.write(f"OK. Witnesses that agree: {asked_}." if asked_ else _NO_WITNESS)


def _told(report: Report) -> str:
    told = f"{_counted(report.events, 'event')} in {_counted(report.chains, 'chain')}, "
    if not report.checkpoints:
        return f"{told}no checkpoint yet: nothing of it is signed before audit_checkpoint, or beat, makes one."
    since = _counted(report.uncovered, "event")
    return f"{told}{_counted(report.checkpoints, 'checkpoint')}, {since} since the last one."


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
