"""After the answer: every page in every state for everybody, what is held, and the Quebec cancellation."""

from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from applications.models import Cancellation
from applications.statuses import Status
from applications.submission.cancellation import deliver_close, may_cancel
from chaos.journey.machine import CONSENT, Counter
from merchants.credentials.sessions import client_for
from posapi import CreditApplication, new_reference_id
from posapi.errors import CustomerAlreadyExists
from tests.factories import saved_answers

PAGES = (
    "", "continue/", "status/", "cancel/", "customer-copy/", "debt-ratio/", "held/send/", "same-person/?revision=1",
    "let-it-wait/?revision=1", "another-inquiry/", "settle/",
    "start/", "identity/", "contact/", "income/", "security/", "terms/", "check/",
)  # fmt: skip
POSTED = (
    "submit/", "send-again/", "keep/", "cancel/", "scan/", "start/", "terms/", "check/", "held/", "held/send/",
    "same-person/", "let-it-wait/", "take-back/", "another-inquiry/", "settle/",
)  # fmt: skip
CLOSE_FAULTS = ("reset_before", "reset_after", "truncated_json", "internal_error", "not_found", "invalid_role")


class Deciding(Counter):
    """What can be done, or tried, when the application is with the lender or back."""

    def __init__(self) -> None:
        super().__init__()
        self.served_elsewhere: set[str] = set()

    @rule(page=st.sampled_from(PAGES), posted=st.sampled_from(POSTED), who=st.integers(0, 3))
    def anybody_tries_any_page(self, page: str, posted: str, who: int) -> None:
        """To a stranger it does not exist; for everybody else something sensible happens."""
        person = self.at((*self.stage.staff, self.stage.stranger)[who])
        got = self.shown(person.get(self.path(page)))
        answered = self.shown(person.post(self.path(posted)))
        if person is self.stage.stranger:
            assert (got.status, answered.status) == (404, 404)

    @precondition(lambda self: len(self.customers) > 1 and self.application.is_editable)
    @rule(agrees=st.sampled_from([CONSENT, CONSENT, {"device_holder": "nobody"}]))
    def decide_on_an_earlier_application(self, agrees: dict[str, str]) -> None:
        """The same person has applied before: another one is sent only with consent."""
        person = self.at(self.stage.associate)
        path = self.path(f"same-person/?revision={self.application.revision}")
        self.shown(person.post(path, {"mark": self.shown(person.get(path)).hidden("mark"), **agrees}))

    @precondition(lambda self: self.here.answers["dob"] not in self.served_elsewhere)
    @rule()
    def the_customer_opens_an_account_elsewhere(self) -> None:
        """At another merchant of the lender's, so that only a search can tell."""
        self.served_elsewhere.add(self.here.answers["dob"])
        saved = saved_answers(**{**self.here.answers, "middle_name": "A-RR_L"})
        flat = {name: value for values in saved.values() for name, value in values.items()}
        with client_for(self.stage.elsewhere) as client, suppress(CustomerAlreadyExists):
            body = CreditApplication.from_body({**flat, "tos_agreement": True})
            client.flow(new_reference_id()).apply(body)

    @precondition(lambda self: self.application.status == Status.HELD)
    @rule(choice=st.sampled_from(["use_account", "change_answers", "send"]), is_double=st.booleans())
    def decide_on_what_was_found(self, choice: str, is_double: bool) -> None:
        person = self.at(self.stage.associate)
        mark = self.shown(person.get(self.path(""))).hidden("mark")
        for _ in range(1 + is_double):
            if choice == "send":
                self.shown(person.post(self.path("held/send/"), {"mark": mark, **CONSENT}))
            else:
                self.shown(person.post(self.path("held/"), {"mark": mark, "choice": choice}))

    @precondition(lambda self: may_cancel(self.application))
    @rule(clicks=st.integers(1, 2))
    def cancel_the_account(self, clicks: int) -> None:
        for _ in range(clicks):
            self.shown(self.at(self.stage.associate).post(self.path("cancel/")))

    @precondition(lambda self: self.anyone_is(Status.CANCELLING))
    @rule(fault=st.sampled_from(["", "", *CLOSE_FAULTS]), is_processed=st.booleans())
    def a_worker_closes_an_account(self, fault: str, is_processed: bool) -> None:
        is_refusal = fault in ("not_found", "invalid_role")
        self.fail("close", fault, processed=is_processed and not is_refusal)
        for cancellation in Cancellation.objects.filter(closed_at=None):
            deliver_close(cancellation.pk)
        self.calm()
