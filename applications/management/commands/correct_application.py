"""`manage.py correct_application`: a correction that a customer asks for, beside what was sent."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.models import Application
from applications.retention.asking import add_who_asks, merchant_named, person_named, text_given
from applications.retention.correcting import CORRECTABLE, LONGEST, CannotCorrect, note_correction


class Command(BaseCommand):
    help = (
        "Note beside an application what its customer says is wrong, and what is right. What was sent stays as it is: "
        "it is evidence. The text is asked for, or read from --from or standard input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="as it stands on every page of the application")
        add_who_asks(parser, by="notes it", file="the text")
        parser.add_argument("--field", choices=CORRECTABLE, default="", metavar="FIELD", help="its name in the API")

    def handle(self, *_args: Any, **options: Any) -> None:
        merchant = merchant_named(options["merchant"])
        by = person_named(options["by"], merchant)
        application = Application.objects.filter(merchant=merchant, reference_id=options["reference"]).first()
        if application is None:
            raise CommandError(
                f"{merchant} has no application {options['reference']}. The reference stands on every page of it."
            )
        text = text_given(options["file"], "What is wrong, and what is right: ")
        if not 0 < len(text) <= LONGEST:
            raise CommandError(
                f"Nothing was noted: say what is wrong and what is right, in at most {LONGEST:,} characters. "
                f"It had {len(text):,}."
            )
        try:
            note_correction(application, text, field=options["field"], by=by)
        except CannotCorrect as cannot:
            raise CommandError(_why_not(application)) from cannot
        self.stdout.write(
            f"Noted beside {application.reference_id}, where managers see it. Flexiti does not know of it: call them "
            "if they should."
        )


def _why_not(application: Application) -> str:
    application.refresh_from_db()
    if application.erased_at:
        return "Nothing was noted: its answers are erased, so there is nothing left to correct."
    return "Nothing was noted: it is not sent, or back at the counter. Correct the answer in its form there."
