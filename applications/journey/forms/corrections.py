"""The lender's complaints about a field, in plain words (contract §1.4, §6.6)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NO_LONGER_OFFERED = _("What was chosen is not in the list any more. Choose again.")

# The lender's word for an answer that it misses.
REQUIRED = "required"

# What `invalid` comes to as well.
_GENERAL = _("Flexiti did not accept this answer. Check it with the customer and correct it.")
_TEXTS = {
    REQUIRED: _("Flexiti needs this answer. Fill it in."),
    "wrong format": _("Flexiti could not read this answer. Check it with the customer and enter it again."),
    "length": _("Flexiti found this answer too long or too short. Check it and enter it again."),
    "type": _("Flexiti expected another kind of answer, such as digits only. Check it and enter it again."),
}
_SIN = _(
    "Flexiti did not accept the Social Insurance Number. Enter it again, or leave the box empty to go on without it."
)


def correction_text(field: str, complaint: str) -> Promise:
    """What to do about a complaint such as `required`; a word not known gets the general advice."""
    if field == "sin":
        return _SIN
    return _TEXTS.get(complaint.strip().lower(), _GENERAL)


def is_missing(complaint: str) -> bool:
    """Whether the lender complains that there was no answer at all."""
    return complaint.strip().lower() == REQUIRED
