"""`manage.py resume_sending --nothing-was-lost`: the database has moved, with everything that was ever in it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.monitoring import set_back


class Command(BaseCommand):
    help = (
        "Send from this database again: it has moved to another server with everything that was in it, and nothing "
        "was sent from the old place since. After any other restore: presume_sent."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--nothing-was-lost", action="store_true", help="say that this is certain")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["nothing_was_lost"]:
            raise CommandError("Only when it is certain that nothing is missing: add --nothing-was-lost.")
        set_back.accept({"presumed": 0, "moved": True})
