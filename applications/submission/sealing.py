"""Submitting: the audit record, the queue and the nudge, in one transaction."""

from django.db import IntegrityError, transaction

from applications.answers import Answers
from applications.consents import Consent, record_consent
from applications.models import Application, SubmissionAttempt, TermsAcceptance
from applications.moves import move
from applications.persons import person_keys, search_keys
from applications.statistics.recording import count_submission
from applications.statuses import EDITABLE, Status, may_move
from applications.submission.nudge import nudge_delivery
from applications.submission.payload import digest_of, missing_fields, seal_body, split
from applications.submission.same_person import OthersOfPerson, PersonUnderWay
from audit.names import EventName
from merchants.credentials.succession import in_place_of, is_left_behind
from merchants.models import Credential, User


class NotReadyToSubmit(Exception):
    """Something the lender requires is missing: `fields` by API name, or the acceptance of the terms."""

    def __init__(self, fields: list[str], *, terms: bool = False) -> None:
        super().__init__("terms not accepted" if terms else f"{len(fields)} answers missing")
        self.fields = fields
        self.terms = terms


class OtherEnvironment(NotReadyToSubmit):
    """The merchant has gone on to another environment of the lender: this draft is never sent there."""

    def __init__(self) -> None:
        super().__init__([])


class AlreadySubmitted(Exception):
    """This application was submitted before: by a second click, another tab, or a replayed form."""


def submit(
    application: Application, *, by: User, revision: int, consent: Consent | None = None, told: str = ""
) -> SubmissionAttempt:
    """Seal exactly what will be sent and queue it, once, with the customer's consent where one was asked for.

    `told` is the mark of what the associate was shown of this person's answered applications (same_person.py).
    Raises AlreadySubmitted when it left this state before, NotReadyToSubmit when a required answer or a standing
    acceptance of this customer's terms is missing, or when the answers changed since `revision` was shown,
    OtherEnvironment when the merchant has gone on to another one, PersonUnderWay while another application of this
    person may be with the lender, and PersonAppliedBefore when one is answered of which the associate was not told.
    """
    try:
        return _submit(application, by=by, revision=revision, consent=consent, told=told)
    except IntegrityError as problem:
        if OthersOfPerson.of(application).under_way.exists():
            raise PersonUnderWay from problem
        raise


def _submit(
    application: Application, *, by: User, revision: int, consent: Consent | None, told: str
) -> SubmissionAttempt:
    with transaction.atomic():
        rows = Application.objects.select_for_update(of=("self",))  # not its store's and its credential's
        current = rows.select_related("store", "credential").get(pk=application.pk)
        if current.status not in EDITABLE or not may_move(current.status, Status.QUEUED):
            raise AlreadySubmitted
        current.credential = credential_to_send_with(current)
        acceptance = _ready(current, revision)
        others = OthersOfPerson.of(current)
        body = seal_body(current)
        snapshot, sensitive = split(body)
        attempt = SubmissionAttempt.objects.create(
            application=current,
            number=current.attempts.count() + 1,
            acceptance=acceptance,
            store=current.store,
            credential=current.credential,
            submitted_by=by,
            snapshot=snapshot,
            sensitive=sensitive,
            digest=digest_of(body),
        )
        if consent is not None:
            record_consent(current, consent, attempt=attempt, by=by)
        _recognise(current)
        count_submission(attempt)
        move(current, Status.QUEUED, by=by, event=EventName.SUBMITTED, detail=evidence_of(attempt))
        others.ensure_told(told)
        transaction.on_commit(nudge_delivery)
    return attempt


def _recognise(application: Application) -> None:
    """Write down who this is, and with what it goes.

    The database then lets one application of a person be under way, and no second one.
    """
    answers = Answers.from_json(application.answers)
    keys = person_keys(answers).as_columns() | search_keys(answers).as_columns()
    for column, key in keys.items():
        setattr(application, column, key)
    application.save(update_fields=[*keys, "credential"])


def _ready(application: Application, revision: int) -> TermsAcceptance:
    answers = Answers.from_json(application.answers)
    missing = [*missing_fields(answers), *answers.corrections]
    if missing or application.revision != revision:
        raise NotReadyToSubmit(missing)
    acceptance = standing_acceptance(application)
    if acceptance is None:
        raise NotReadyToSubmit([], terms=True)
    return acceptance


def credential_to_send_with(application: Application) -> Credential:
    """The one in use at this moment. Raises OtherEnvironment when that is not where the draft was begun."""
    if is_left_behind(application.credential):
        raise OtherEnvironment
    return in_place_of(application.credential)


def standing_acceptance(application: Application) -> TermsAcceptance | None:
    """The acceptance that counts: not voided, of a document for this customer's province, in a language given."""
    province = Answers.from_json(application.answers).province
    return (
        application.acceptances.filter(voided_at=None, document__province=province).select_related("document").first()
    )


def evidence_of(attempt: SubmissionAttempt) -> dict[str, str | int]:
    """What the audit event of a submission holds."""
    return {
        "attempt": attempt.number,
        "digest": attempt.digest,
        "terms": attempt.acceptance.document.sha256,
        "terms_language": attempt.acceptance.document.language,
        "reference_id": attempt.application.reference_id,
        "store": str(attempt.store_id),
    }
