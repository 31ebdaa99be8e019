"""What a manager may review: the applications of their own stores. No other door leads from review to one."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from applications.flow_log import enter_flow
from applications.models import Application
from merchants.counter import Counter
from merchants.models import Role, Store, User
from merchants.selectors import membership_of, stores_for


class ReviewRequest(HttpRequest):
    """A request of a manager, as `merchants.access.allows` lets it through. They may stand at no counter just now."""

    user: User
    counter: Counter


def stores_of_manager(counter: Counter) -> QuerySet[Store]:
    """The active stores this person manages; none for anybody who is not a manager."""
    stores = stores_for(counter.membership)
    return stores if counter.membership.role == Role.MANAGER else stores.none()


def are_still_theirs(stores: Iterable[Store], *, person: User) -> bool:
    """Whether a manager who began to read these stores' applications may go on: the database is asked anew."""
    found = User.objects.filter(pk=person.pk, is_active=True).first()
    membership = membership_of(found) if found else None
    if membership is None or membership.role != Role.MANAGER:
        return False
    return {store.pk for store in stores} <= set(stores_for(membership).values_list("pk", flat=True))


def applications_under_review(counter: Counter) -> QuerySet[Application]:
    """The applications of these stores. Sealed columns are deferred: a list opens nothing it does not show."""
    found = Application.objects.filter(merchant=counter.merchant, store__in=stores_of_manager(counter))
    return found.defer("answers")


def application_under_review_or_404(
    request: ReviewRequest, application_id: UUID, *, erased_too: bool = False
) -> Application:
    """One of them, or a 404 that does not tell whether it exists. Of what is erased little is left to look at."""
    rows = applications_under_review(request.counter).select_related("merchant", "store", "credential", "created_by")
    if not erased_too:
        rows = rows.filter(erased_at=None)
    try:
        application = rows.get(pk=application_id)
    except Application.DoesNotExist as missing:
        raise Http404 from missing
    enter_flow(application)
    return application
