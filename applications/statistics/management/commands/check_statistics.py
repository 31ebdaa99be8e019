"""`manage.py check_statistics`: whether every figure of the dashboard is what a full scan finds."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from applications.statistics.checking import correct, differences_of
from applications.statistics.folding import Sums
from applications.statistics.kinds import Kind
from merchants.models import Store

_MOST_NAMED = 50  # of a store


class Command(BaseCommand):
    help = (
        "Compare every figure with a full scan of applications, submissions and events, and name the differences. "
        "Reads everything, while people may work. Exit code 1: there are differences."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="make the figures what the scan finds")

    def handle(self, *_args: Any, **options: Any) -> None:
        differing = 0
        for store in Store.objects.order_by("pk"):
            wrong = differences_of(store)
            self._name(wrong)
            differing += len(wrong)
            if options["rebuild"]:
                correct(wrong)
        if not differing:
            self.stdout.write("Every figure is what the scan finds.")
        elif options["rebuild"]:
            self.stdout.write(f"Rebuilt: {differing} figures corrected.")
        else:
            self.stdout.write(f"{differing} figures differ. --rebuild corrects them.")
            sys.exit(1)

    def _name(self, wrong: Sums) -> None:
        for (is_month, kind), missing in sorted(wrong.items())[:_MOST_NAMED]:
            self.stdout.write(f"{missing:+}  {_named(kind, is_month=is_month)}")
        if len(wrong) > _MOST_NAMED:
            self.stdout.write(f"… and {len(wrong) - _MOST_NAMED} more of this store.")


def _named(kind: Kind, *, is_month: bool) -> str:
    day = f"{kind.day:%Y-%m}" if is_month else str(kind.day)
    rest = {"seconds": kind.tenths / 10, "associate": kind.associate, "language": kind.language}
    told = "".join(f" {name}={value}" for name, value in rest.items() if value)
    return f"{day} store={kind.store} {kind.measure} {kind.key}{told}"
