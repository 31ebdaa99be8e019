"""What the admin's front page says about connections."""

from typing import Any

from django import template

from merchants.credentials.problems import CredentialProblem
from merchants.selectors import credential_problems

register = template.Library()


@register.simple_tag(takes_context=True)
def problems_with_credentials(context: dict[str, Any]) -> list[CredentialProblem]:
    """The problems of the merchants that the person at the admin administers."""
    return credential_problems(context["request"].user)
