"""The portal's settings, with a synchronous view behind the button (synchronous.py)."""

from flexiti_portal.settings import *  # noqa: F403

ROOT_URLCONF = "chaos.synchronous"
