"""The line of places above the pages of managers and administrators."""

from typing import Any

from django import template
from django.template.context import RequestContext

from merchants.access import reach_of
from merchants.desk import place_of, places_for

register = template.Library()


@register.inclusion_tag("components/desk_nav.html", takes_context=True)
def desk_places(context: RequestContext) -> dict[str, Any]:
    """The places this person may open, with the one they are in marked."""
    request = context["request"]
    membership = request.counter and request.counter.membership
    match = request.resolver_match
    return {
        "places": places_for(lambda action: reach_of(request.user, membership, action)),
        "here": place_of(match.url_name or "") if match else "",
    }
