"""Believable rows: three standing characters at two merchants, and applications at any point of the journey."""

import factory
from django.utils import timezone

from applications.answers import Answers
from applications.models import Application, CustomerLanguage, DeviceHolder, TermsAcceptance, TermsDocument
from merchants.models import Credential, Environment, Membership, Merchant, Role, Store, User

CLIENT_ID = "flexitidemo"
CLIENT_SECRET = "77xde15a-9d33-4c15-930a-3se4b3as33e9"

SAVED = {
    "start": {"language": "en-CA", "province": "ON", "amount_requested": "2500.00"},
    "identity": {
        "salutation": "ms",
        "first_name": "Anne-Élise",
        "last_name": "O'Brien",
        "dob": "1988-04-09",
        "govid_type": "CAP",
        "govid_issuedby": "CANADA",
        "govid_number": "AB000000",
        "govid_expiry": "2031-01-31",
    },
    "contact": {
        "phone_number": "4165550142",
        "email": "anne@example.test",
        "address_1": "10 Example Street",
        "city": "Toronto",
        "postal_code": "M5V2T6",
    },
    "income": {
        "personal_income": "52000.00",
        "household_income": "81000.00",
        "monthly_housing_expenses": "1150.00",
        "housing_type": "Rent",
        "occupation_id": "FE",
        "occupation_title": "Clerk",
        "employer_name": "Example Inc",
        "employer_phone": "4165550199",
        "sin": "046454286",
    },
    "security": {"security_qid": "8", "security_answer": "Mrs Horse", "piw": "Cloud"},
}


def saved_answers(**changes: str) -> dict[str, dict[str, str]]:
    """Complete answers, with some fields changed wherever they are asked; middle_name goes with the names."""
    saved = {step: dict(values) for step, values in SAVED.items()}
    for name, value in changes.items():
        step = next((step for step, values in saved.items() if name in values), "identity")
        saved[step][name] = value
    return saved


class MerchantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Merchant

    name = factory.Sequence(lambda n: f"European Restorations {n}")
    support_contact = "Nadia Roy, 416-555-0101"


class StoreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Store

    merchant = factory.SubFactory(MerchantFactory)
    name = factory.Sequence(lambda n: f"Queen Street {n}")
    city = "Toronto"
    province = "ON"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person{n}")


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    merchant = factory.SubFactory(MerchantFactory)
    role = Role.ASSOCIATE

    @factory.post_generation
    def stores(self, create, given, **_):
        self.stores.set(given or [])


class CredentialFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Credential

    merchant = factory.SubFactory(MerchantFactory)
    environment = Environment.SANDBOX
    base_url = "http://127.0.0.1:9/flexiti/pos-api/v2.5"
    client_id = CLIENT_ID
    client_secret = CLIENT_SECRET


class TermsDocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TermsDocument

    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    language = "en"
    province = "ON"
    content = b"<div id='tcs'><h1>Cardholder agreement</h1><p>You agree.</p></div>"
    content_type = "text/html; charset=utf-8"


class ApplicationFactory(factory.django.DjangoModelFactory):
    """A draft with nothing answered."""

    class Meta:
        model = Application

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    credential = factory.SubFactory(CredentialFactory, merchant=factory.SelfAttribute("..merchant"))
    created_by = factory.SubFactory(UserFactory)
    answers = factory.LazyFunction(lambda: Answers().to_json())


def ready_application(credential: Credential, *, store: Store, user: User, **changes: str) -> Application:
    """A draft that only waits for the click: every step answered and the terms accepted."""
    saved = saved_answers(**changes)
    application = ApplicationFactory(
        store=store,
        merchant=store.merchant,
        credential=credential,
        created_by=user,
        language=CustomerLanguage(saved["start"]["language"]),
        answers=Answers(saved=saved).to_json(),
    )
    accept_terms(application)
    return application


def accept_terms(application: Application) -> TermsAcceptance:
    """The customer accepted terms of their own language and province."""
    document = TermsDocumentFactory(language=application.lang, province=Answers.from_json(application.answers).province)
    return TermsAcceptance.objects.create(
        application=application,
        document=document,
        displayed_at=timezone.now(),
        recorded_by=application.created_by,
        device_holder=DeviceHolder.CUSTOMER,
    )
