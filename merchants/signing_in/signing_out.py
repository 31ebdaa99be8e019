"""Ending every session of a person, whatever browser it is in."""

from collections.abc import Iterator

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from merchants.models import User

_AT_ONCE = 500


def sign_out_everywhere(person: User, *, but: str | None = None) -> int:
    """Delete the sessions of this person, also those that still wait for a second factor; how many there were.

    `but` is the key of the one that goes on.

    Sessions are not filed by person, so all live ones are read: some thousands at most, in the morning of a chain.
    """
    keys = [key for key in _sessions_of(person) if key != but]
    for begin in range(0, len(keys), _AT_ONCE):
        Session.objects.filter(session_key__in=keys[begin : begin + _AT_ONCE]).delete()
    return len(keys)


def _sessions_of(person: User) -> Iterator[str]:
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator(_AT_ONCE):
        kept = session.get_decoded()
        half_way = kept.get(LOGIN_SESSION_KEY) or {}
        if str(person.pk) in (kept.get(SESSION_KEY), str(half_way.get("user_pk"))):
            yield session.session_key
