"""Django's deployment checks in a production machine's environment, and whether migrations are complete."""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = (
    ("check", "--deploy", "--fail-level", "WARNING"),
    ("makemigrations", "--check", "--dry-run"),
)


def production_environment(state: str) -> dict[str, str]:
    """What docs/configuration.md asks of a production machine, with keys made for this check."""

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "flexiti_portal.settings",
        "STATE_DIR": state,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAULT_KEYS": f"k1:{key()}",
        "VAULT_INDEX_KEY": key(),
        "AUDIT_SIGNING_KEY": key(),
        "ALLOWED_HOSTS": "portal.example",
        "CACHE_URL": "redis://127.0.0.1:6379/1",
        "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
    }


def main() -> int:
    """0 if everything passes."""
    with tempfile.TemporaryDirectory() as state:
        environment = production_environment(state)
        for command in COMMANDS:
            arguments = [sys.executable, "manage.py", *command]
            code = subprocess.run(arguments, cwd=ROOT, env=environment).returncode
            if code:
                return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
