"""The portal's own settings with values for tests: nothing else differs from what runs."""

import base64
import os
import tempfile
from pathlib import Path

_STATE = Path(tempfile.gettempdir()) / f"portal-tests-{os.getuid()}"
(_STATE / "static").mkdir(mode=0o700, parents=True, exist_ok=True)  # WhiteNoise warns when it is missing

for _name, _value in {
    "SECRET_KEY": "tests-only-" + "x" * 50,
    "VAULT_KEYS": "k1:" + base64.b64encode(b"tests only, vault key 32 bytes!!").decode(),
    "VAULT_INDEX_KEY": base64.b64encode(b"tests only, index key 32 bytes!!").decode(),
    "AUDIT_SIGNING_KEY": base64.b64encode(b"tests only, signing key 32 byte!").decode(),
    "CELERY_BROKER_URL": "memory://",
    "HTTPS_ONLY": "false",
    "DEMONSTRATION": "true",
    "REQUIRE_SECOND_FACTOR": "false",
    "STATE_DIR": str(_STATE),
}.items():
    os.environ.setdefault(_name, _value)

# A server of its own for every process that runs tests; tests/stack/services.py starts it there.
os.environ["CACHE_URL"] = f"unix://{_STATE / f'valkey-{os.getpid()}.sock'}?db=1"

from flexiti_portal.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
