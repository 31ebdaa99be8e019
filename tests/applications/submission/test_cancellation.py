"""A Quebec customer cancels: recorded first, sent once, never lost."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from applications.models import Cancellation
from applications.statuses import Status
from applications.submission.by_person import settle_as_told
from applications.submission.cancellation import (
    NOT_THE_CUSTOMERS,
    UNCONFIRMED,
    CannotCancel,
    abandon,
    claim,
    deliver_close,
    may_cancel,
    request_cancellation,
    send_close,
)
from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit
from applications.submission.sweep import sweep
from posapi import Client, Credentials, CreditApplication, new_reference_id
from tests.factories import CLIENT_ID, CLIENT_SECRET
from tests.posapi.lender import HERE


@pytest.fixture
def approved(ready, associate):
    def run(province="QC"):
        application = ready(province=province, middle_name="A-RR_L")
        submit(application, by=associate, revision=application.revision)
        deliver_next()
        application.refresh_from_db()
        return application

    return run


@pytest.fixture
def told(unknown, associate, sandbox):
    """`told(last_name="Else")`: approved on the lender's word, with the number of an account of such a person."""

    def run(**person):
        application = unknown("reset_before", province="QC")
        body = {**application.attempts.get().body, "middle_name": "A-RR_L", **person}
        with Client(Credentials(sandbox.base_url, CLIENT_ID, CLIENT_SECRET), destinations=HERE) as client:
            account = client.flow(new_reference_id()).apply(CreditApplication.from_body(body))
        number = account.account_number
        settle_as_told(application, Status.APPROVED, account_number=number, reason="Called", by=associate)
        application.refresh_from_db()
        return application

    return run


def close_calls(sandbox):
    return [request for request in sandbox.requests() if request["path"].endswith("/close")]


def test_cancel_closes_the_account(approved, associate, sandbox):
    application = approved()
    deliver_close(request_cancellation(application, by=associate).pk)
    application.refresh_from_db()
    assert application.status == Status.CANCELLED
    assert [call["reference_id"] for call in close_calls(sandbox)] == [application.reference_id]


def test_cancel_closes_an_account_that_a_person_told_of(told, associate, sandbox):
    application = told()
    deliver_close(request_cancellation(application, by=associate).pk)
    application.refresh_from_db()
    assert (application.status, len(close_calls(sandbox))) == (Status.CANCELLED, 1)


def test_cancel_never_closes_the_account_of_somebody_else(told, associate, sandbox):
    application = told(last_name="Else")
    cancellation = request_cancellation(application, by=associate)
    deliver_close(cancellation.pk)
    cancellation.refresh_from_db()
    application.refresh_from_db()
    assert (cancellation.outcome, cancellation.outcome_code) == (UNCONFIRMED, NOT_THE_CUSTOMERS)
    assert (application.status, close_calls(sandbox)) == (Status.CANCELLING, [])


def test_cancel_where_nobody_may_search_is_left_to_the_lender(told, associate, sandbox):
    application = told()
    sandbox.fail("search", "insufficient_scope")
    cancellation = request_cancellation(application, by=associate)
    deliver_close(cancellation.pk)
    cancellation.refresh_from_db()
    assert (cancellation.outcome_code, close_calls(sandbox)) == (NOT_THE_CUSTOMERS, [])


def test_cancel_outside_quebec_is_not_offered(approved, associate):
    application = approved(province="ON")
    assert not may_cancel(application)
    with pytest.raises(CannotCancel):
        request_cancellation(application, by=associate)


def test_cancel_asked_twice_is_one_request(approved, associate):
    application = approved()
    request_cancellation(application, by=associate)
    with pytest.raises(CannotCancel):
        request_cancellation(application, by=associate)


def test_cancel_that_did_not_reach_the_lender_waits_and_goes_out_later(approved, associate, credential, sandbox):
    application = approved()
    credential.base_url = "http://127.0.0.1:9/flexiti/pos-api/v2.5"
    credential.save()
    cancellation = request_cancellation(application, by=associate)
    deliver_close(cancellation.pk)
    application.refresh_from_db()
    assert application.status == Status.CANCELLING
    credential.base_url = sandbox.base_url
    credential.save()
    deliver_close(cancellation.pk)
    application.refresh_from_db()
    assert application.status == Status.CANCELLED


