"""Make database, static files and demonstration ready, in one process (Django takes a second to load).

python -m scripts.prepare --base-url http://127.0.0.1:8100/flexiti/pos-api/v2.5
"""

import argparse
import hashlib
import os
import sys
from pathlib import Path


def main() -> None:
    """Migrate, collect static files if any changed, and seed the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base-url", required=True, help="base URL of the POS API for the demonstration credential")
    base_url = parser.parse_args().base_url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "flexiti_portal.settings")

    import django
    from django.core.management import CommandError, call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    collect_static()
    try:
        call_command("seed_demo", base_url=base_url)
    except CommandError as refused:
        sys.exit(f"The demonstration cannot start with POSAPI_BASE_URL={base_url}: {refused}")


def collect_static() -> None:
    """Run collectstatic, unless the sources are those of last time: hashing and compressing takes seconds."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".sources"
    now = fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def fingerprint() -> str:
    """A digest of path, size and time of every static source file."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(["CVS", ".*", "*~"]):
            status = os.stat(storage.path(path))
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
