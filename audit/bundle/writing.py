"""Putting a bundle together: the list of its files, signed, and one ZIP file that only its owner may read."""

import hashlib
import io
import os
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from audit.bundle import verifier
from audit.bundle.proofs import Files
from audit.chain import canonical, written
from audit.models import Event
from audit.signing import signing_key

KIND = "evidence-bundle-1"  # so that this signature cannot pass as that of a checkpoint
VERIFIER = "verify.py"


def complete(files: Mapping[str, bytes], last: Event, *, at: datetime) -> Files:
    """With the verifier, and with the list of all files. `last` is the last event of the chain that it holds."""
    whole = {**files, VERIFIER: verifier_source()}
    return {**whole, "manifest.json": _manifest(whole, last, at)}


def verifier_source() -> bytes:
    """The verifier as it goes into every bundle."""
    return Path(verifier.__file__).read_bytes()


def write(path: Path, files: Mapping[str, bytes], *, folder: str, at: datetime) -> None:
    """One ZIP file with everything in one folder. Raises FileExistsError rather than replace anything."""
    content = _zipped(files, folder, at)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _manifest(files: Mapping[str, bytes], last: Event, at: datetime) -> bytes:
    key = signing_key()
    manifest: dict[str, Any] = {
        "kind": KIND,
        "made_at": written(at),
        "subject_type": last.subject_type,
        "subject_id": last.subject_id,
        "files": {
            name: {"bytes": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}
            for name in sorted(files)
        },
        "key_id": key.key_id,
    }
    return canonical({**manifest, "signature": key.sign(canonical(manifest))})


def _zipped(files: Mapping[str, bytes], folder: str, at: datetime) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", at.timetuple()[:6])
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return content.getvalue()
