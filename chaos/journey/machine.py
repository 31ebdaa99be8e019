"""The counter as a state machine: customers in any order, and the promises after every step."""

import logging
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies._internal.featureflags import FeatureFlags

from applications.models import Application
from applications.statuses import Status
from applications.submission import leases
from applications.submission.delivery import deliver_next
from applications.submission.reconciliation import look_for_what_is_due
from chaos.journey import promises, watched_moves
from chaos.journey.stage import Person, Stage, age_everything, undone_afterwards
from tests.applications.journey.walking import TYPED, Page
from tests.factories import ready_application

PEOPLE = (
    {"first_name": "Anne-Élise", "last_name": "O'Brien", "dob": "1988-04-09"},
    {"first_name": "Zoé", "last_name": "Tremblay", "dob": "1991-12-30"},
    {"first_name": "Tariq", "last_name": "Haddad", "dob": "1979-02-28"},
    {"first_name": "Wanda", "last_name": "Novak", "dob": "2001-07-01"},
    {"first_name": "Jean-Guy", "last_name": "Côté", "dob": "1966-10-15"},
)
PLACES = (
    {"language": "en-CA", "province": "ON", "postal_code": "M5V2T6", "city": "Toronto"},
    {"language": "fr-CA", "province": "QC", "postal_code": "H7A0A1", "city": "Laval"},
    {"language": "en-CA", "province": "QC", "postal_code": "H7A0A1", "city": "Laval"},
)
RESPONSE_KEYS = ("A-RR_L", "A-RR_L", "A-RR_H", "P-CREDIT", "P-EXIST_CUST", "D-FRAUD", "D-NO_HIT", "D-EMAIL_DBL_TIMEOUT")
CONSENT = {"agree": "on", "device_holder": "customer"}
MOST_AT_ONCE = 4

customers = st.builds(
    lambda person, place, key: {**person, **place, "middle_name": key},
    st.sampled_from(PEOPLE),
    st.sampled_from(PLACES),
    st.sampled_from(RESPONSE_KEYS),
)
NOWHERE, TO_THE_CLICK, IN_LINE, ANSWERED, UNKNOWN, NO_ACCOUNT = range(6)
progress = st.integers(NOWHERE, NO_ACCOUNT)


@dataclass
class Customer:
    """One application that was begun: what its customer would answer, and pages of it that are still open somewhere."""

    id: UUID
    answers: dict[str, str]
    pages: dict[str, Page] = field(default_factory=dict)
    latest_event: int = 0
    sent_again: int = 0

    def typed(self, step: str) -> dict[str, str]:
        return {name: self.answers.get(name, value) for name, value in TYPED[step].items()}


@dataclass
class Tally:
    """What was done so far, over all examples."""

    examples: int = 0
    steps: int = 0
    moves: set[tuple[str, str]] = field(default_factory=set)


