"""The product's settings, but for a sign-in that costs no half second of a processor: thousands are made in a run."""

from flexiti_portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