def test_cancel_without_answer_is_unconfirmed_and_not_resent(approved, associate, sandbox):
    application = approved()
    sandbox.fail("close", "reset_after")
    cancellation = request_cancellation(application, by=associate)
    deliver_close(cancellation.pk)
    deliver_close(cancellation.pk)
    sweep()
    application.refresh_from_db()
    assert application.status == Status.CANCELLING
    assert len(close_calls(sandbox)) == 1
    assert may_cancel(application), "a person may ask again"


def test_cancel_whose_worker_died_becomes_unconfirmed(approved, associate):
    cancellation = request_cancellation(approved(), by=associate)
    past = timezone.now() - timedelta(seconds=1)
    Cancellation.objects.filter(pk=cancellation.pk).update(sending_since=past, lease_until=past)
    sweep()
    cancellation.refresh_from_db()
    assert cancellation.outcome == "unconfirmed"


def test_cancel_refused_leaves_the_account_open(approved, associate, sandbox):
    application = approved()
    sandbox.reset()
    deliver_close(request_cancellation(application, by=associate).pk)
    application.refresh_from_db()
    assert application.status == Status.APPROVED
    assert application.cancellations.get().outcome == "refused"


@pytest.mark.parametrize("fault", ["service_unavailable", "gateway_timeout_504", "bad_gateway_html"])
def test_cancel_for_which_there_was_no_token_waits_and_goes_out_later(approved, associate, sandbox, fault):
    application = approved()
    cache.clear()
    sandbox.fail("token", fault, times=3)
    cancellation = request_cancellation(application, by=associate)
    deliver_close(cancellation.pk)
    application.refresh_from_db()
    assert application.status == Status.CANCELLING
    deliver_close(cancellation.pk)
    application.refresh_from_db()
    assert application.status == Status.CANCELLED


@pytest.mark.parametrize("fault", ["general_error", "unknown_code"])
def test_cancel_with_an_answer_that_proves_nothing_is_unconfirmed(approved, associate, sandbox, fault):
    application = approved()
    sandbox.fail("close", fault)
    deliver_close(request_cancellation(application, by=associate).pk)
    application.refresh_from_db()
    assert application.status == Status.CANCELLING
    assert application.cancellations.get().outcome == "unconfirmed"


@pytest.mark.parametrize("refuse", ["not_found", "invalid_role"])
def test_cancel_refused_after_an_unconfirmed_one_does_not_say_the_account_is_open(approved, associate, sandbox, refuse):
    """The first request may have closed it: that there is no such account now would fit."""
    application = approved()
    sandbox.fail("close", "reset_after")
    deliver_close(request_cancellation(application, by=associate).pk)
    if refuse == "not_found":
        sandbox.reset()
    else:
        sandbox.fail("close", refuse)
    deliver_close(request_cancellation(application, by=associate).pk)
    application.refresh_from_db()
    assert application.status == Status.CANCELLING
    assert [one.outcome for one in application.cancellations.all()] == ["unconfirmed", "unconfirmed"]
    assert may_cancel(application)


def test_cancel_confirmed_after_the_end_of_the_lease_still_counts(approved, associate):
    application = approved()
    cancellation = claim(request_cancellation(application, by=associate).pk)
    abandon(cancellation)
    send_close(cancellation)
    application.refresh_from_db()
    cancellation.refresh_from_db()
    assert (application.status, cancellation.outcome) == (Status.CANCELLED, "closed")


def test_cancel_settled_twice_is_settled_once(approved, associate, sandbox):
    application = approved()
    cancellation = claim(request_cancellation(application, by=associate).pk)
    send_close(cancellation)
    abandon(cancellation)
    application.refresh_from_db()
    assert application.status == Status.CANCELLED
    assert application.cancellations.get().outcome == "closed"