class Swallowed(logging.Handler):
    """Errors that somebody caught and only logged.

    Not those of the thread that renews leases: an example is one transaction, which keeps every other thread waiting.
    """

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []
        self.addFilter(lambda record: record.name != leases.__name__)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Counter(RuleBasedStateMachine):
    """The counter and its customers. Every rule is one step; the promises are looked at after each."""

    stage: ClassVar[Stage]
    tally: ClassVar[Tally] = Tally()

    def __init__(self) -> None:
        super().__init__()
        # Hypothesis leaves rules out of an example at random; the later states of an application need all of them.
        self._rules_strategy.enabled_rules_strategy = st.just(FeatureFlags())
        self.customers: list[Customer] = []
        self.here: Customer
        self.latest_move = 0
        self.swallowed = Swallowed()
        self._undo = ExitStack()
        self._undo.enter_context(undone_afterwards(self.stage))
        logging.getLogger().addHandler(self.swallowed)
        self._undo.callback(logging.getLogger().removeHandler, self.swallowed)
        watched_moves.watch()

    def teardown(self) -> None:
        self._undo.close()

    @property
    def application(self) -> Application:
        return Application.objects.get(pk=self.here.id)

    def at(self, who: Person) -> Person:
        """This person, with the customer's application before them."""
        who.id = self.here.id
        return who

    def path(self, page: str) -> str:
        return f"/applications/{self.here.id}/{page}"

    def anyone_is(self, *statuses: Status) -> bool:
        return Application.objects.filter(status__in=statuses).exists()

    def fail(self, endpoint: str, fault: str, **more: Any) -> None:
        """Stage a fault, long enough to outlast repeats; `self.calm()` ends it."""
        if fault:
            self.stage.sandbox.fail(endpoint, fault, times=4, **more)

    def calm(self) -> None:
        self.stage.sandbox.control("DELETE", "faults")

    def shown(self, page: Page) -> Page:
        """A page that somebody was shown. Nothing may have gone wrong behind it."""
        assert page.status < 500, page.status
        return page

    @initialize(answers=customers, has_come=progress)
    def first_customer(self, answers: dict[str, str], has_come: int) -> None:
        self._arrive(answers, has_come)
        self.tally.examples += 1
        self.tally.steps -= 1  # the promises are looked at after this, too

    @precondition(lambda self: len(self.customers) < MOST_AT_ONCE)
    @rule(answers=customers, has_come=progress)
    def next_customer(self, answers: dict[str, str], has_come: int) -> None:
        self._arrive(answers, has_come)

    @precondition(lambda self: len(self.customers) > 1)
    @rule(number=st.integers(0, MOST_AT_ONCE - 1))
    def turn_to(self, number: int) -> None:
        self.here = self.customers[number % len(self.customers)]
        for page in ("/", "/day/"):
            self.shown(self.at(self.stage.manager).get(page))

    @invariant()
    def promises_hold(self) -> None:
        self.tally.steps += 1
        moves = watched_moves.moves_since(self.latest_move)
        promises.moves_are_allowed(moves)
        self.tally.moves.update((move.before, move.after) for move in moves)
        self.latest_move = moves[-1].number if moves else self.latest_move
        accepted = {id: counts["accepted"] for id, counts in self.stage.sandbox.applies().items()}
        accounts = {one["reference_id"]: one["status"] for one in self.stage.sandbox.control("GET", "accounts")}
        applications = Application.objects.in_bulk([customer.id for customer in self.customers])
        for customer in self.customers:
            application = applications[customer.id]
            mine = [move for move in moves if move.application == customer.id]
            customer.latest_event = promises.moves_are_told(application, mine, after=customer.latest_event)
            customer.sent_again += promises.sends_that_need_consent(mine)
            promises.consent_was_given(application, customer.sent_again)
            reference = application.reference_id
            promises.status_is_true(application, accepted.get(reference, 0), accounts.get(reference, ""))
        promises.bureau_is_asked_once(applications.values(), accepted)
        assert not self.swallowed.lines, self.swallowed.lines

    def _arrive(self, answers: dict[str, str], has_come: int) -> None:
        associate = self.stage.associate
        if has_come == NOWHERE:
            self.shown(associate.start())
        else:
            ready = ready_application(self.stage.credential, store=self.stage.store, user=associate.user, **answers)
            associate.id = ready.pk
        assert associate.id
        self.here = Customer(associate.id, answers)
        self.customers.append(self.here)
        if has_come >= IN_LINE:
            self.shown(associate.post(associate.url("submit"), {"revision": "0"}))
        if has_come >= ANSWERED:
            self._deliver_everything("close_after" if has_come >= UNKNOWN else "")
        for _ in range(3 if has_come == NO_ACCOUNT else 0):
            age_everything(300)
            look_for_what_is_due()

    def _deliver_everything(self, fault: str) -> None:
        """All that is in line, the lender acting on every other one if its answers are lost."""
        for number in range(len(self.customers)):
            self.fail("apply", fault, processed=number % 2 == 0)
            deliver_next()
            self.calm()
