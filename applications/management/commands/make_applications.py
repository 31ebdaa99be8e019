"""Fills a demonstration, or a benchmark, with made-up applications of every outcome."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from applications.specimens.making import NobodyToApplyAt, make_applications
from merchants.models import Merchant


class Command(BaseCommand):
    help = "Adds made-up applications of every outcome to a merchant of a demonstration. Nothing is sent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("merchant", help="The name of the merchant.")
        parser.add_argument("--count", type=int, default=5_000, help="How many (5000).")
        parser.add_argument("--days", type=int, default=365, help="Spread over so many days up to now (365).")
        parser.add_argument("--first", type=int, default=0, help="Number of the first applicant (0).")
        parser.add_argument("--seed", type=int, default=1, help="What the random choices start from (1).")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("DEMONSTRATION is off: made-up applications never stand beside real ones.")
        merchant = Merchant.objects.filter(name=options["merchant"]).first()
        if merchant is None:
            raise CommandError(f"There is no merchant of that name. There are: {_names()}.")
        wanted = {name: options[name] for name in ("count", "days", "first", "seed")}
        try:
            make_applications(merchant, **wanted, say=self._say)
        except NobodyToApplyAt as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write("Now bring the figures up to date: manage.py check_statistics --rebuild")

    def _say(self, count: int) -> None:
        self.stdout.write(f"{count:,} applications")


def _names() -> str:
    return ", ".join(Merchant.objects.values_list("name", flat=True))
