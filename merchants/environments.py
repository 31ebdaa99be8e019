"""Which environment an address belongs to: a sandbox label on a production address would reach the credit bureau."""

from urllib.parse import urlsplit

# contract §1.1
_VENDOR_HOSTS = {
    "posapi-training.flexiti.fi": "training",
    "posapi-mi.flexiti.fi": "merchant_integration",
    "posapi.flexiti.fi": "production",
}


def environment_of(base_url: str) -> str | None:
    """The value of `Environment` for one of the vendor's hosts; None for any other host."""
    return _VENDOR_HOSTS.get(_host(base_url))


def _host(base_url: str) -> str:
    try:
        return (urlsplit(base_url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
