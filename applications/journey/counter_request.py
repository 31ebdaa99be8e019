"""The request of a page behind `merchants.guards.at_the_counter`."""

from uuid import UUID

from django.http import Http404, HttpRequest

from applications.flow_log import enter_flow
from applications.models import Application
from applications.selectors import application_for
from merchants.counter import Counter
from merchants.credentials.succession import in_place_of
from merchants.models import User


class CounterRequest(HttpRequest):
    """A request of a person who stands at a counter, as the guard lets it through."""

    user: User
    counter: Counter


def application_or_404(request: CounterRequest, application_id: UUID) -> Application:
    """The application, when it belongs to the store at which this person stands.

    The lender is asked about it with the credential now in use, whichever it was begun with.
    """
    try:
        application = application_for(request.counter, application_id)
    except Application.DoesNotExist as missing:
        raise Http404 from missing
    enter_flow(application)
    application.credential = in_place_of(application.credential)
    return application
