"""`manage.py audit_verify`: whether the evidence is as it was written."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from audit.verification import verify
from audit.witnesses import witness_of, witnesses


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
        self.stdout.write(
            f"{report.events:,} events in {report.chains:,} chains, {report.checkpoints:,} checkpoints, "
            f"{report.uncovered:,} events since the last one."
        )
        for note in report.notes:
            self.stdout.write(note)
        for finding in report.findings:
            self.stderr.write(str(finding))
        if not report.is_ok:
            self.stderr.write(f"Not OK: {len(report.findings)} findings.")
            sys.exit(1)
        asked_ = ", ".join(report.witnesses)
        self.stdout.write(f"OK. Witnesses that agree: {asked_}." if asked_ else "OK, but no witness was asked.")
