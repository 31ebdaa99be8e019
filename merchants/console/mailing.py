"""Sends one-time links by e-mail, where a mail server is configured."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from merchants.console.links import Link
from merchants.models import Invitation

logger = logging.getLogger(__name__)


def can_mail() -> bool:
    """Whether there is a server to send with (EMAIL_URL)."""
    return bool(settings.EMAIL_URL)


def mail(links: Iterable[Link], *, base: str) -> set[Invitation]:
    """Those whose link was taken by the mail server; people without an e-mail address are left out.

    base: the address of the portal, such as https://portal.example. All go over one connection. A server that refuses
    or is away costs nothing but the message: an administrator hands the link over.
    """
    wanted = [link for link in links if link.invitation.user.email] if can_mail() else []
    sent: set[Invitation] = set()
    if not wanted:
        return sent
    try:
        with get_connection() as connection:
            for link in wanted:
                _message(link, base, connection).send()
                sent.add(link.invitation)
    except (SMTPException, OSError) as problem:
        logger.warning("The mail server did not take every link: %s", type(problem).__name__)
    return sent


def _message(link: Link, base: str, connection: BaseEmailBackend) -> EmailMessage:
    """In the language of the person's screen, as far as it is known."""
    person = link.invitation.user
    with override(person.language or get_language()):
        told = {"link": link, "person": person, "address": f"{base}{link.path}"}
        return EmailMessage(
            subject=_("Your access to the credit counter"),
            body=render_to_string("console/invitation.txt", told),
            to=[person.email],
            connection=connection,
        )
