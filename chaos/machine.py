"""Where a figure was measured: the machine without its name, and the versions of what ran."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from local_services import postgres, valkey

_PACKAGES = ("Django", "celery", "kombu", "redis", "psycopg", "gunicorn", "requests")
_ROOT = Path(__file__).resolve().parent.parent


def machine() -> dict[str, str]:
    """Processor, memory and system."""
    return {
        "processor": f"{os.cpu_count()} × {_after_colon(Path('/proc/cpuinfo'), 'model name') or platform.machine()}",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{_system()}, {platform.system()} {platform.release()}",
    }


def versions() -> dict[str, str]:
    """The commit, Python, the packages that carry a submission, and both servers."""
    return {
        "commit": _commit(),
        "Python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
        "PostgreSQL": _said_by(postgres.find_binaries() / "postgres", "--version").split()[-1],
        "Valkey": _said_by(valkey.find_server(), "--version").split("v=")[-1].split()[0],
    }


def _commit() -> str:
    """The commit that was measured; "+" when the working copy had changes beside it."""
    commit = _said_by("git", "-C", _ROOT, "rev-parse", "--short", "HEAD").strip()
    changed = _said_by("git", "-C", _ROOT, "status", "--porcelain", "--untracked-files=no").strip()
    return f"{commit}+" if changed else commit or "no repository"


def _said_by(*command: str | Path) -> str:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True).stdout


def _system() -> str:
    kept = Path("/etc/os-release")
    if not kept.exists():
        return platform.platform(terse=True)
    names = dict(line.partition("=")[::2] for line in kept.read_text().splitlines())
    return names.get("PRETTY_NAME", "").strip('"')


def _after_colon(file: Path, name: str) -> str:
    if not file.exists():
        return ""
    found = (line for line in file.read_text().splitlines() if line.startswith(name))
    return next(found, "").partition(":")[2].strip()
