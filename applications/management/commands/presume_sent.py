"""`manage.py presume_sent --after-a-restore`: what waits in a restored database may have been sent since."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.submission.restored import presume_sent


class Command(BaseCommand):
    help = (
        "Treat every submission in line as sent without an answer, so that it is searched for and not sent again. "
        "Only after the database was set back to an earlier moment, while no worker runs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--after-a-restore", action="store_true", help="say that this is what happened")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["after_a_restore"]:
            raise CommandError("Only after a restore, with no worker running: add --after-a-restore.")
        for reference_id in presume_sent():
            self.stdout.write(reference_id)
