"""What an associate types, read generously and refused clearly: one field for each kind of answer.

Every field reads text into a value (`clean`), a value into what goes on the wire (`to_wire`), and what is on
the wire into what stands in the box on a later visit (`shown`). Both can be typed, and read back the same.
"""

from applications.journey.fields.dates import DateField, parse_date
from applications.journey.fields.money import MoneyField, parse_money
from applications.journey.fields.phone import PhoneField, parse_phone
from applications.journey.fields.postal import PostalCodeField, parse_postal_code
from applications.journey.fields.select import SelectField
from applications.journey.fields.sin import SinField, parse_sin
from applications.journey.fields.text import Answer, EmailField, LineField

__all__ = [
    "Answer",
    "DateField",
    "EmailField",
    "LineField",
    "MoneyField",
    "PhoneField",
    "PostalCodeField",
    "SelectField",
    "SinField",
    "parse_date",
    "parse_money",
    "parse_phone",
    "parse_postal_code",
    "parse_sin",
]
