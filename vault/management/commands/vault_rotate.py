"""`manage.py vault_rotate`: what former keys made is made again with the first one, while the portal runs."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vault.keys import index_keys, keyring
from vault.reindexing import digests_of_former_keys, indexed_places
from vault.resealing import sealed_places
from vault.rotation import Outcome, Place, rotate

_NAMED_AT_MOST = 20


class Command(BaseCommand):
    help = (
        "Seal every encrypted value again with the first key of VAULT_KEYS, or make every blind index again with the "
        "first key of VAULT_INDEX_KEY, while the portal runs. A former key may go when this says that nothing is left."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--indexes", action="store_true", help="the blind indexes instead of the sealed values")
        parser.add_argument("--dry-run", action="store_true", help="only count what there is to do")

    def handle(self, *_args: Any, **options: Any) -> None:
        of_indexes = options["indexes"]
        places = list(indexed_places() if of_indexes else sealed_places())
        if options["dry_run"]:
            self._count(places)
            return
        left = self._rotate(places)
        variable = "VAULT_INDEX_KEY" if of_indexes else "VAULT_KEYS"
        if left:
            raise CommandError(f"Rows left: {left:,}. Keep the former keys in {variable} and run this again.")
        first = next(iter(index_keys())) if of_indexes else keyring().primary_id
        self.stdout.write(f"0 left: of {variable} only {first or 'the key without an id'} is needed from now on.")
        if of_indexes:
            self._name_digests()

    def _count(self, places: Iterable[Place]) -> None:
        for place in places:
            rows = place.model._base_manager.count()
            self.stdout.write(f"{place.model._meta.label}: {place.left().count():,} of {rows:,} rows to do")
        self.stdout.write("Nothing was changed: run it without --dry-run.")

    def _rotate(self, places: Iterable[Place]) -> int:
        """How many rows are left."""
        left = 0
        for place in places:
            outcome = rotate(place, say=self.stdout.write)
            self.stdout.write(_told(outcome))
            left += outcome.left
        return left

    def _name_digests(self) -> None:
        for column, count in digests_of_former_keys():
            self.stdout.write(f"{column}: {count:,} digests name a former key; keep it in a safe to check them.")


def _told(outcome: Outcome) -> str:
    told = f"{outcome.model._meta.label}: {outcome.done:,} done, {outcome.left:,} left"
    if not outcome.lost:
        return told
    named = " ".join(str(key) for key in outcome.lost[:_NAMED_AT_MOST])
    more = len(outcome.lost) - _NAMED_AT_MOST
    return f"{told}; not possible with {named}" + (f" and {more:,} more" if more > 0 else "")
