"""An outcome that nobody knows yet: how the search for it stands, and sending again when there is no account."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.journey.consent_form import ConsentForm
from applications.journey.counter_request import CounterRequest, application_or_404
from applications.journey.decision_page import Outcome, Row
from applications.journey.failures import Failure, failure_of
from applications.journey.same_person import look_for_same_person
from applications.models import Application, ConsentKind, SubmissionAttempt
from applications.statuses import Status
from applications.submission.again import AnswersGone, may_send_again, send_again
from applications.submission.decisions import Decision
from applications.submission.look_times import is_close
from applications.submission.same_person import PersonAppliedBefore, PersonUnderWay
from applications.submission.sealing import NotReadyToSubmit
from applications.submission.settlement import AlreadySettled
from applications.verdicts import Verdict
from applications.viewing import record_event
from audit.names import EventName
from merchants.guards import at_the_counter
from merchants.models import User
from merchants.selectors import managers_of
from posapi import PosApiError

# In the address of a page that fetched itself again: nobody has looked at it anew.
BY_ITSELF = "again"


@dataclass(frozen=True)
class Search:
    """How the search for the account of an unsettled application stands. Texts are in the active language."""

    application: Application
    attempt: SubmissionAttempt

    @classmethod
    def of(cls, application: Application) -> "Search":
        attempt = application.unsettled_attempt
        assert attempt
        return cls(application, attempt)

    @property
    def is_for_a_manager(self) -> bool:
        """Accounts were found that may or may not be this one's."""
        return self.attempt.look_verdict == Verdict.AMBIGUOUS

    @property
    def cannot_be_asked(self) -> bool:
        """The lender did not answer the last search."""
        return self.attempt.look_verdict == Verdict.NOT_ASKED

    @property
    def is_close(self) -> bool:
        """The next search comes while the customer waits, so the page changes by itself."""
        return is_close(self.attempt.next_look_at, timezone.now())

    @property
    def seen(self) -> str:
        """Tells what this page shows from what it would show after another search."""
        moments = (self.attempt.looked_at, self.attempt.next_look_at)
        stamps = "-".join(str(int(moment.timestamp())) if moment else "0" for moment in moments)
        return f"{self.application.status}-{stamps}"

    @property
    def rows(self) -> list[Row]:
        """When was searched, and when will be."""
        last, following = self.attempt.looked_at, self.attempt.next_look_at
        rows = [Row(_("Last search"), self._clock(last) if last else _("None yet"))]
        return [*rows, Row(_("Next search"), self._clock(following))] if following else rows

    @property
    def managers(self) -> list[User]:
        """Who may settle it on the lender's word."""
        return managers_of(self.application.store)

    @cached_property
    def second_failure(self) -> Failure | None:
        """Why sending it again came to nothing, when that was tried last."""
        latest = self.application.latest_attempt
        decision = Outcome.of(self.application).decision
        if latest is None or latest.pk == self.attempt.pk or decision is None or decision.status != Status.FAILED:
            return None
        return failure_of(decision, self.application.merchant)

    @cached_property
    def later_answer(self) -> Decision | None:
        """What a later send was answered, where that may be because of this one: already a customer, or declined."""
        later = self.application.attempts.filter(
            number__gt=self.attempt.number, outcome__in=(Status.ALREADY_CUSTOMER, Status.DECLINED)
        )
        latest = later.order_by("-number").first()
        return Decision.from_json(latest.answer) if latest else None

    @property
    def hours_kept(self) -> int:
        """For so long the answers are there that sending again needs."""
        return int(settings.DRAFT_HOURS)

    def _clock(self, moment: datetime) -> str:
        """The time in the store to the second, because searches may be ten seconds apart; the date on another day."""
        local = timezone.localtime(moment, self.application.store.tzinfo)
        is_today = local.date() == timezone.localdate(timezone=self.application.store.tzinfo)
        return date_format(local, _("g:i:s a") if is_today else _("M j, g:i a"))


def unsettled_page(
    request: CounterRequest, application: Application, *, form: ConsentForm | None = None
) -> HttpResponse:
    """The page of an unknown outcome, or of one for which no account was found."""
    search = Search.of(application)
    if form is None and not (BY_ITSELF in request.GET and search.is_close):
        record_event(application, EventName.VIEWED, by=request.user)
    may_send, latest = may_send_again(application), application.latest_attempt
    context = {
        "application": application,
        "outcome": Outcome.of(application),
        "search": search,
        "may_send_again": may_send,
        "form": form or (_form(application) if may_send else None),
        "after": latest.number if latest else "",
        "same_person": look_for_same_person(request.counter, application) if may_send else None,
    }
    return render(request, f"outcome/{application.status}.html", context, status=422 if form else 200)


def has_changed(application: Application, seen: str) -> bool:
    """Whether the page that somebody has open is out of date."""
    return Search.of(application).seen != seen


@require_http_methods(["GET", "POST"])
@at_the_counter
def another_inquiry(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """Send again, with the customer's consent to another credit inquiry; searched for once more before that."""
    found = application_or_404(request, application_id)
    if request.method == "POST" and may_send_again(found):
        if not _is_of_latest_send(found, request.POST.get("after", "")):
            messages.info(request, _("Something changed since this page was shown. Please look again."))
            return redirect("application", application_id)
        form = _form(found, request.POST)
        if not form.is_valid():
            return unsettled_page(request, found, form=form)
        _send_again(request, found, form)
    return redirect("application", application_id)


def _is_of_latest_send(application: Application, after: str) -> bool:
    """Whether the page showed what came of the latest send: one tick is the consent to one more send."""
    latest = application.latest_attempt
    return latest is not None and str(latest.number) == after


def _form(application: Application, data: object = None) -> ConsentForm:
    return ConsentForm(data, kind=ConsentKind.ANOTHER_INQUIRY, language=application.lang)


def _send_again(request: CounterRequest, application: Application, form: ConsentForm) -> None:
    """What cannot be sent says why, on the page that follows."""
    try:
        verdict = send_again(
            application,
            form.consent,
            by=request.user,
            told=request.POST.get("mark", ""),
            after=int(request.POST["after"]),
        )
    except PosApiError:
        messages.warning(
            request, _("Flexiti cannot be asked at the moment, so nothing was sent. Try again in a minute.")
        )
    except NotReadyToSubmit:
        messages.warning(request, _("The terms are no longer accepted, so nothing was sent. Take a new application."))
    except PersonUnderWay:
        messages.warning(request, _("Another application of this customer is on its way, so nothing was sent."))
    except (AlreadySettled, AnswersGone, PersonAppliedBefore):
        messages.info(request, _("Something changed since this page was shown. Please look again."))
    else:
        if verdict == Verdict.FOUND:
            messages.success(request, _("The account was found in a last search. Nothing was sent again."))
