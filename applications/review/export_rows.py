"""The rows of an export as a spreadsheet reads them: masked, and no cell that it would take for a formula."""

import csv
import io
import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override, pgettext_lazy
from django.utils.translation import gettext as _

from applications.answers import Answers
from applications.models import Application, CustomerLanguage
from applications.review.masking import masked, masked_name
from applications.statuses import Status
from merchants.models import Environment
from vault.keys import CannotOpen

# By it a spreadsheet knows that the text is UTF-8.
BYTE_ORDER_MARK = "\ufeff".encode()

# With any of these at its beginning, a spreadsheet may take a cell for a formula.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# What may part the columns stands before it, with more of it, gaps and quotes. Each run is read once, however long.
_BEFORE_A_FORMULA = re.compile(r"(?<![,;\s\"])[,;\s\"]++(?=[=+\-@＝＋－＠])")
_PARTS_COLUMNS = re.compile(r"[,;\t\r\n]")

# What an export with names adds. Nothing else that an applicant answered is ever in one.
_PERSONAL = ("first_name", "last_name", "phone_number", "email")

_CASE: tuple[tuple[object, Callable[[Application], str]], ...] = (
    (gettext_lazy("Reference"), lambda row: row.reference_id),
    (
        pgettext_lazy("application", "Begun"),
        lambda row: timezone.localtime(row.created_at, row.store.tzinfo).strftime("%Y-%m-%d %H:%M"),
    ),
    (gettext_lazy("Store"), lambda row: row.store.name),
    (gettext_lazy("Associate"), lambda row: str(row.created_by)),
    (gettext_lazy("Status"), lambda row: str(Status(row.status).label)),
    (gettext_lazy("Amount"), lambda row: _amount(row.amount)),
    (gettext_lazy("Customer’s province"), lambda row: row.province),
    (gettext_lazy("Customer’s language"), lambda row: str(CustomerLanguage(row.language).label)),
    (gettext_lazy("Environment"), lambda row: str(Environment(row.environment).label)),
)


def headings(*, language: str, with_names: bool) -> bytes:
    """The first line, in `en` or `fr`."""
    with override(language):
        names = [_("First name"), _("Last name")] if with_names else [_("Customer")]
        return _line([*(str(label) for label, _value in _CASE), *names, _("Phone number"), _("E-mail")])


def lines(applications: Iterable[Application], *, language: str, with_names: bool) -> bytes:
    """One line for each. Applications come with their store and associate, as `Listing.opened` gives them."""
    with override(language):
        return b"".join(
            _line([*(value(row) for _label, value in _CASE), *_person(row, with_names=with_names)])
            for row in applications
        )


def neutralised(cell: str) -> str:
    """A cell that no spreadsheet computes: an apostrophe in front makes text of a formula.

    Also behind what may part the columns: a file in English is opened with French settings, too, and one in French with
    English ones.
    """
    inside = _BEFORE_A_FORMULA.sub(_marked, cell)
    return f"'{inside}" if cell.startswith(_BEGINS_A_FORMULA) else inside


def _marked(run: re.Match[str]) -> str:
    return f"{run[0]}'" if _PARTS_COLUMNS.search(run[0]) else run[0]


def _person(application: Application, *, with_names: bool) -> list[str]:
    if application.erased_at:  # an empty cell would look like a mistake, and its parentheses keep it from being a name
        return [f"({_('Erased')})", *[""] * (len(_PERSONAL) - 1 if with_names else 2)]
    try:
        answers = Answers.from_json(application.answers)
    except CannotOpen:
        answers = Answers()
    given = {name: str(answers.flat().get(name) or "") for name in _PERSONAL}
    if with_names:
        return list(given.values())
    return [masked_name(answers), *(masked(name, given[name]) for name in ("phone_number", "email"))]


def _amount(amount: Decimal | None) -> str:
    """Dollars, with the decimal mark of the language."""
    written = "" if amount is None else f"{amount:.2f}"
    return written.replace(".", ",") if get_language() == "fr" else written


def _line(cells: Iterable[str]) -> bytes:
    """Semicolons in French, because there the comma is the decimal mark, for spreadsheets too."""
    line = io.StringIO()
    csv.writer(line, delimiter=";" if get_language() == "fr" else ",").writerow(neutralised(cell) for cell in cells)
    return line.getvalue().encode()
