"""Filling in pages as a person does: what a page holds is sent back with what was typed over it."""

from datetime import date, timedelta
from functools import cached_property
from html import unescape
from itertools import count
from uuid import UUID

import html5lib
from django.urls import reverse

from applications.answers import Answers
from applications.models import Application
from applications.submission.sealing import standing_acceptance
from merchants.models import Credential
from tests.factories import saved_answers

TYPED = {
    "start": {"language": "en-CA", "province": "ON", "amount_requested": "2,500.00"},
    "identity": {
        "salutation": "ms",
        "first_name": "Anne-Élise",
        "middle_name": "",
        "last_name": "O'Brien",
        "dob": "1988-04-09",
        "govid_type": "CAP",
        "govid_issuedby": "CANADA",
        "govid_number": "AB000000",
        "govid_expiry": "2031-01-31",
    },
    "contact": {
        "phone_number": "416 555-0142",
        "email": "anne@example.test",
        "address_1": "10 Example Street",
        "address_2": "",
        "city": "Toronto",
        "postal_code": "m5v 2t6",
    },
    "income": {
        "personal_income": "52000",
        "household_income": "81 000,00 $",
        "housing_type": "Rent",
        "monthly_housing_expenses": "1150",
        "occupation_id": "FE",
        "occupation_title": "Clerk",
        "employer_name": "Example Inc",
        "employer_phone": "4165550199",
        "sin": "046 454 286",
    },
    "security": {"security_qid": "8", "security_answer": "Mrs Horse", "piw": "Cloud"},
}
FORM_STEPS = tuple(TYPED)

_births = count()


def another_birth_date() -> str:
    """A day on which nobody who applied so far was born: for a portal that keeps its applications between tests."""
    return (date(1950, 1, 1) + timedelta(days=next(_births))).isoformat()


class Page:
    """A page as a person and a browser have it."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code
        self.url = response.request["PATH_INFO"]
        self.html = response.content.decode()

    @cached_property
    def root(self):
        return html5lib.parse(self.html, namespaceHTMLElements=False)

    @property
    def text(self):
        return " ".join("".join(self.root.itertext()).split())

    def elements(self, tag):
        return [element for element in self.root.iter() if element.tag == tag]

    def hidden(self, name):
        """The value of the last hidden input of this name, "" when the page has none."""
        found = [it for it in self.elements("input") if it.get("type") == "hidden" and it.get("name") == name]
        return found[-1].get("value", "") if found else ""

    def value(self, field):
        """What stands in the box, or is chosen in the list, of an API field."""
        for element in self.root.iter():
            if element.get("id") == f"id_{field}" and element.tag == "select":
                return next((it.get("value") for it in element.iter("option") if "selected" in it.attrib), "")
            if element.get("id") == f"id_{field}" and element.tag == "textarea":
                return element.text or ""
            if element.get("id") == f"id_{field}" and element.tag == "input":
                return element.get("value", "")
        chosen = [it for it in self.elements("input") if it.get("name") == field and "checked" in it.attrib]
        return chosen[0].get("value") if chosen else None

    def errors(self, field):
        """The messages by the field."""
        by_id = {element.get("id"): element for element in self.root.iter() if element.get("id")}
        box = by_id.get(f"id_{field}_error")
        return "" if box is None else " ".join("".join(box.itertext()).split())

    def form_action(self, part):
        """Where the form goes whose address contains `part`."""
        return next(form.get("action") for form in self.elements("form") if part in form.get("action", ""))

    @property
    def links(self):
        return [unescape(link.get("href", "")) for link in self.elements("a")]


class Walker:
    """A member of staff at a counter, following redirects like a browser."""

    def __init__(self, client):
        self.client = client
        self.id: UUID | None = None

    @property
    def application(self):
        return Application.objects.get(pk=self.id)

    @property
    def answers(self):
        return Answers.from_json(self.application.answers)

    @property
    def acceptance(self):
        return standing_acceptance(self.application)

    def get(self, url):
        return Page(self.client.get(url, follow=True))

    def post(self, url, data=None):
        return Page(self.client.post(url, data or {}, follow=True))

    def url(self, step, query=""):
        return reverse("step", args=[self.id, step]) + query

    def lose_the_lender(self):
        """From now on nobody answers at the lender's address."""
        nowhere = "http://127.0.0.1:9/flexiti/pos-api/v2.5"
        Credential.objects.filter(pk=self.application.credential_id).update(base_url=nowhere)

    def start(self):
        page = self.post(reverse("start_application"))
        self.id = Application.objects.latest("created_at").pk
        return page

    def take(self, application):
        """Go on with an application that is there already."""
        self.id = application.pk
        return self

    def open(self, step, query=""):
        return self.get(self.url(step, query))

    def answer(self, step, *, on=None, query="", **changes):
        """Fill in a step and send it; `on` is the page as it was opened, by default just now."""
        page = on or self.open(step, query)
        data = {"seen": page.hidden("seen"), **TYPED[step], **changes}
        return self.post(self.url(step, query), data)

    def arrive(self, step, **changes):
        """Open a step of a new application in which all before it is saved already; changes by field name."""
        self.start()
        saved = saved_answers(**changes)
        before = {name: saved[name] for name in FORM_STEPS[: (*FORM_STEPS, "terms").index(step)]}
        application = self.application
        application.answers = Answers(saved=before).to_json()
        application.language = saved["start"]["language"]
        application.save()
        return self.open(step)

    def accept(self, page=None, **changes):
        page = page or self.open("terms")
        data = {"digest": page.hidden("digest"), "accept": "on", "device_holder": "customer", **changes}
        return self.post(self.url("terms"), data)
