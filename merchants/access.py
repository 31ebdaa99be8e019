"""Who may do what: one table, asked by every view. A view that names no action answers nobody.

The reach of an action says whose things it touches. Selectors keep to it: they take the person first, and a thing out
of reach does not exist for them (404), so that nobody learns by asking which ids exist.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum, StrEnum, auto
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from merchants.models import Membership, Role, User
from merchants.refusing import refused, to_sign_in


class Who(StrEnum):
    """A role, or what a person is without one."""

    ANYBODY = auto()  # nobody has signed in
    NEWCOMER = auto()  # signed in, for no active merchant
    ASSOCIATE = Role.ASSOCIATE.value
    MANAGER = Role.MANAGER.value
    ADMINISTRATOR = Role.ADMINISTRATOR.value
    OPERATOR = auto()  # runs the portal: a superuser


class Reach(IntEnum):
    """Whose things an action may touch."""

    NOTHING = 0
    OWN_ACCOUNT = 1
    OWN_STORE = 2  # the one at whose counter the person stands
    OWN_STORES = 3
    OWN_MERCHANT = 4
    EVERYTHING = 5


class Action(StrEnum):
    """What somebody does with the portal."""

    SIGN_IN = auto()
    CHOOSE_LANGUAGE = auto()
    WATCH_OVER = auto()  # probes and metrics, by machines
    USE_ACCOUNT = auto()  # sign out, second factor, lock the till
    OPEN_HOME = auto()
    CHOOSE_STORE = auto()
    TAKE_APPLICATIONS = auto()
    SETTLE = auto()
    CLOSE_DAY = auto()
    REVIEW = auto()
    REVEAL = auto()
    EXPORT = auto()
    CONFIGURE = auto()  # stores, staff and credentials of a merchant
    ADD_MERCHANTS = auto()
    DJANGO_ADMIN = auto()


_PUBLIC = dict.fromkeys(Who, Reach.OWN_ACCOUNT)
_SIGNED_IN: Mapping[Who, Reach] = {who: Reach.OWN_ACCOUNT for who in Who if who != Who.ANYBODY}
_AT_THE_COUNTER = {Who.ASSOCIATE: Reach.OWN_STORE, Who.MANAGER: Reach.OWN_STORE}
_MANAGERS = {Who.MANAGER: Reach.OWN_STORES}
_ADMINISTRATORS = {Who.ADMINISTRATOR: Reach.OWN_MERCHANT, Who.OPERATOR: Reach.EVERYTHING}

TABLE: Mapping[Action, Mapping[Who, Reach]] = {
    Action.SIGN_IN: _PUBLIC,
    Action.CHOOSE_LANGUAGE: _PUBLIC,
    Action.WATCH_OVER: _PUBLIC,
    Action.USE_ACCOUNT: _SIGNED_IN,
    Action.OPEN_HOME: _SIGNED_IN,
    Action.CHOOSE_STORE: _AT_THE_COUNTER,
    Action.TAKE_APPLICATIONS: _AT_THE_COUNTER,
    Action.SETTLE: {Who.MANAGER: Reach.OWN_STORE},
    Action.CLOSE_DAY: {Who.ASSOCIATE: Reach.OWN_STORE, Who.MANAGER: Reach.OWN_STORES},
    Action.REVIEW: _MANAGERS,
    Action.REVEAL: _MANAGERS,
    Action.EXPORT: _MANAGERS,
    Action.CONFIGURE: _ADMINISTRATORS,
    Action.ADD_MERCHANTS: {Who.OPERATOR: Reach.EVERYTHING},
    Action.DJANGO_ADMIN: _ADMINISTRATORS,
}

View = Callable[..., HttpResponse]


def reach_of(user: User, membership: Membership | None, action: Action) -> Reach:
    """How far a person's action reaches; `membership` is the one under which they act now."""
    return max((TABLE[action].get(who, Reach.NOTHING) for who in who_is(user, membership)), default=Reach.NOTHING)


def who_is(user: User, membership: Membership | None) -> set[Who]:
    """A person may be more than one: an operator who also manages a store."""
    if not user.is_authenticated:
        return {Who.ANYBODY}
    found = {Who(membership.role)} if membership else set()
    if user.is_superuser:
        found.add(Who.OPERATOR)
    return found or {Who.NEWCOMER}


def _whose(action: Action) -> str:
    """The role to turn to; none where it is the associates' too."""
    roles = [who for who in TABLE[action] if who in Role.values]
    return str(roles[0]) if len(roles) == 1 else ""


def allows(action: Action) -> Callable[[View], View]:
    """Let through who may do this somewhere; the selectors of the view keep to where.

    Everybody else is asked to sign in, or reads in words that it is not theirs to do (403).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            counter = request.counter  # type: ignore[attr-defined]
            if reach_of(request.user, counter and counter.membership, action):  # type: ignore[arg-type]
                return view(request, *args, **kwargs)
            return refused(request, whose=_whose(action)) if request.user.is_authenticated else to_sign_in(request)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate
