"""Refuse private keys, keys of this portal, and paths of one person's machine in files that git tracks."""

import re
import subprocess
import sys
from pathlib import Path

REFUSED = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a key of this portal": re.compile(
        r"\b(?:SECRET_KEY|VAULT_KEYS|VAULT_INDEX_KEY)\s*=\s*[\"']?[A-Za-z0-9+/_:-]{32,}"
    ),
    "a path of one machine": re.compile(r"(?<![\w.:/])/(?:work|tmp|root|home/\w+)/\w"),
}


def problems_in(text: str) -> list[tuple[int, str]]:
    """Line number and what is refused, for every line that holds something refused."""
    lines = enumerate(text.splitlines(), start=1)
    return [(number, what) for number, line in lines for what, pattern in REFUSED.items() if pattern.search(line)]


def main() -> int:
    """0 if no tracked text file has a problem."""
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True, text=True).stdout
    found = 0
    for name in filter(None, listed.split("\0")):
        try:
            text = Path(name).read_text()
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        for number, what in problems_in(text):
            print(f"{name}:{number}: {what}")
            found = 1
    return found


if __name__ == "__main__":
    sys.exit(main())
