"""The store, its people and its applications, as for submissions; and counters at which one begins."""

import pytest

from applications.answers import Answers
from applications.drafting import start
from applications.models import CustomerLanguage
from merchants.counter import counter_of
from tests.applications.submission.conftest import associate, credential, ready, searched, store, unknown  # noqa: F401
from tests.factories import accept_terms, saved_answers


@pytest.fixture
def begin(credential, store, associate):  # noqa: F811
    """`begin()`: an application begun at the counter, as a person does."""

    def make(*, by=associate, language=CustomerLanguage.ENGLISH):
        membership = by.memberships.get()
        return start(counter_of(membership, chosen_store=str(store.pk)), by=by, language=language)

    return make


@pytest.fixture
def answered(begin):
    """`answered(last_name="Roy")`: begun and filled in, so that only the click is missing. Not step by step."""

    def make(**changes):
        application = begin()
        application.answers = Answers(saved=saved_answers(**changes)).to_json()
        application.save(update_fields=["answers"])
        accept_terms(application)
        return application

    return make
