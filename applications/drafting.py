"""Beginning an application and saving its answers: what is acknowledged to the browser is in the database."""

from collections.abc import Callable, Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from applications.answers import Answers, Values
from applications.models import Application, CustomerLanguage, TermsAcceptance
from applications.moves import move
from applications.persons import KEYS_OF_A_PERSON, KEYS_TO_RECOGNISE
from applications.statistics import durations
from applications.statistics.recording import count_abandoned, count_language, count_start, count_step
from applications.statuses import EDITABLE, Status
from applications.submission.decisions import EXPIRED
from applications.submission.held import close_unsent
from audit.events import record
from audit.names import EventName
from audit.redaction import Detail
from merchants.counter import Counter
from merchants.models import User


class NotEditable(Exception):
    """The application was submitted, or expired, since the page was opened."""


class NoCredential(Exception):
    """The merchant has no POS API credential in use; the counter says so and whom to tell."""


class ChangedElsewhere(Exception):
    """Another window saved this application since the page was opened."""


def start(counter: Counter, *, by: User, language: CustomerLanguage) -> Application:
    """Begin an application at this counter, in the language the associate guesses the customer wants.

    Raises NoCredential while the merchant has none: there is no lender to apply to.
    """
    if counter.store is None or counter.credential is None:
        raise NoCredential
    with transaction.atomic():
        application = Application.objects.create(
            merchant=counter.merchant,
            store=counter.store,
            credential=counter.credential,
            created_by=by,
            language=language,
            answers=Answers().to_json(),
            environment=counter.credential.environment,
            day=timezone.now().astimezone(counter.store.tzinfo).date(),
        )
        count_start(application)
        record(
            EventName.APPLICATION_STARTED,
            subject=application,
            merchant_id=application.merchant_id,
            by=by,
            detail={"store": str(application.store_id), "reference_id": application.reference_id},
        )
    return application


def save_step(
    application: Application,
    step: str,
    values: Values,
    *,
    by: User,
    revision: int,
    asked: Iterable[str] = (),
    options_digest: str = "",
) -> Application:
    """Save a step's valid answers. `asked` are all the fields of the step: complaints about them are settled.

    Raises NotEditable or ChangedElsewhere. A correction or a failed send becomes a draft again, and a change of
    language or province voids an acceptance of the terms.
    """
    with transaction.atomic():
        current = _editable(application, revision)
        before = (current.language, Answers.from_json(current.answers).province)
        answers = Answers.from_json(current.answers).with_step(step, values, asked)
        if step == "start":
            current.language = values["language"]
        current.options_digest = options_digest or current.options_digest
        tenths = _note_step(current, step)
        _store(current, answers)
        count_language(current, before=before[0])
        if (current.language, answers.province) != before:
            void_acceptance(current, by=by)
        event = EventName.STEP_SAVED
        detail: dict[str, Detail] = {"step": step, "tenths": tenths}
        if current.status == Status.DRAFT:
            record(event, subject=current, merchant_id=current.merchant_id, by=by, detail=detail)
        else:
            move(current, Status.DRAFT, by=by, event=event, detail=detail)
    return current


def _note_step(application: Application, step: str) -> int:
    """Write down that this step is saved now; how long it took, as it is counted."""
    since, application.step_saved_at = application.step_saved_at, timezone.now()
    application.last_step = step
    tenths = durations.of_step((application.step_saved_at - since).total_seconds())
    count_step(application, step, tenths)
    return tenths


def keep_typed(application: Application, step: str, typed: Values, *, revision: int) -> Application:
    """Keep what was typed but is not valid yet, so that leaving the page loses nothing."""
    return _amend(application, revision, lambda answers: answers.with_typed(step, typed))


def keep_scan(application: Application, by_step: Mapping[str, Values], *, by: User, revision: int) -> Application:
    """Put what a licence said into the forms, for the associate to look over."""
    with transaction.atomic():
        current = _amend(application, revision, lambda answers: answers.with_scan(by_step))
        record(
            EventName.LICENCE_SCANNED,
            subject=current,
            merchant_id=current.merchant_id,
            by=by,
            detail={"fields": sum(len(values) for values in by_step.values())},
        )
    return current


def switch_language(application: Application, language: CustomerLanguage, *, by: User) -> Application:
    """The customer prefers the other language: everything answered stays, an acceptance of terms does not."""
    with transaction.atomic():
        current = _editable(application, None)
        if current.language == language:
            return current
        before, current.language = current.language, language
        _store(current, Answers.from_json(current.answers).with_language(language))
        count_language(current, before=before)
        void_acceptance(current, by=by)
        record(
            EventName.STEP_SAVED,
            subject=current,
            merchant_id=current.merchant_id,
            by=by,
            detail={"step": "start", "language": str(language)},
        )
    return current


def void_acceptance(application: Application, *, by: User | None) -> None:
    """The terms accepted are no longer the terms of this customer."""
    voided = TermsAcceptance.objects.filter(application=application, voided_at=None).update(voided_at=timezone.now())
    if voided:
        record(EventName.TERMS_VOIDED, subject=application, merchant_id=application.merchant_id, by=by)


def expire(application: Application) -> None:
    """Purge an old draft: its answers go, that it existed stays. Raises IllegalMove if it was sent meanwhile.

    What the lender was sent of it stays as evidence, and can still be found by whom it is about (docs/privacy.md).
    """
    with transaction.atomic():
        for attempt in application.attempts.filter(closed_at=None):
            close_unsent(attempt, EXPIRED)
        move(application, Status.EXPIRED, by=None, event=EventName.DRAFT_EXPIRED)
        count_abandoned(application)
        application.attempts.filter(sensitive__isnull=False).update(sensitive=None)
        application.attempts.filter(sending_since=None).update(snapshot=None, found=None, known_accounts=None)
        application.answers = Answers().to_json()
        was_sent = application.attempts.filter(snapshot__isnull=False).exists()
        unneeded = KEYS_TO_RECOGNISE if was_sent else KEYS_OF_A_PERSON
        for column in unneeded:
            setattr(application, column, "")
        application.save(update_fields=["answers", *unneeded])


def _amend(application: Application, revision: int, change: Callable[[Answers], Answers]) -> Application:
    with transaction.atomic():
        current = _editable(application, revision)
        _store(current, change(Answers.from_json(current.answers)))
    return current


def _editable(application: Application, revision: int | None) -> Application:
    """The row, locked, as it is now."""
    current = Application.objects.select_for_update(of=("self",)).select_related("merchant").get(pk=application.pk)
    if current.status not in EDITABLE:
        raise NotEditable
    if revision is not None and current.revision != revision:
        raise ChangedElsewhere
    return current


def _store(application: Application, answers: Answers) -> None:
    application.answers = answers.to_json()
    application.province, application.amount = answers.province, answers.amount
    application.revision += 1
    application.updated_at = timezone.now()
    fields = "answers language province amount options_digest last_step step_saved_at revision updated_at"
    application.save(update_fields=fields.split())
