"""`manage.py erase_person`: what a customer's wish to be erased comes to, within the law."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.retention.asking import add_who_asks, customer_given, held_or_told, merchant_named, person_named
from applications.retention.erasure import CameTo, Fate, erase, planned
from applications.statuses import Status


class Command(BaseCommand):
    help = (
        "Erase what nobody has to keep of one customer, and say of the rest until when it is kept and why. Run it "
        "with --dry-run first. Who the customer is, is given as for access_request."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_who_asks(parser, by="does it")
        parser.add_argument("--dry-run", action="store_true", help="only say what it would come to")
        parser.add_argument("--language", choices=[code for code, _label in settings.LANGUAGES], default="en")

    def handle(self, *_args: Any, **options: Any) -> None:
        merchant = merchant_named(options["merchant"])
        by = person_named(options["by"], merchant)
        held = held_or_told(merchant, customer_given(options["file"]))
        with override(options["language"]):
            for one in held:
                self.stdout.write(_told(planned(one) if options["dry_run"] else erase(one, by=by)))
            if not held:
                self.stdout.write(_("Nothing is held by what you said of yourself."))
            if held and options["dry_run"]:
                self.stdout.write(_("Nothing was erased yet: this is what happens without --dry-run."))


def _told(fate: Fate) -> str:
    """A line: which application, where it stands, and what erasing comes to. Nothing of the customer."""
    came_to = {
        CameTo.ERASED: _("erased; that there was an application stays in the evidence"),
        CameTo.KEPT: _("kept until %(day)s: what a decision was made with must be there to be asked for"),
        CameTo.UNDER_WAY: _("kept until its outcome is settled with Flexiti; then ask again"),
        CameTo.OF_ANOTHER: _("kept: another person’s answers stand in it by now; a manager has to look"),
    }[fate.came_to]
    if fate.until:
        came_to %= {"day": date_format(fate.until, "DATE_FORMAT")}
    return f"{fate.application.reference_id}  {Status(fate.application.status).label}  {came_to}"
