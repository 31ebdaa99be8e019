"""The short form of the double submissions, against the running portal on both databases; and that it notices."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from applications.models import SubmissionAttempt
from applications.submission.sealing import submit
from chaos.clicks import Landing, were_at_once
from chaos.double_submission import figures
from chaos.doubles import Doubles, click, open_desks, replay_all
from chaos.drafts import Draft
from chaos.ledger import Kept, let_pass
from chaos.lender import Flow, Lender
from chaos.truth import untrue
from chaos.twice import WAYS, WITH_OLD_ANSWERS, Done
from tests.factories import CredentialFactory, MembershipFactory, StoreFactory, ready_application

_MAKE = """
import json, random
from chaos.drafts import make_drafts
made = make_drafts({people} + 1, random.Random(1), username="associate")
made += make_drafts(1, random.Random(1), username="associate")
print(json.dumps([[str(draft.id), draft.reference_id] for draft in made]))
"""
_KEPT = """
import json
from dataclasses import asdict
from uuid import UUID
from chaos.drafts import Draft
from chaos.ledger import kept
from chaos.lender import Lender
drafts = [Draft(UUID(pk), reference) for pk, reference in {drafts}]
books = kept(drafts, Lender({url!r}).flows())
print(json.dumps({{name: asdict(one) for name, one in books.items()}}))
"""


@pytest.fixture(params=["portal", "portal_on_postgres"])
def running(request):
    return request.getfixturevalue(request.param)


@pytest.mark.stack
def test_submission_in_every_way_at_once_is_one_apply(running):
    lender = Lender(running.sandbox.url)
    lender.latency(apply=[0.1, 0.3])
    lender.switch(duplicate_check=False)
    with ThreadPoolExecutor() as beside:
        making = beside.submit(running.python, _MAKE.format(people=len(WAYS)))
        desks = open_desks(running.url, 2)
    made = [Draft(UUID(pk), name) for pk, name in json.loads(making.result())]
    doubles = click(desks, made[1:-1], [(made[0], made[-1])], print)
    replay_all(desks, doubles)
    answer = json.loads(running.python(_KEPT.format(drafts=_listed(doubles.all), url=lender.url)))
    kept = {name: Kept(**one) for name, one in answer.items()}
    missed = {figure.name for figure in figures(doubles, kept, lender.flows()) if figure.reached is False}
    assert missed == set()


def _listed(done):
    return [(str(one.draft.id), one.draft.reference_id) for one in done]


DRAFT = Draft(UUID(int=1), "a1b2c3")
APPROVED = Kept("approved", 1, "Example Inc", answered_at=100.0, is_wrong=False)


def landing(title, *, status=200, path=DRAFT.path, asked=99.0, says=DRAFT.reference_id):
    html = f"<title>{title} – Toronto – Credit counter</title> {says}"
    return Landing(status, path, html, began=asked - 1, answered=asked, asked=asked)


def clicked(*together, later=(), way="double clicks"):
    return Doubles(by_way={**Doubles().by_way, way: [Done(DRAFT, list(together), None, {}, list(later))]})


def count_untrue(doubles, kept=APPROVED):
    return len(untrue(doubles, {DRAFT.reference_id: kept}))


def test_waiting_page_is_true_until_the_answer():
    waiting = "Waiting for Flexiti"
    assert count_untrue(clicked(landing(waiting), landing("Approved", asked=102.0))) == 0
    assert count_untrue(clicked(landing(waiting, asked=102.0))) == 1
    assert count_untrue(clicked(landing(waiting), later=[landing(waiting)])) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        landing("Not approved"),
        landing("Approved", status=500),
        landing("Approved", status=0),
        landing("Approved", path="/applications/another/"),
        landing("Approved", says="another reference"),
        landing("Approved", says=f"{DRAFT.reference_id} Check them again, then submit."),
        landing("Check answers", path=f"{DRAFT.path}check/", says="Check them again, then submit."),
        landing("The same customer", path=f"{DRAFT.path}same-person/"),
        landing("Counter", path="/"),
    ],
)
def test_page_that_tells_something_else_is_noticed(wrong):
    assert count_untrue(clicked(landing("Approved"), wrong)) == 1


def test_old_page_may_be_sent_back_to_be_read_but_not_after_the_outcome():
    back = landing("Check answers", path=f"{DRAFT.path}check/", says="Check them again, then submit.")
    assert count_untrue(clicked(back, way=WITH_OLD_ANSWERS)) == 0
    assert count_untrue(clicked(later=[back], way=WITH_OLD_ANSWERS)) == 1


def test_being_told_of_the_other_application_is_true_for_the_one_that_was_not_sent():
    told = landing("The same customer", path=f"{DRAFT.path}same-person/")
    assert count_untrue(clicked(told), replace(APPROVED, status="draft")) == 0


def test_second_apply_and_second_attempt_are_noticed():
    twice = Flow(2, 2, ("approved", "approved"), "p1", (1, 2))
    found = figures(
        clicked(landing("Approved"), landing("Approved")),
        {DRAFT.reference_id: replace(APPROVED, attempts=2, is_wrong=True)},
        {DRAFT.reference_id: twice},
    )
    assert [figure.name for figure in found if figure.reached is False] == [
        "submissions with other than 1 apply",
        "submissions with other than 1 attempt",
        "outcomes that the lender knows otherwise",
    ]


def test_submission_that_the_lender_never_received_is_noticed():
    found = figures(clicked(landing("Approved"), landing("Approved")), {DRAFT.reference_id: APPROVED}, {})
    assert [figure.name for figure in found if figure.reached is False] == ["submissions with other than 1 apply"]


def test_clicks_one_after_the_other_are_not_at_once():
    assert were_at_once([landing("Approved", asked=10.0), landing("Approved", asked=10.5)])
    assert not were_at_once([landing("Approved", asked=10.0), landing("Approved", asked=12.0)])


def test_time_passes_for_the_rows_of_these_drafts_only(db):
    one, other = (sent(dob=day) for day in ("1988-04-09", "1988-04-10"))
    let_pass([Draft(one.application_id, one.application.reference_id)], 10)
    for attempt, passed in ((one, timedelta(minutes=10)), (other, timedelta(0))):
        sealed, created = attempt.sealed_at, attempt.application.created_at
        attempt = SubmissionAttempt.objects.get(pk=attempt.pk)
        assert (sealed - attempt.sealed_at, created - attempt.application.created_at) == (passed, passed)


def sent(**changes):
    store = StoreFactory()
    user = MembershipFactory(merchant=store.merchant, stores=[store]).user
    credential = CredentialFactory(merchant=store.merchant)
    return submit(ready_application(credential, store=store, user=user, **changes), by=user, revision=0)
