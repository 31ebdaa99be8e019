"""A secret is refused before it is in the history. The examples are put together here, or they would be refused."""

import subprocess
import sys
from pathlib import Path

import pytest

from local_services.portal import ROOT
from scripts.check_tracked_files import is_never_tracked, problems_in


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN " + "EC PRIVATE KEY-----",
        "AUDIT_SIGNING" + "_KEY=" + "a1" * 22 + "=",
        "VAULT_KEYS" + '="k1:' + "a1" * 22 + '="',
        "aws = AKIA" + "ABCDEFGHIJ123456",
        "ghp" + "_" + "a1" * 18,
        "xoxb" + "-123456789012-abcdef",
        "token: eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmN",
        "DATABASE_URL=postgres://portal:" + "hunter2hunter2@db.internal/portal",
        "/home/" + "somebody/portal",
    ],
)
def test_line_with_a_secret_is_refused(line: str) -> None:
    assert problems_in(f"first line\n{line}\n")[0][0] == 2


@pytest.mark.parametrize(
    "line",
    [
        "DATABASE_URL=postgres://user:password@host/name",
        "url = f'postgres://{user}:{password}@{host}/portal'",
        'SECRET_KEY = required("SECRET_KEY", "It signs sessions")',
        "--hash=sha256:9362660c4a31150cf18e78cae2ce8aa1e929fc6c6739e69f6dd5dbea9c3edc82",
    ],
)
def test_line_without_one_passes(line: str) -> None:
    assert problems_in(line) == []


def test_files_that_hold_secrets_are_refused_by_their_names() -> None:
    refused = (".env", ".env.local", "var/secrets.env", "tls/server.pem", "id_ed25519", "portal.sqlite3", "a/b.key")
    assert all(is_never_tracked(name) for name in refused)
    assert not any(is_never_tracked(name) for name in ("vault/keys.py", "environment.md", "docs/keys.md"))


def test_commit_that_would_bring_a_secret_is_refused(tmp_path: Path) -> None:
    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    run("git", "init", "-q")
    (tmp_path / "notes.txt").write_text("ghp" + "_" + "a1" * 18)
    run("git", "add", "notes.txt")
    (tmp_path / "notes.txt").write_text("nothing any more, but git has the line")
    refused = run(sys.executable, str(ROOT / "scripts" / "check_tracked_files.py"), "--staged")
    assert (refused.returncode, refused.stdout) == (1, "notes.txt:1: a key of a cloud or a service\n")
    assert run(sys.executable, str(ROOT / "scripts" / "check_tracked_files.py")).returncode == 0
