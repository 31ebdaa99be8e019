"""The rows of one made-up application: what the journey and the delivery would have written."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import models

from applications.answers import Answers
from applications.follow_ups import FollowUp, StatedOutcome
from applications.models import (
    Application,
    Cancellation,
    CustomerLanguage,
    DeviceHolder,
    SubmissionAttempt,
    TermsAcceptance,
    TermsDocument,
)
from applications.persons import account_key, person_keys, search_keys
from applications.specimens.outcomes import DECLINED_CODES, PENDING_CODES
from applications.specimens.people import answers_of
from applications.statuses import EDITABLE, Status
from applications.submission.decisions import LENDER_DOWN, Decision, OfferedPlan
from applications.submission.payload import digest_of, seal_body, split
from merchants.models import Credential, Store, User

STEPS = ("start", "identity", "contact", "income", "security", "terms")
_UNSENT = EDITABLE | {Status.EXPIRED}
_PLANS = (
    OfferedPlan("101", "Equal payments", "EP", (6, 12, 24)),
    OfferedPlan("204", "Deferred payment, no interest if paid in time", "DP", (3, 6)),
)


@dataclass(frozen=True)
class Counter:
    """A store, who works there, and the terms that its customers accept, by the API's `lang`."""

    store: Store
    credential: Credential
    associates: Sequence[User]
    terms: dict[str, TermsDocument]


@dataclass
class Rows:
    """Rows to be loaded, in the order in which they refer to each other."""

    applications: list[Application] = field(default_factory=list)
    acceptances: list[TermsAcceptance] = field(default_factory=list)
    attempts: list[SubmissionAttempt] = field(default_factory=list)
    cancellations: list[Cancellation] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)

    def in_order(self) -> Sequence[Sequence[models.Model]]:
        return (self.applications, self.acceptances, self.attempts, self.cancellations, self.follow_ups)


def add(rows: Rows, counter: Counter, number: int, outcome: Status, at: datetime, chance: random.Random) -> None:
    """One application of applicant `number`, begun at this moment, that stands at `outcome` by now.

    Acceptances and what refers to them lack their key yet (`refer`).
    """
    application = _application(counter, number, outcome, at, chance)
    rows.applications.append(application)
    if outcome in _UNSENT - {Status.NEEDS_CORRECTION, Status.FAILED}:
        return
    sealed_at = at + timedelta(seconds=chance.lognormvariate(6.1, 0.4))
    acceptance = _acceptance(application, counter, sealed_at)
    attempt = _attempt(application, acceptance, outcome, sealed_at, chance)
    application.updated_at = attempt.closed_at or sealed_at
    rows.acceptances.append(acceptance)
    rows.attempts.append(attempt)
    if outcome == Status.CANCELLED:
        rows.cancellations.append(_cancellation(application, chance))
    if outcome == Status.PENDING:
        rows.follow_ups.append(_follow_up(application, chance))


def _application(counter: Counter, number: int, outcome: Status, at: datetime, chance: random.Random) -> Application:
    store = counter.store
    language = _language(store.province, chance)
    saved = answers_of(number, chance, province=store.province, language=language, city=store.city)
    reached = chance.randrange(1, len(STEPS)) if outcome in (Status.DRAFT, Status.EXPIRED) else len(STEPS)
    answers = Answers(saved={step: saved[step] for step in STEPS[:reached] if step in saved})
    application = Application(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        reference_id=f"{chance.getrandbits(128):032x}",
        merchant_id=store.merchant_id,
        store=store,
        credential=counter.credential,
        created_by=chance.choice(counter.associates),
        status=outcome,
        language=language,
        answers=(Answers() if outcome == Status.EXPIRED else answers).to_json(),
        environment=counter.credential.environment,
        day=at.astimezone(store.tzinfo).date(),
        province=store.province,
        amount=Decimal(saved["start"]["amount_requested"]),
        last_step=STEPS[min(reached, len(STEPS) - 1) - 1],
        step_saved_at=at,
        created_at=at,
        updated_at=at + timedelta(hours=48 if outcome == Status.EXPIRED else 0),
        revision=reached,
    )
    if outcome not in (Status.DRAFT, Status.EXPIRED):
        for column, key in (person_keys(answers).as_columns() | search_keys(answers).as_columns()).items():
            setattr(application, column, key)
    return application


def refer(rows: Rows, keys: Sequence[int]) -> None:
    """Give every acceptance its key, and its attempt the same."""
    for acceptance, attempt, key in zip(rows.acceptances, rows.attempts, keys, strict=True):
        acceptance.pk = key
        attempt.acceptance = acceptance


