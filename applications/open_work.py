"""Applications that are not finished, counted for those who configure stores and may read none of them."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from applications.models import Application
from applications.statuses import Status
from merchants.models import Store
from merchants.open_work import OpenWork

_DRAFTS = Q(status__in=(Status.DRAFT, Status.NEEDS_CORRECTION))
_IN_FLIGHT = Q(status__in=(Status.QUEUED, Status.HELD, Status.SENDING, Status.CANCELLING))
_UNSETTLED = Q(status__in=(Status.UNKNOWN, Status.PENDING))


def unfinished_in(store: Store) -> list[OpenWork]:
    """How many drafts there are, how many are on their way to the lender, and of how many the outcome is awaited."""
    counts = Application.objects.filter(store=store).aggregate(
        drafts=Count("pk", filter=_DRAFTS),
        in_flight=Count("pk", filter=_IN_FLIGHT),
        unsettled=Count("pk", filter=_UNSETTLED),
    )
    return [
        OpenWork(_("Drafts"), counts["drafts"]),
        OpenWork(_("On their way to Flexiti"), counts["in_flight"]),
        OpenWork(_("Unknown or under review at Flexiti"), counts["unsettled"]),
    ]
