"""Made-up applications are like real ones wherever the portal looks at them."""

from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from applications.answers import Answers
from applications.models import SubmissionAttempt
from applications.persons import search_keys
from applications.review.closing import close
from applications.specimens.making import NobodyToApplyAt, make_applications
from applications.statuses import EDITABLE, Status
from applications.submission.decisions import Decision
from applications.submission.payload import digest_of, seal_body
from merchants.models import Merchant, Role
from tests.factories import CredentialFactory, MembershipFactory, MerchantFactory, StoreFactory, UserFactory


@pytest.fixture
def merchant(db: None) -> Merchant:
    merchant = MerchantFactory()
    CredentialFactory(merchant=merchant)
    for province in ("ON", "QC"):
        store = StoreFactory(merchant=merchant, province=province)
        MembershipFactory(user=UserFactory(), merchant=merchant, role=Role.ASSOCIATE, stores=[store])
    return merchant


def test_as_many_are_made_as_were_asked_for_and_of_many_outcomes(merchant: Merchant) -> None:
    make_applications(merchant, count=600, days=365, seed=1)
    found = Counter(merchant.applications.values_list("status", flat=True))
    assert sum(found.values()) == 600
    assert found[Status.APPROVED] > found[Status.DECLINED] > found[Status.PENDING] > 0
    assert merchant.applications.filter(province="QC", language="fr-CA").count() > 100


def test_nothing_is_on_its_way_that_a_worker_would_send(merchant: Merchant) -> None:
    make_applications(merchant, count=600, days=3, seed=2)
    assert not SubmissionAttempt.objects.filter(closed_at=None).exists()
    assert not merchant.applications.filter(status__in=(Status.QUEUED, Status.SENDING, Status.HELD)).exists()


def test_answers_open_and_say_what_stands_beside_them(merchant: Merchant) -> None:
    make_applications(merchant, count=60, days=365, seed=3)
    for application in merchant.applications.exclude(status__in=(*EDITABLE, Status.EXPIRED)):
        answers = Answers.from_json(application.answers)
        assert (answers.province, answers.amount) == (application.province, application.amount)
        assert search_keys(answers).phone_key == application.phone_key != ""
        assert application.latest_attempt is not None
        assert application.latest_attempt.digest == digest_of(seal_body(application))
        Decision.from_json(application.latest_attempt.answer)


def test_nobody_is_two_people(merchant: Merchant) -> None:
    make_applications(merchant, count=100, days=30, seed=4)
    make_applications(merchant, count=100, days=30, seed=5, first=100)
    keys = list(merchant.applications.exclude(person_key="").values_list("person_key", flat=True))
    assert len(set(keys)) == len(keys) > 100


def test_days_lie_in_the_past_and_their_books_balance(merchant: Merchant) -> None:
    make_applications(merchant, count=300, days=10, seed=6)
    assert not merchant.applications.filter(created_at__gt=timezone.now()).exists()
    for store, day in set(merchant.applications.values_list("store", "day")):
        books = close(merchant.stores.get(pk=store), day)
        assert books.submitted == books.sent + books.not_sent


def test_merchant_without_a_store_is_told(db: None) -> None:
    with pytest.raises(NobodyToApplyAt, match="needs a credential in use and a store with an associate"):
        make_applications(MerchantFactory(), count=1, days=1, seed=1)


def test_command_adds_them_to_a_demonstration_only(merchant: Merchant, settings, capsys) -> None:
    settings.DEMONSTRATION = True
    call_command("make_applications", merchant.name, count=20, days=5)
    assert merchant.applications.count() == 20
    assert "check_statistics --rebuild" in capsys.readouterr().out
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="never stand beside real ones"):
        call_command("make_applications", merchant.name)


def test_command_names_the_merchants_there_are(merchant: Merchant, settings) -> None:
    settings.DEMONSTRATION = True
    with pytest.raises(CommandError, match=merchant.name):
        call_command("make_applications", "Nobody")
