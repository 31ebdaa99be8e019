"""Refuse secrets, files that hold them, and paths of one person's machine.

python -m scripts.check_tracked_files            every file that git tracks
python -m scripts.check_tracked_files --staged   what the next commit would bring (scripts/hooks/pre-commit)
"""

import contextlib
import re
import subprocess
import sys
from pathlib import PurePosixPath

REFUSED = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a key of this portal": re.compile(
        r"\b(?:SECRET_KEY|VAULT_KEYS|VAULT_INDEX_KEYS?|AUDIT_SIGNING_KEY|METRICS_TOKEN|OIDC_CLIENT_SECRET"
        r"|POSAPI_CLIENT_SECRET|POSAPI_MERCHANT_PASSWORD)\s*=\s*[\"']?[A-Za-z0-9+/_:-]{32,}"
    ),
    "a key of a cloud or a service": re.compile(
        r"\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,}|glpat-[\w-]{20}"
        r"|xox[abprs]-[\w-]{10,}|AIza[\w-]{35}|sk_live_\w{16,}|SG\.[\w-]{16,}\.[\w-]{16,}|pypi-[\w-]{50,})"
    ),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a password in an address": re.compile(r"\b[a-z][a-z0-9+.-]*://[\w.-]+:(?!password@|any@)[^\s@/\"'<>{}$]{8,}@"),
    "a path of one machine": re.compile(r"(?<![\w.:/])/(?:work|tmp|root|home/\w+)/\w"),
}
# Names of files that hold secrets or an applicant's data, whatever is in them.
_NEVER_TRACKED = re.compile(
    r"(?:^|/)(?:\.env(?:\..*)?|.*secrets\.env|id_(?:rsa|ed25519|ecdsa)|.*\.(?:pem|key|p12|pfx|sqlite3|dump|sql\.gz))$"
)


def problems_in(text: str) -> list[tuple[int, str]]:
    """Line number and what is refused, for every line that holds something refused."""
    lines = enumerate(text.splitlines(), start=1)
    return [(number, what) for number, line in lines for what, pattern in REFUSED.items() if pattern.search(line)]


def is_never_tracked(name: str) -> bool:
    """Whether a file's name says that it holds secrets or data."""
    return bool(_NEVER_TRACKED.search(PurePosixPath(name).as_posix()))


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], capture_output=True, check=True).stdout  # nosec B607


def main() -> int:
    """0 if no file has a problem. What is looked at is what git has of it, not what lies in the folder."""
    staged = "--staged" in sys.argv[1:]
    listed = ("diff", "--cached", "--name-only", "--diff-filter=d", "-z") if staged else ("ls-files", "-z")
    found = 0
    for name in filter(None, _git(*listed).decode().split("\0")):
        problems = [(0, "a file that holds secrets or data")] if is_never_tracked(name) else []
        with contextlib.suppress(UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            problems += problems_in(_text_of(name, staged=staged))
        for number, what in problems:
            print(f"{name}:{number}: {what}")
            found = 1
    return found


def _text_of(name: str, *, staged: bool) -> str:
    if staged:
        return _git("show", f":{name}").decode()
    with open(name) as file:
        return file.read()


if __name__ == "__main__":
    sys.exit(main())
