"""A store whose credential points at the real sandbox, and applications that only wait for the click."""

from datetime import timedelta

import pytest
from django.db.models import F

from applications.models import Application, SubmissionAttempt
from applications.submission.delivery import deliver_next
from applications.submission.reconciliation import look_for_what_is_due
from merchants.models import Role
from tests.applications.people import submit_told
from tests.factories import CredentialFactory, MembershipFactory, StoreFactory, UserFactory, ready_application


@pytest.fixture
def store(db):
    return StoreFactory()


@pytest.fixture
def associate(store):
    user = UserFactory(username="associate")
    MembershipFactory(user=user, merchant=store.merchant, role=Role.ASSOCIATE, stores=[store])
    return user


@pytest.fixture
def credential(store, sandbox):
    return CredentialFactory(merchant=store.merchant, base_url=sandbox.base_url)


@pytest.fixture
def ready(credential, store, associate):
    """`ready(province="QC", middle_name="A-RR_L")`: a draft that only waits for the click."""

    def make(**changes):
        return ready_application(credential, store=store, user=associate, **changes)

    return make


@pytest.fixture
def unknown(ready, associate, sandbox, settings):
    """`unknown("reset_before", province="QC")`: sent, and the answer was lost with this fault."""
    settings.CIRCUIT_FAILURES = 1000

    def make(fault="reset_after", **changes):
        application = ready(**changes)
        sandbox.fail("apply", fault, reference_id=application.reference_id)
        submit_told(application, by=associate)
        deliver_next()
        application.refresh_from_db()
        assert application.status == "unknown"
        return application

    return make


@pytest.fixture
def searched():
    """`searched(application, 60)`: so many seconds pass, what is due is searched for, and this is what it came to."""

    def run(application, *after_seconds):
        for seconds in after_seconds:
            passed = timedelta(seconds=seconds)
            SubmissionAttempt.objects.exclude(next_look_at=None).update(
                closed_at=F("closed_at") - passed, next_look_at=F("next_look_at") - passed
            )
            look_for_what_is_due()
        return Application.objects.get(pk=application.pk)

    return run
