"""`manage.py audit_checkpoint`: a checkpoint now, for instance before a backup."""

import base64
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from audit.checkpoints import catch_up
from audit.handing_over import hand_over
from audit.signing import signing_key


class Command(BaseCommand):
    help = (
        "Sign a checkpoint over what was recorded since the last one, and give it to the witnesses. "
        "Exit code 1: a witness did not take it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--public-key", action="store_true", help="only show the key that signatures are checked with"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["public_key"]:
            key = signing_key()
            self.stdout.write(f"{base64.b64encode(key.public).decode()}  (key id {key.key_id})")
            return
        made = catch_up()
        for checkpoint in made:
            self.stdout.write(f"Checkpoint {checkpoint.number}: {checkpoint.leaves} chains, root {checkpoint.root}")
        if not made:
            self.stdout.write("Nothing new was recorded since the last checkpoint.")
        failed = [standing for standing in hand_over() if not self._tell(standing)]
        if failed:
            sys.exit(1)

    def _tell(self, standing: Any) -> bool:
        if standing.failing_since:
            self.stderr.write(f"{standing.witness} failed: {standing.problem}")
            return False
        self.stdout.write(f"{standing.witness} has checkpoint {standing.number}")
        return True
