"""What a first start leaves to the next: the state folder, its secrets, and a lock against a second start."""

import base64
import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from vault.demonstration import demonstration_key, demonstration_secret

_LEFTOVERS_MAY_TAKE = 20.0  # seconds the children of a killed start have to end

_DATA = ("portal.sqlite3", "postgres/PG_VERSION")  # where `make run` and `make serve` keep what is encrypted


class AlreadyRunning(Exception):
    """Another start uses the same state folder."""


class SecretsLost(Exception):
    """There is data encrypted with keys that are gone."""


def _key() -> str:
    return base64.b64encode(demonstration_key()).decode()


# Nothing but a demonstration starts with these.
_MADE_BY = {
    "SECRET_KEY": demonstration_secret,
    "VAULT_KEYS": lambda: f"k1:{_key()}",
    "VAULT_INDEX_KEY": lambda: f"i1:{_key()}",
    "AUDIT_SIGNING_KEY": _key,
}
# Nothing is unreadable without these: an installation from before they were needed is given them.
_REPLACEABLE = {"AUDIT_SIGNING_KEY"}


def secrets_of(state: Path, given: Mapping[str, str]) -> dict[str, str]:
    """The secrets: from the environment, else from `secrets.env`, else made now and kept there (0600).

    What the environment gives as a file (`VAULT_KEYS_FILE`) is not among them: whoever needs it reads the file.
    """
    file = state / "secrets.env"
    kept = _read(file)
    needed = [name for name in _MADE_BY if not given.get(f"{name}_FILE")]
    missing = [name for name in needed if not given.get(name) and not kept.get(name)]
    data = next((state / name for name in _DATA if (state / name).exists()), None)
    lost = [name for name in missing if name not in _REPLACEABLE]
    if lost and data:
        raise SecretsLost(
            f"{data} holds data encrypted with keys that are gone: {', '.join(lost)} "
            f"should be in {file}. Put that file back, or remove the whole folder {state} to start afresh."
        )
    if missing:
        kept |= {name: _MADE_BY[name]() for name in missing}
        _write(file, kept)
    return {name: given.get(name) or kept[name] for name in needed}


@contextmanager
def only_start(state: Path) -> Iterator[int]:
    """Hold the state folder for one start; gives the lock's file descriptor.

    Hand the descriptor to the children: if this process is killed, the lock lasts until the last of them has
    ended, and the next start waits for that instead of meeting their ports and files. Raises AlreadyRunning.
    """
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(state / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _acquire(lock, state)
        os.truncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield lock
    finally:
        os.close(lock)


def _acquire(lock: int, state: Path) -> None:
    deadline = time.monotonic() + _LEFTOVERS_MAY_TAKE
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        owner = os.pread(lock, 20, 0).decode()
        if _is_alive(owner) or time.monotonic() > deadline:
            raise AlreadyRunning(f"The portal with its state in {state} is already running (process {owner}).")
        time.sleep(0.1)


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    lines = (line.strip() for line in file.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def _write(file: Path, values: Mapping[str, str]) -> None:
    text = "# Made at the first start. Without these keys the saved answers cannot be read: keep them.\n"
    text += "".join(f"{name}={value}\n" for name, value in values.items())
    new = file.with_suffix(".new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
        output.write(text)
    new.replace(file)
