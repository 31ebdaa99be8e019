"""The age of a sign-in, for tests of pages that ask for a recent one."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.contrib.auth import SESSION_KEY
from django.test import Client


def sign_in_again(client: Client) -> None:
    """The person signed in proves who they are now, as if on the page that asks for it."""
    _proved(client, seconds_ago=0)


def signed_in_long_ago(client: Client, *, seconds: float = 3600) -> None:
    """Nothing was proved in this session since so many seconds."""
    _proved(client, seconds_ago=seconds)


def _proved(client: Client, *, seconds_ago: float) -> None:
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - seconds_ago}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = session[SESSION_KEY]
    session.save()
