"""`manage.py vault_rotate`: what former keys sealed is sealed again with the first one, while the portal runs."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vault.keys import keyring
from vault.resealing import sealed_places
from vault.rotation import Outcome, Place, rotate

_NAMED_AT_MOST = 20


class Command(BaseCommand):
    help = (
        "Seal every encrypted value again with the first key of VAULT_KEYS, while the portal runs. "
        "A former key may be taken out when this says that nothing is left."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what there is to do")

    def handle(self, *_args: Any, **options: Any) -> None:
        places = list(sealed_places())
        if options["dry_run"]:
            self._count(places)
            return
        left = self._rotate(places)
        if left:
            raise CommandError(f"Rows left: {left:,}. Keep the former keys in VAULT_KEYS.")
        self.stdout.write(f"0 left: of VAULT_KEYS only {keyring().primary_id} is needed from now on.")

    def _count(self, places: Iterable[Place]) -> None:
        for place in places:
            rows = place.model._base_manager.count()
            self.stdout.write(f"{place.model._meta.label}: {place.left().count():,} of {rows:,} rows to do")

    def _rotate(self, places: Iterable[Place]) -> int:
        """How many rows are left."""
        left = 0
        for place in places:
            outcome = rotate(place, say=self.stdout.write)
            self.stdout.write(_told(outcome))
            left += outcome.left
        return left


def _told(outcome: Outcome) -> str:
    told = f"{outcome.model._meta.label}: {outcome.done:,} done, {outcome.left:,} left"
    if not outcome.lost:
        return told
    named = " ".join(str(key) for key in outcome.lost[:_NAMED_AT_MOST])
    more = len(outcome.lost) - _NAMED_AT_MOST
    return f"{told}; cannot be opened: {named}" + (f" and {more:,} more" if more > 0 else "")
