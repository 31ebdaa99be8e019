"""Opening a merchant's session with the POS API, and keeping what it brought.

`merchants/login` is deprecated (contract §11): where the lender no longer offers it to a client, a working `i18n` still
counts as an open session, and the merchant goes by the name it has here. A wrong merchant user name or password is a
refusal even though `i18n` works, because somebody has to put it right.
"""

import json
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.events import record
from audit.names import EventName
from merchants.credentials.circuits import LenderNotAnswering, is_open, watching
from merchants.credentials.tokens import CacheTokenStore
from merchants.models import Credential, I18nAnswer, Language, SessionOutcome, User
from merchants.models.environments import destinations
from posapi import Client, DestinationRefused, Flow, FormValues, MerchantSession, Timeouts, TokenStore, new_reference_id
from posapi.client import Observer
from posapi.errors import (
    TOKEN,
    CredentialsRejected,
    GeneralError,
    MerchantSignInRejected,
    NotReachable,
    PosApiError,
    RequestBlocked,
    RoleNotProvisioned,
    ScopeInsufficient,
    TokenRejected,
)
from vault.keys import CannotOpen

# Codes of our own for what fails before anything is sent.
SECRET_UNREADABLE = "secret_unreadable"  # noqa: S105 # nosec B105 # a code
CREDENTIAL_INVALID = "credential_invalid"
HOST_NOT_ALLOWED = "host_not_allowed"
PRODUCTION_WITH_DEBUG = "production_with_debug"
OUT_OF_USE = "credential_out_of_use"

_REFUSALS = (
    CredentialsRejected,
    GeneralError,
    MerchantSignInRejected,
    RequestBlocked,
    RoleNotProvisioned,
    ScopeInsufficient,
    TokenRejected,
)


class CredentialUnusable(CredentialsRejected):
    """A credential with which nothing may be sent, so nothing was processed; `code` is one of ours."""

    def __init__(self, code: str) -> None:
        super().__init__(code=code)


@dataclass
class LenderAnswer:
    """What opening a session brought so far."""

    outcome: SessionOutcome = SessionOutcome.OPEN
    code: str = ""
    reference_id: str = ""
    session: MerchantSession | None = None
    form_values: dict[str, FormValues] = field(default_factory=dict)

    def fail(self, problem: PosApiError) -> None:
        """Take the first problem as the outcome: what follows is usually its echo."""
        if self.outcome == SessionOutcome.OPEN:
            self.outcome = outcome_of(problem)
            self.code = problem.code or type(problem).__name__


def client_for(
    credential: Credential,
    *,
    timeouts: Timeouts | None = None,
    tokens: TokenStore | None = None,
    observe: Observer | None = None,
    although_down: bool = False,
) -> Client:
    """The API as this merchant; tokens are shared between processes. Close it after use.

    Its calls tell the circuit of the credential whether the lender answers, unless somebody else observes them. Raises
    `CredentialUnusable`, and `LenderNotAnswering` while the circuit is open, so that nobody waits for what will not
    come; `although_down` asks all the same.
    """
    if is_open(credential) and not although_down:
        raise LenderNotAnswering
    if credential.runs_production_with_debug:
        raise CredentialUnusable(PRODUCTION_WITH_DEBUG)
    try:
        keys = credential.as_posapi()
    except CannotOpen as problem:
        raise CredentialUnusable(SECRET_UNREADABLE) from problem
    except ValueError as problem:
        raise CredentialUnusable(CREDENTIAL_INVALID) from problem
    timeouts = timeouts or Timeouts(**settings.POSAPI_TIMEOUTS)
    try:
        return Client(
            keys,
            tokens=CacheTokenStore(wait_seconds=timeouts.total) if tokens is None else tokens,
            destinations=destinations(),
            timeouts=timeouts,
            apply_timeouts=Timeouts(**settings.POSAPI_APPLY_TIMEOUTS),
            observe=observe or watching(credential),
        )
    except DestinationRefused as problem:
        raise CredentialUnusable(HOST_NOT_ALLOWED) from problem


