"""How to reach the customer, and where they live."""

from django.utils.translation import gettext_lazy as _

from applications.journey.fields import EmailField, LineField, PhoneField, PostalCodeField
from applications.journey.forms.base import StepForm


class ContactForm(StepForm):
    phone_number = PhoneField(
        label=_("Mobile phone number"),
        help_text=_("Ten digits, area code first, for example 416 555 0123. Flexiti may send a text message to it."),
        error_messages={"required": _("Enter the customer’s phone number, for example 416 555 0123.")},
    )
    email = EmailField(
        label=_("Email address"),
        help_text=_("For example claire@example.ca."),
        error_messages={
            "required": _("Enter the customer’s email address, for example claire@example.ca."),
            "invalid": _("Enter a full email address, with one @ and a domain, for example claire@example.ca."),
        },
    )
    address_1 = LineField(
        limit=250,
        label=_("Street address"),
        help_text=_("Number and street, as on the customer’s mail."),
        error_messages={"required": _("Enter the number and the street where the customer lives.")},
    )
    address_2 = LineField(limit=100, required=False, label=_("Apartment, unit or box"))
    city = LineField(
        limit=100,
        label=_("City"),
        error_messages={"required": _("Enter the city where the customer lives.")},
    )
    postal_code = PostalCodeField(
        label=_("Postal code"),
        help_text=_("For example K1A 0B1."),
        error_messages={"required": _("Enter the customer’s postal code, for example K1A 0B1.")},
    )

    groups = (
        (_("Contact"), (("phone_number", "email"),)),
        (_("Address"), (("address_1", "address_2"), ("city", "postal_code"))),
    )
