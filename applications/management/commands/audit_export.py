"""`manage.py audit_export APPLICATION`: the evidence of one application, for somebody outside."""

import getpass
import hashlib
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from applications.evidence.exporting import Bundle, export
from applications.models import Application
from audit.bundle.verifier import Bundle as Checked
from audit.bundle.verifier import text_of
from audit.bundle.writing import VERIFIER
from audit.checkpoints import AlwaysAppending
from audit.handing_over import hand_over
from audit.models import Checkpoint
from audit.signing import public_keys
from audit.witnesses import witnesses
from merchants.models import User

LANGUAGES = ("en", "fr")
_HAND_OVER = (
    "\nHand it over, and the public key by another way (audit_checkpoint --public-key). It is personal information: "
    "note to whom it went."
)


class Command(BaseCommand):
    help = (
        "Write everything that proves what was shown to a customer and what they accepted, with a verifier that runs "
        "on plain Python, into a ZIP file. It is recorded. Exit code 1: the evidence is not as it was written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("application", help="its reference, or its id as in the address of its page")
        parser.add_argument("--to", type=Path, help="the file to write; evidence-<reference>.zip here without it")
        parser.add_argument("--by", help="the username of the person who takes it out, for the record")
        parser.add_argument("--language", choices=LANGUAGES, default="en", help="of what the check says")

    def handle(self, *_args: Any, **options: Any) -> None:
        application = _application(options["application"])
        path = options["to"] or Path(f"evidence-{application.reference_id}.zip")
        if path.exists():
            raise CommandError(f"{path} exists already, and nothing is replaced. Give another place with --to.")
        if not path.absolute().parent.is_dir():
            raise CommandError(f"There is no folder {path.absolute().parent}. Give another place with --to.")
        try:
            bundle = export(application, command="audit_export", operator=_operator(), by=_person(options["by"]))
            bundle.write(path)
        except AlwaysAppending as problem:
            raise CommandError(f"{problem} Try again in a moment.") from problem
        except OSError as problem:
            raise CommandError(f"{path} cannot be written: {problem.strerror}.") from problem
        kept = self._tell_witnesses()
        self.stdout.write(f"{path} holds {len(bundle.files)} files. sha256 of its {VERIFIER}:")
        self.stdout.write(f"{hashlib.sha256(bundle.files[VERIFIER]).hexdigest()}\n")
        self._check(bundle, kept, LANGUAGES.index(options["language"]))

    def _tell_witnesses(self) -> bytes | None:
        """The newest checkpoint is in the bundle: a witness can only agree with what it was given. What they keep."""
        for standing in hand_over():
            if standing.failing_since:
                self.stderr.write(f"{standing.witness} did not take the newest checkpoint: {standing.problem}")
        asked = [witness for witness in witnesses() if witness.is_readable]
        newest = Checkpoint.newest_number()
        try:
            return b"\n".join(line for witness in asked for line in witness.lines(newest)) if asked else None
        except OSError as problem:
            raise CommandError(
                f"A witness cannot be read: {problem.strerror or problem}. The bundle stays."
            ) from problem

    def _check(self, bundle: Bundle, kept: bytes | None, language: int) -> None:
        """As whoever gets it would, with our own keys as those given by another way, and what our witnesses keep."""
        checked = Checked(bundle.files, list(public_keys().values()), kept)
        report = checked.verify()
        self.stdout.write(text_of(checked, language))
        if report.findings:
            self.stderr.write("Do not hand it out: run audit_verify, which says what was done, and to which record.")
            sys.exit(1)
        self.stdout.write(_HAND_OVER)


def _application(given: str) -> Application:
    applications = Application.objects.select_related("store", "merchant", "created_by")
    try:
        return applications.get(pk=UUID(given))
    except (ValueError, Application.DoesNotExist):
        pass
    try:
        return applications.get(reference_id=given)
    except Application.DoesNotExist as problem:
        raise CommandError(
            "There is no application with this reference or id. Both stand on its page, the id in the address."
        ) from problem


def _person(username: str | None) -> User | None:
    if not username:
        return None
    try:
        return User.objects.get(username=username, is_active=True)
    except User.DoesNotExist as problem:
        raise CommandError("Nobody signs in with this username: --by is the person who takes it out.") from problem


def _operator() -> str:
    """The account of the machine; a container may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
