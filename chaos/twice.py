"""The ways in which one application comes to be submitted more than once (double_submission.py)."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from chaos.clicks import Device, Form, Landing, at_once
from chaos.people import answers_of

if TYPE_CHECKING:
    from chaos.drafts import Draft

Work = TypeVar("Work")

_ANSWERED_WITHIN = 90.0
_LOOKS_EVERY = 0.3
ANOTHER_EMPLOYER = "Another Example Inc"


class NotAnswered(Exception):
    """The waiting page kept waiting for longer than a person does."""


@dataclass(frozen=True)
class Desk:
    """Two members of staff of one store, each at a device."""

    here: Device
    there: Device


@dataclass
class Done:
    """Everything that was clicked for one draft: at the same moment, and after the outcome was seen."""

    draft: "Draft"
    together: list[Landing]
    device: Device
    form: Form
    later: list[Landing] = field(default_factory=list)

    @property
    def landings(self) -> list[Landing]:
        return [*self.together, *self.later]

    def once_more(self) -> None:
        """The very same request as the first click."""
        self.later.append(_click(self.device, self.draft, self.form)())


Way = Callable[[Desk, "Draft"], Done]


def double_click(desk: Desk, draft: "Draft") -> Done:
    return _clicked(desk, draft, 2)


def triple_click(desk: Desk, draft: "Draft") -> Done:
    return _clicked(desk, draft, 3)


def two_tabs(desk: Desk, draft: "Draft") -> Done:
    return _from_two(desk.here, desk.here, draft)


def two_devices(desk: Desk, draft: "Draft") -> Done:
    return _from_two(desk.here, desk.there, draft)


def back_and_again(desk: Desk, draft: "Draft") -> Done:
    """Back to the check page as the browser kept it, after the outcome was seen; then the page from the server."""
    done = _clicked(desk, draft, 1)
    wait_for_answer(desk.here, draft)
    done.once_more()
    done.later.append(desk.here.open(f"{draft.path}check/"))
    return done


def old_revision(desk: Desk, draft: "Draft") -> Done:
    """The answers are changed in another tab; both tabs submit at once, and the old one again after the outcome."""
    old = _check_page(desk.here, draft)
    step = f"{draft.path}income/?return=check"
    answers = {**answers_of(0)["income"], "employer_name": ANOTHER_EMPLOYER}
    new = desk.here.send(step, {**desk.here.open(step).form("seen"), **answers}).form("revision")
    together = at_once([_click(desk.here, draft, form) for form in (old, new)])
    done = Done(draft, together, desk.here, old)
    wait_for_answer(desk.here, draft)
    done.once_more()
    return done


def replay(desk: Desk, draft: "Draft") -> Done:
    """The first click; `once_more` follows when minutes have passed."""
    return _clicked(desk, draft, 1)


WITH_OLD_ANSWERS, REPLAYED = "an old page beside a new one", "replayed minutes later"
WAYS: Mapping[str, Way] = {
    "double clicks": double_click,
    "triple clicks": triple_click,
    "two tabs": two_tabs,
    "two devices": two_devices,
    "back and submitted again": back_and_again,
    WITH_OLD_ANSWERS: old_revision,
    REPLAYED: replay,
}


def from_two_drafts(desk: Desk, one: "Draft", other: "Draft") -> tuple[Done, Done]:
    """Two associates each submit a draft of the same person."""
    forms = _check_page(desk.here, one), _check_page(desk.there, other)
    landings = at_once([_click(desk.here, one, forms[0]), _click(desk.there, other, forms[1])])
    by_draft = {draft: [it for it in landings if it.path.startswith(draft.path)] for draft in (one, other)}
    for device, draft in ((desk.here, one), (desk.there, other)):
        wait_for_answer(device, draft)
    return Done(one, by_draft[one], desk.here, forms[0]), Done(other, by_draft[other], desk.there, forms[1])


def wait_for_answer(device: Device, draft: "Draft") -> None:
    """As the waiting page does. Raises NotAnswered."""
    until = time.monotonic() + _ANSWERED_WITHIN
    while not device.is_answered(draft.path):
        if time.monotonic() > until:
            raise NotAnswered(draft.reference_id)
        time.sleep(_LOOKS_EVERY)


def at_desks(desks: Iterable[Desk], waiting: Iterable[Work], do: Callable[[Desk, Work], None]) -> None:
    """Every desk takes one piece of work after the other. What went wrong at one of them is raised at the end."""
    line: SimpleQueue[Work] = SimpleQueue()
    problems: list[Exception] = []
    for work in waiting:
        line.put(work)

    def take(desk: Desk) -> None:
        with suppress(Empty):
            while not problems:
                work = line.get_nowait()
                try:
                    do(desk, work)
                except Exception as problem:
                    problems.append(problem)

    threads = [threading.Thread(target=take, args=[desk], daemon=True) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]


def _clicked(desk: Desk, draft: "Draft", times: int) -> Done:
    form = _check_page(desk.here, draft)
    return Done(draft, at_once([_click(desk.here, draft, form)] * times), desk.here, form)


def _from_two(one: Device, other: Device, draft: "Draft") -> Done:
    forms = _check_page(one, draft), _check_page(other, draft)
    together = at_once([_click(one, draft, forms[0]), _click(other, draft, forms[1])])
    return Done(draft, together, one, forms[0])


def _check_page(device: Device, draft: "Draft") -> Form:
    return device.open(f"{draft.path}check/").form("revision")


def _click(device: Device, draft: "Draft", form: Form) -> Callable[[], Landing]:
    return lambda: device.send(f"{draft.path}submit/", form)
