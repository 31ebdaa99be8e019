"""What to do about a send that was certainly not processed, in words an associate can act on."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.submission.decisions import Decision
from merchants.models import Merchant

# No connection, or no token: the lender's trouble, and a passing one.
_PASSING = {"NotReachable", "UnreadableAnswer"}
_CREDENTIALS = {"CredentialsRejected", "TokenRejected", "ScopeInsufficient", "RoleNotProvisioned"}


@dataclass(frozen=True)
class Failure:
    heading: str
    what_to_do: str


def failure_of(decision: Decision, merchant: Merchant) -> Failure:
    """Who can mend this, and how the associate reaches them."""
    contact = merchant.support_contact
    if decision.error in _PASSING:
        return Failure(
            _("Flexiti cannot be reached"),
            _("Wait a minute and send again. If it stays like this, tell %(contact)s.") % {"contact": contact},
        )
    if decision.error in _CREDENTIALS:
        return Failure(
            _("Flexiti does not accept the store’s credentials"),
            _("Sending again will not help until they are mended. Tell %(contact)s.") % {"contact": contact},
        )
    return Failure(
        _("Flexiti does not accept how this store is set up"),
        _("Sending again will not help until it is mended. Tell %(contact)s, with this code: %(code)s.")
        % {"contact": contact, "code": decision.code or decision.http_status or decision.error},
    )