def _language(province: str, chance: random.Random) -> str:
    french = chance.random() < (0.82 if province == "QC" else 0.04)
    return (CustomerLanguage.FRENCH if french else CustomerLanguage.ENGLISH).value


def _acceptance(application: Application, counter: Counter, at: datetime) -> TermsAcceptance:
    return TermsAcceptance(
        application=application,
        document=counter.terms[application.lang],
        displayed_at=at - timedelta(seconds=70),
        accepted_at=at - timedelta(seconds=20),
        recorded_by=application.created_by,
        device_holder=DeviceHolder.CUSTOMER,
    )


def _attempt(
    application: Application, acceptance: TermsAcceptance, outcome: Status, at: datetime, chance: random.Random
) -> SubmissionAttempt:
    body = seal_body(application)
    decision = _decision(outcome, application, chance)
    answered_at = at + timedelta(seconds=0.4 + chance.lognormvariate(1.1, 0.5))
    lost = outcome in (Status.UNKNOWN, Status.NO_ACCOUNT)
    if decision.account_number:
        application.account_key = account_key(decision.account_number)
    return SubmissionAttempt(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        application=application,
        number=1,
        acceptance=acceptance,
        store=application.store,
        credential=application.credential,
        submitted_by=application.created_by,
        snapshot=split(body)[0],
        sensitive=None,
        digest=digest_of(body),
        sealed_at=at,
        known_accounts=[],
        sending_since=None if outcome == Status.FAILED else at + timedelta(seconds=0.3),
        closed_at=answered_at + timedelta(seconds=60 if lost else 0),
        outcome=Status.UNKNOWN if lost else decision.status,
        outcome_code=decision.code,
        http_status=decision.http_status,
        answer=decision.to_json(),
    )


def _decision(outcome: Status, application: Application, chance: random.Random) -> Decision:
    match outcome:
        case Status.APPROVED | Status.CANCELLED:
            return _approval(application, chance)
        case Status.DECLINED:
            return Decision(Status.DECLINED, "ApplicationDeclined", chance.choice(DECLINED_CODES), 409)
        case Status.PENDING:
            return Decision(Status.PENDING, "ApplicationPending", chance.choice(PENDING_CODES), 409)
        case Status.ALREADY_CUSTOMER:
            return Decision(Status.ALREADY_CUSTOMER, "CustomerAlreadyExists", "customer_already_exists", 409)
        case Status.NEEDS_CORRECTION:
            wrong = {"postal_code": "Postal code does not match the city."}
            return Decision(Status.NEEDS_CORRECTION, "WrongInputs", "wrong_inputs", 409, corrections=wrong)
        case Status.FAILED:
            return Decision(Status.FAILED, "NotReachable", LENDER_DOWN)
    return Decision(Status.UNKNOWN, "NoAnswer")


def _approval(application: Application, chance: random.Random) -> Decision:
    limit = f"{chance.randrange(1000, 15_500, 500)}.00"
    return Decision(
        Status.APPROVED,
        http_status=200,
        account_number=f"{chance.randrange(10**11, 10**12)}",
        customer_id=f"{chance.randrange(10**6, 10**7)}",
        card_ending=f"{chance.randrange(10_000):04}",
        risk_rating=chance.choice("LMH"),
        available_credit=limit,
        credit_limit=limit,
        debt_ratio=f"{chance.uniform(8, 44):.2f}" if application.province == "QC" else None,
        offer_types=_PLANS,
    )


def _cancellation(application: Application, chance: random.Random) -> Cancellation:
    asked_at = application.updated_at + timedelta(minutes=chance.uniform(1, 30))
    application.updated_at = asked_at + timedelta(seconds=2)
    return Cancellation(
        application=application,
        requested_by=application.created_by,
        requested_at=asked_at,
        sending_since=asked_at,
        closed_at=application.updated_at,
        outcome=Status.CANCELLED,
    )


def _follow_up(application: Application, chance: random.Random) -> FollowUp:
    """Most are closed within days; a few are forgotten, as happens."""
    follow_up = FollowUp(application=application, store=application.store)
    follow_up.due_at = application.updated_at + timedelta(hours=48)
    if chance.random() < 0.995:
        follow_up.called_at = application.updated_at + timedelta(hours=chance.uniform(1, 60))
        follow_up.closed_at = follow_up.called_at + timedelta(minutes=10)
        follow_up.closed_by = application.created_by
        follow_up.outcome = chance.choice((StatedOutcome.WITHDRAWN, StatedOutcome.NOT_TOLD))
    return follow_up
