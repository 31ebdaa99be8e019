"""To the merchant's identity provider, and back."""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_GET
from requests import RequestException

from flexiti_portal.single_sign_on import PROVIDER
from merchants.access import Action, allows
from merchants.returning import safe_next
from merchants.signing_in.single_sign_on import OpenIdAdapter, failed

# From reading an answer that no provider should give: no JSON, a list for an object, or deeper than anything.
_UNREADABLE = (AttributeError, KeyError, RecursionError, TypeError, ValueError)


@require_GET
@allows(Action.SIGN_IN)
def single_sign_on(request: HttpRequest) -> HttpResponse:
    """Begin; a link and no form, because the Content-Security-Policy lets no form lead to another host."""
    if not settings.OIDC_SERVER_URL:
        raise Http404
    nonce = get_random_string(32)
    asks_anew = {"nonce": nonce, "prompt": "login", "max_age": "0"}
    try:
        provider = get_adapter().get_provider(request, PROVIDER)
        answer: HttpResponse = provider.redirect(
            request, AuthProcess.LOGIN, next_url=safe_next(request), data={"nonce": nonce}, auth_params=asks_anew
        )
    except (RequestException, *_UNREADABLE):
        return failed(request, "unreachable")
    return answer


@require_GET
@allows(Action.SIGN_IN)
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The provider's answer."""
    if not settings.OIDC_SERVER_URL:
        raise Http404
    view = OAuth2CallbackView.adapter_view(OpenIdAdapter(request, provider_id))
    try:
        answer: HttpResponse = view(request)
    except ImmediateHttpResponse as refused:
        return refused.response
    except RequestException:
        return failed(request, "unreachable")
    except (OAuth2Error, *_UNREADABLE):
        return failed(request, "broken")
    return answer
