"""The merchant's own identity provider, as django-allauth wants to be told of it."""

from typing import Any

PROVIDER = "sso"


def providers(server_url: str, client_id: str, secret: str, name: str) -> dict[str, Any]:
    """SOCIALACCOUNT_PROVIDERS for one OpenID provider; none without an address."""
    if not server_url:
        return {}
    app = {
        "provider_id": PROVIDER,
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": server_url, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}