def open_session(
    credential: Credential,
    *,
    by: User | None,
    reference_id: str | None = None,
    timeouts: Timeouts | None = None,
    patience: float = float("inf"),
    although_down: bool = False,
) -> SessionOutcome:
    """Sign the merchant in and fetch its options in both languages; keep and audit what came of it.

    Never raises for what the lender does. After `patience` seconds the remaining options are left to the next time.
    While the circuit is open nothing is tried, unless `although_down`.
    """
    reference_id = reference_id or new_reference_id()
    try:
        with client_for(credential, timeouts=timeouts, although_down=although_down) as client:
            answer = _ask(client.flow(reference_id), deadline=time.monotonic() + patience)
    except CredentialUnusable as problem:
        answer = LenderAnswer(SessionOutcome.REFUSED, problem.code)
    except LenderNotAnswering as problem:
        answer = LenderAnswer()
        answer.fail(problem)
    answer.reference_id = reference_id
    keep(credential, answer, by=by)
    return answer.outcome


def _ask(flow: Flow, *, deadline: float) -> LenderAnswer:
    answer = LenderAnswer()
    try:
        answer.session = flow.login(Language.ENGLISH.value)
    except PosApiError as problem:
        if not leaves_i18n_worth_asking(problem):
            answer.fail(problem)
            return answer
        if isinstance(problem, MerchantSignInRejected):
            answer.fail(problem)
    for lang in Language.values:
        if time.monotonic() > deadline:
            break
        try:
            answer.form_values[lang] = flow.i18n(lang)
        except PosApiError as problem:
            answer.fail(problem)
            break
    return answer


def leaves_i18n_worth_asking(problem: PosApiError) -> bool:
    """Whether only `merchants/login` is at fault, so that options may still be had."""
    return problem.endpoint != TOKEN and outcome_of(problem) != SessionOutcome.UNREACHABLE


def outcome_of(problem: PosApiError) -> SessionOutcome:
    """Refused, unreachable (no answer, or a 5xx) or unreadable, from what went wrong with a call that only reads."""
    if isinstance(problem, _REFUSALS):
        return SessionOutcome.REFUSED
    is_silent = problem.http_status is None or problem.http_status >= 500
    if isinstance(problem, NotReachable) or is_silent:
        return SessionOutcome.UNREACHABLE
    return SessionOutcome.UNREADABLE


@transaction.atomic
def keep(credential: Credential, answer: LenderAnswer, *, by: User | None) -> None:
    """Write the outcome on the credential and the options beside it.

    What the system refreshes by itself is audited on a change of the outcome only.
    """
    has_changed = credential.session_outcome != answer.outcome
    credential.session_outcome = answer.outcome
    credential.session_error_code = answer.code[:80]
    credential.session_reference_id = answer.reference_id
    credential.session_checked_at = timezone.now()
    if answer.session:
        credential.merchant_name = answer.session.merchant_name[:130]
        credential.merchant_id_at_lender = str(answer.session.merchant_id)[:20]
    _update(credential)
    for lang, values in answer.form_values.items():
        _keep_options(credential, lang, values)
    if by is not None or has_changed:
        _record(credential, answer, by=by)


def _update(credential: Credential) -> None:
    """Only the columns of the session: somebody may be replacing the secrets meanwhile."""
    names = ("outcome", "error_code", "reference_id", "checked_at")
    columns = [f"session_{name}" for name in names] + ["merchant_name", "merchant_id_at_lender"]
    Credential.objects.filter(pk=credential.pk).update(**{name: getattr(credential, name) for name in columns})


def _keep_options(credential: Credential, lang: str, values: FormValues) -> None:
    I18nAnswer.objects.update_or_create(
        credential=credential,
        language=lang,
        defaults={
            "body": json.dumps(values.raw, ensure_ascii=False),
            "digest": values.digest,
            "fetched_at": timezone.now(),
        },
    )


def _record(credential: Credential, answer: LenderAnswer, *, by: User | None) -> None:
    is_open = answer.outcome == SessionOutcome.OPEN
    record(
        EventName.SESSION_OPENED if is_open else EventName.SESSION_REFUSED,
        subject=credential,
        merchant_id=str(credential.merchant_id),
        by=by,
        detail={
            "environment": credential.environment,
            "outcome": answer.outcome.value,
            "problem": answer.code[:80],
            "reference_id": answer.reference_id,
        },
    )
