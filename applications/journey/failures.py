"""What to do about a send that was certainly not processed, in words an associate can act on."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.submission.decisions import WAITED_TOO_LONG, WITHDRAWN, Decision
from merchants.models import Merchant

_CREDENTIALS = {"CredentialsRejected", "TokenRejected", "ScopeInsufficient", "RoleNotProvisioned"}


@dataclass(frozen=True)
class Failure:
    """`may_wait`: waiting for the lender may help, so the customer can be asked about that."""

    heading: str
    what_to_do: str
    may_wait: bool = False


def failure_of(decision: Decision, merchant: Merchant) -> Failure:
    """Who can mend this, and how the associate reaches them."""
    contact = merchant.contact
    if decision.code == WITHDRAWN:
        return Failure(_("It was taken back"), _("Change the answers or send it when the customer wants it again."))
    if decision.code == WAITED_TOO_LONG:
        return Failure(
            _("Flexiti did not answer for too long"),
            _("Ask the customer, by phone if they have left, before you send it. If it goes on, tell %(contact)s.")
            % {"contact": contact},
            may_wait=True,
        )
    if decision.is_passing:
        return Failure(
            _("Flexiti cannot be reached"),
            _("Wait a minute and send again, or let it wait if the customer agrees. If it goes on, tell %(contact)s.")
            % {"contact": contact},
            may_wait=True,
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
