"""Test connection: each step a credential must pass, tried in turn, with a plain verdict on each."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from audit.events import record
from audit.names import EventName
from merchants.credentials.explaining import LOGIN_NOT_OFFERED, explanation_of, problem_of
from merchants.credentials.sessions import CredentialUnusable, LenderAnswer, client_for, keep, leaves_i18n_worth_asking
from merchants.models import CheckOccasion, Credential, CredentialCheck, Language, SessionOutcome, User
from posapi import Flow, InMemoryTokens, new_reference_id
from posapi.errors import TOKEN, MerchantSignInRejected, PosApiError

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
    """One step and how it went, by names and codes only, so that it can be kept."""

    name: str
    verdict: Verdict
    problem: str = ""
    error_code: str = ""

    @property
    def title(self) -> str:
        return str(TITLES[self.name])

    @property
    def explanation(self) -> str:
        """What to do about it, in the active language; it names nothing secret."""
        return explanation_of(self.problem)


def steps_of(check: CredentialCheck) -> tuple[Step, ...]:
    """The steps of a check as it was kept."""
    return tuple(Step(**{**kept, "verdict": Verdict(kept["verdict"])}) for kept in check.steps)


def check_connection(
    credential: Credential, *, by: User | None, occasion: CheckOccasion = CheckOccasion.BY_PERSON
) -> CredentialCheck:
    """Run every step with a new token and keep what came of it, on the credential and as a check.

    A test by a person is audited, and what the portal checks by itself where it differs from the check before.
    """
    mark = credential.secrets_mark
    trial = _Trial(reference_id=new_reference_id())
    try:
        with client_for(credential, tokens=InMemoryTokens(), although_down=True) as client:
            trial.run(client.flow(trial.reference_id))
    except CredentialUnusable as problem:
        trial.cannot_start(problem)
    with transaction.atomic():
        before = credential.checks.order_by("-checked_at").first()
        check = CredentialCheck.objects.create(
            credential=credential,
            occasion=occasion,
            by=by,
            has_passed=trial.has_passed,
            reference_id=trial.reference_id,
            steps=[asdict(step) for step in trial.steps],
            mark=mark,
        )
        keep(credential, trial.answer, by=None)
        if by is not None or before is None or before.has_passed != check.has_passed:
            _record(check, by=by)
    return check


class _Trial:
    """The steps so far. The first call asks for the token, so its failure tells which of the two steps failed."""

    def __init__(self, *, reference_id: str) -> None:
        self.reference_id = reference_id
        self.steps: list[Step] = []
        self.answer = LenderAnswer(reference_id=reference_id)
        self._goes_on = True

    @property
    def has_passed(self) -> bool:
        return all(step.verdict in (Verdict.PASSED, Verdict.NOTE) for step in self.steps)

    def cannot_start(self, problem: CredentialUnusable) -> None:
        self.answer.outcome, self.answer.code = SessionOutcome.REFUSED, problem.code
        self.steps.append(Step("token", Verdict.FAILED, problem.code, problem.code))
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
            self.steps.append(Step(name, Verdict.NOTE, LOGIN_NOT_OFFERED, problem.code))
            return
        if not name.startswith("terms"):
            self.answer.fail(problem)
        self.steps.append(Step("token" if is_token else name, Verdict.FAILED, problem_of(problem), problem.code))
        self._goes_on = leaves_i18n_worth_asking(problem)

    def _token_passed(self) -> None:
        if not self.steps:
            self.steps.append(Step("token", Verdict.PASSED))

    def _leave_out_the_rest(self) -> None:
        tried = {step.name for step in self.steps}
        self.steps += [Step(name, Verdict.NOT_TRIED) for name in TITLES if name not in tried]


def _record(check: CredentialCheck, *, by: User | None) -> None:
    credential = check.credential
    record(
        EventName.CREDENTIAL_TESTED,
        subject=credential,
        merchant_id=credential.merchant_id,
        by=by,
        detail={
            "environment": credential.environment,
            "passed": check.has_passed,
            "reference_id": check.reference_id,
            "failed_steps": [step.name for step in steps_of(check) if step.verdict == Verdict.FAILED],
        },
    )
