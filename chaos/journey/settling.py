"""Silence: a lender that stops answering, what waits for it, and outcomes that nobody knows."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from applications.statuses import UNSETTLED, Status
from applications.submission.reconciliation import look_for_what_is_due
from chaos.journey.delivering import UNREADABLE
from chaos.journey.machine import CONSENT, Counter
from chaos.journey.stage import age_everything
from chaos.lender import NOTHING_RECEIVED, Flow, Lender
from merchants.credentials.circuits import failed, is_open
from merchants.credentials.probing import probe_due_circuits
from merchants.models import Credential
from posapi import errors

_FAILURES_THAT_OPEN = 3
agreements = st.sampled_from([CONSENT, CONSENT, {"device_holder": "nobody"}])


def lender_is_silent(counter: Counter) -> bool:
    return is_open(Credential.objects.get(pk=counter.stage.credential.pk))


class Settling(Counter):
    """What waits to be sent, and what waits to be known."""

    def __init__(self) -> None:
        super().__init__()
        self.has_been_silent = False

    @precondition(lambda self: not self.has_been_silent)
    @rule()
    def the_lender_stops_answering(self) -> None:
        self.has_been_silent = True
        for _ in range(_FAILURES_THAT_OPEN):
            failed(self.stage.credential, errors.NotReachable("oauth/token"))

    @precondition(lambda self: self.application.is_editable and lender_is_silent(self))
    @rule(agrees=agreements)
    def let_it_wait(self, agrees: dict[str, str]) -> None:
        person = self.at(self.stage.associate)
        path = self.path(f"let-it-wait/?revision={self.application.revision}")
        self.shown(person.get(path))
        self.shown(person.post(path, agrees))

    @precondition(lambda self: self.application.status == Status.QUEUED)
    @rule(clicks=st.integers(1, 2))
    def take_it_back(self, clicks: int) -> None:
        for _ in range(clicks):
            self.shown(self.at(self.stage.associate).post(self.path("take-back/")))

    @precondition(lambda self: self.anyone_is(*UNSETTLED))
    @rule(seconds=st.sampled_from([0, 15, 70, 300, 90_000]), fault=st.sampled_from(["", "", "", *UNREADABLE]))
    def the_outcome_is_searched_for(self, seconds: float, fault: str) -> None:
        age_everything(seconds)
        self.fail("search", fault)
        look_for_what_is_due()
        self.calm()

    @precondition(lambda self: self.application.status == Status.NO_ACCOUNT)
    @rule(agrees=agreements, clicks=st.integers(1, 2), fault=st.sampled_from(["", "", *UNREADABLE]))
    def send_it_once_more(self, agrees: dict[str, str], clicks: int, fault: str) -> None:
        """A minute later, when a lender that was silent has been asked whether it answers again."""
        age_everything(60)
        probe_due_circuits()
        self.fail("search", fault)
        for _ in range(clicks):
            self.shown(self.at(self.stage.associate).post(self.path("another-inquiry/"), agrees))
        self.calm()

    @precondition(lambda self: self.application.status in UNSETTLED)
    @rule(clicks=st.integers(1, 2), who=st.integers(0, 2))
    def settle_on_the_lenders_word(self, clicks: int, who: int) -> None:
        """A manager has called and writes down what the lender said; an associate may not."""
        person = self.at(self.stage.staff[who])
        self.shown(person.get(self.path("settle/")))
        told = {"reason": "Called them.", **_said_on_the_phone(self._flow())}
        for _ in range(clicks):
            self.shown(person.post(self.path("settle/"), told))

    def _flow(self) -> Flow:
        return Lender(self.stage.sandbox.url).flows().get(self.application.reference_id, NOTHING_RECEIVED)


def _said_on_the_phone(flow: Flow) -> dict[str, str]:
    if flow.accounts:
        return {"told": "approved", "account_number": str(flow.accounts[-1])}
    last = flow.decided[-1] if flow.decided else ""
    if last.startswith("application_declined"):
        return {"told": "declined"}
    return {"told": "pending"} if last.startswith("application_marked_pending") else {"told": "no_account"}
