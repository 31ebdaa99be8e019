"""Links at the only moment at which they can be read: shown to the administrator, and mailed where that is set up."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from merchants.console.links import Link
from merchants.console.mailing import can_mail, mail
from merchants.console.scope import ConsoleRequest
from merchants.models import Merchant, User


@dataclass(frozen=True)
class HandedOver:
    """A link for one person, and whether it went to their e-mail address as well."""

    person: User
    address: str
    is_mailed: bool

    def __repr__(self) -> str:
        return f"HandedOver({self.person.pk})"


def hand_over(request: ConsoleRequest, merchant: Merchant, links: Sequence[Link]) -> HttpResponse:
    """The page with these links. It is the answer to the form itself: nothing keeps them for a second look."""
    base = f"{request.scheme}://{request.get_host()}"
    sent = mail(links, base=base)
    handed = [
        HandedOver(link.invitation.user, f"{base}{link.path}", is_mailed=link.invitation in sent) for link in links
    ]
    context = {
        "merchant": merchant,
        "handed": handed,
        "can_mail": can_mail(),
        "until": links[0].invitation.expires_at if links else None,
    }
    return render(request, "console/links.html", context)
