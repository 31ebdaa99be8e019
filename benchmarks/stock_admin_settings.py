"""The portal with a second, stock admin beside it."""

from flexiti_portal.settings import *  # noqa: F403
from flexiti_portal.settings import MIDDLEWARE

ROOT_URLCONF = "benchmarks.stock_admin"
# Its views name no action.
MIDDLEWARE = [one for one in MIDDLEWARE if not one.startswith("merchants.access_middleware")]
