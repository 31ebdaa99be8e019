"""The two languages of a step: the screen's, for the staff, and the customer's."""

from django.http import HttpResponse

from applications.drafting import switch_language
from applications.journey.counter_request import CounterRequest
from applications.models import Application, CustomerLanguage
from merchants.language import choose_language
from merchants.models import Language

SWITCHES = ("switch_staff_language", "switch_customer_language")


def switch_as_asked(request: CounterRequest, application: Application, response: HttpResponse) -> HttpResponse:
    """Do what the pressed language button says; a value that no button has is ignored. Raises NotEditable."""
    customer = request.POST.get("switch_customer_language", "")
    if customer in CustomerLanguage.values:
        switch_language(application, CustomerLanguage(customer), by=request.user)
    staff = request.POST.get("switch_staff_language", "")
    if staff in Language.values:
        choose_language(request.user, response, staff)
    return response
