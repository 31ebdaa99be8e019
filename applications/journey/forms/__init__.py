"""The steps' forms: plain Django forms, one per step, choices passed in, no network and no request inside."""

from applications.journey.forms.base import StepContext, StepForm
from applications.journey.forms.contact import ContactForm
from applications.journey.forms.identity import IdentityForm
from applications.journey.forms.income import IncomeForm
from applications.journey.forms.security import SecurityForm
from applications.journey.forms.start import StartForm

__all__ = [
    "ContactForm",
    "IdentityForm",
    "IncomeForm",
    "SecurityForm",
    "StartForm",
    "StepContext",
    "StepForm",
]
