"""Tells a merchant's administrators by e-mail that a credential stopped passing its check, or passes it again.

Once for each change, and never what the message would have to keep secret: it names the merchant and the environment.
"""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from merchants.models import CredentialCheck, Language, Merchant, Role, User

logger = logging.getLogger(__name__)


def tell_of_change(check: CredentialCheck) -> None:
    """Write to the administrators if this check came out otherwise than the one before. Never raises for the mail."""
    if not settings.EMAIL_URL or not is_change(check):
        return
    people = administrators_of(check.credential.merchant)
    try:
        with get_connection() as connection:
            for person in people:
                with override(person.language or Language.ENGLISH):
                    _message(check, person, connection).send()
    except (SMTPException, OSError) as problem:
        logger.warning("The mail server did not take every message: %s", type(problem).__name__)


def is_change(check: CredentialCheck) -> bool:
    """Whether the check before it came out otherwise; without one, whether it failed."""
    earlier = check.credential.checks.filter(checked_at__lt=check.checked_at).order_by("-checked_at").first()
    return not check.has_passed if earlier is None else earlier.has_passed != check.has_passed


def administrators_of(merchant: Merchant) -> list[User]:
    """Those who can be written to."""
    memberships = merchant.memberships.filter(role=Role.ADMINISTRATOR, user__is_active=True).exclude(user__email="")
    return [membership.user for membership in memberships.select_related("user")]


def _message(check: CredentialCheck, person: User, connection: object) -> EmailMessage:
    subject, text = _words(check)
    told = {
        "person": person,
        "environment": check.credential.get_environment_display(),
        "merchant": check.credential.merchant,
        "reference": check.reference_id,
    }
    return EmailMessage(subject % told, text % told, to=[person.email], connection=connection)  # type: ignore[arg-type]


def _words(check: CredentialCheck) -> tuple[str, str]:
    if check.has_passed:
        return (
            _("%(merchant)s, %(environment)s: the connection to Flexiti works again"),
            _(
                "Hello %(person)s,\n\nThe credential of %(merchant)s for %(environment)s has passed its check again. "
                "There is nothing to do.\n"
            ),
        )
    return (
        _("%(merchant)s, %(environment)s: the connection to Flexiti does not pass its check"),
        _(
            "Hello %(person)s,\n\nThe credential of %(merchant)s for %(environment)s has failed its check, so "
            "applications may not go out. Sign in to the portal, open the merchant’s credentials, and see which step "
            "failed and what to do about it.\n\nReference for Flexiti: %(reference)s\n"
        ),
    )
