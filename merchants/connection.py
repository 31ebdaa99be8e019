"""Test connection: each step a credential must pass, tried in turn, with a plain verdict on each."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.events import record
from audit.names import EventName
from merchants.models import Credential, Language, SessionOutcome, User
from merchants.sessions import (
    PRODUCTION_WITH_DEBUG,
    SECRET_UNREADABLE,
    CredentialUnusable,
    LenderAnswer,
    client_for,
    keep,
    leaves_i18n_worth_asking,
    outcome_of,
)
from posapi import Flow, InMemoryTokens, new_reference_id
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

TITLES = {
    "token": gettext_lazy("Access token"),
    "login": gettext_lazy("Merchant sign-in"),
    "i18n_en": gettext_lazy("Options in English"),
    "i18n_fr": gettext_lazy("Options in French"),
    "terms_qc": gettext_lazy("Terms for Quebec, in French"),
    "terms_on": gettext_lazy("Terms for Ontario, in English"),
}


class Verdict(StrEnum):
    PASSED = "passed"
    NOTE = "note"
    FAILED = "failed"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True)
class Step:
    """One step and how it went. `explanation` is in the active language and names nothing secret."""

    name: str
    verdict: Verdict
    explanation: str = ""
    error_code: str = ""

    @property
    def title(self) -> str:
        return str(TITLES[self.name])


@dataclass(frozen=True)
class Report:
    """How a credential did."""

    credential: Credential
    reference_id: str
    steps: tuple[Step, ...]

    @property
    def has_passed(self) -> bool:
        return all(step.verdict in (Verdict.PASSED, Verdict.NOTE) for step in self.steps)


def check_connection(credential: Credential, *, by: User) -> Report:
    """Run every step with a new token, keep the outcome on the credential, and audit the test."""
    trial = _Trial(reference_id=new_reference_id())
    try:
        with client_for(credential, tokens=InMemoryTokens(), although_down=True) as client:
            trial.run(client.flow(trial.reference_id))
    except CredentialUnusable as problem:
        trial.cannot_start(problem)
    report = Report(credential, trial.reference_id, tuple(trial.steps))
    with transaction.atomic():
        keep(credential, trial.answer, by=None)
        _record(report, by=by)
    return report


class _Trial:
    """The steps so far. The first call asks for the token, so its failure tells which of the two steps failed."""

    def __init__(self, *, reference_id: str) -> None:
        self.reference_id = reference_id
        self.steps: list[Step] = []
        self.answer = LenderAnswer(reference_id=reference_id)
        self._goes_on = True

    def cannot_start(self, problem: CredentialUnusable) -> None:
        self.answer.outcome, self.answer.code = SessionOutcome.REFUSED, problem.code
        self.steps.append(Step("token", Verdict.FAILED, explain_unusable(problem.code), problem.code))
        self._leave_out_the_rest()

    def run(self, flow: Flow) -> None:
        self._try("login", lambda: self._keep_session(flow))
        for lang in Language.values:
            self._try(f"i18n_{lang}", lambda lang=lang: self._keep_options(flow, lang))  # type: ignore[misc]
        self._try("terms_qc", lambda: flow.terms("fr", "QC"))
        self._try("terms_on", lambda: flow.terms("en", "ON"))
        self._leave_out_the_rest()

    def _keep_session(self, flow: Flow) -> None:
        self.answer.session = flow.login(Language.ENGLISH.value)

    def _keep_options(self, flow: Flow, lang: str) -> None:
        self.answer.form_values[lang] = flow.i18n(lang)

    def _try(self, name: str, call: Callable[[], Any]) -> None:
        if not self._goes_on:
            return
        try:
            call()
        except PosApiError as problem:
            self._fail(name, problem)
        else:
            self._token_passed()
            self.steps.append(Step(name, Verdict.PASSED))

    def _fail(self, name: str, problem: PosApiError) -> None:
        is_token = problem.endpoint == TOKEN
        if not is_token:
            self._token_passed()
        is_optional = name == "login" and not isinstance(problem, MerchantSignInRejected)
        if is_optional and leaves_i18n_worth_asking(problem):
            self.steps.append(Step(name, Verdict.NOTE, _login_not_offered(), problem.code))
            return
        if not name.startswith("terms"):
            self.answer.fail(problem)
        self.steps.append(Step("token" if is_token else name, Verdict.FAILED, explain(problem), problem.code))
        self._goes_on = leaves_i18n_worth_asking(problem)

    def _token_passed(self) -> None:
        if not self.steps:
            self.steps.append(Step("token", Verdict.PASSED))

    def _leave_out_the_rest(self) -> None:
        tried = {step.name for step in self.steps}
        self.steps += [Step(name, Verdict.NOT_TRIED) for name in TITLES if name not in tried]


def explain(problem: PosApiError) -> str:
    """What failed and what an administrator can do about it."""
    for kind, text in _EXPLANATIONS.items():
        if isinstance(problem, kind):
            return str(text)
    if outcome_of(problem) == SessionOutcome.UNREACHABLE:
        return _("Flexiti was reached but gave no usable answer in time. Try again in a few minutes.")
    return _("The answer cannot be read. Check that the base address is the POS API of Flexiti.")


_EXPLANATIONS = {
    CredentialsRejected: gettext_lazy(
        "Credentials refused: Flexiti does not know this client id and secret. "
        "Enter both again from the developer portal."
    ),
    RoleNotProvisioned: gettext_lazy(
        "Refused: this client may not use the POS API yet. Ask Flexiti’s implementation team to provision it."
    ),
    TokenRejected: gettext_lazy(
        "Refused: Flexiti does not accept the token it has just given. Tell Flexiti the reference id."
    ),
    ScopeInsufficient: gettext_lazy(
        "Refused: the token of this client does not reach this part of the API. Ask Flexiti."
    ),
    RequestBlocked: gettext_lazy(
        "Blocked before it reached the API. Check that this server’s address is registered in the developer portal."
    ),
    MerchantSignInRejected: gettext_lazy(
        "Merchant user name or password refused. Enter both again, or remove them if Flexiti gave you none."
    ),
    NotReachable: gettext_lazy(
        "Not reachable: nothing answers at the base address. Check the address, and that this server may reach it."
    ),
    GeneralError: gettext_lazy(
        "Flexiti reports a general error, likely in the set-up of your account. Tell Flexiti the reference id."
    ),
}


def explain_unusable(code: str) -> str:
    """Why nothing was sent at all."""
    if code == SECRET_UNREADABLE:
        return _("The stored secret cannot be opened with the keys of this server. Enter it again.")
    if code == PRODUCTION_WITH_DEBUG:
        return _("A production credential is refused while DEBUG is on.")
    return _("The base address, client id or secret is not valid. Enter them again.")


def _login_not_offered() -> str:
    return _("Flexiti does not offer merchant sign-in to this client. The portal works without it.")


def _record(report: Report, *, by: User) -> None:
    record(
        EventName.CREDENTIAL_TESTED,
        subject=report.credential,
        merchant_id=report.credential.merchant_id,
        by=by,
        detail={
            "environment": report.credential.environment,
            "passed": report.has_passed,
            "reference_id": report.reference_id,
            "failed_steps": [step.name for step in report.steps if step.verdict == Verdict.FAILED],
        },
    )
