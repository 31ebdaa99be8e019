"""`manage.py purge`: what has had its period goes; beat does the same every night."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from applications.retention.purging import due_now, kept_open, purge


class Command(BaseCommand):
    help = (
        "Erase or delete what has had its period (docs/privacy.md). Interrupted, it is started again. "
        "Exit code 1: some rows could not be purged; the log names them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what is due")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["dry_run"]:
            for kind, number in due_now():
                self.stdout.write(f"{kind.name}: {number:,} due" + (f" ({kind.what})" if number else ""))
            self.stdout.write("Nothing was purged yet: beat does it at night, and this command without --dry-run now.")
        else:
            failed = purge(say=self.stdout.write).failed
        if number := kept_open().count():
            self.stdout.write(
                f"kept although old, because nobody has settled them: {number:,}. The managers’ worklists have them."
            )
        if not options["dry_run"] and failed:
            self.stderr.write(f"could not be purged: {failed:,}. The log names them and says why; they stay.")
            sys.exit(1)
