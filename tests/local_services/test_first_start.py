import base64
import os
import subprocess
import sys
import time

import pytest

from local_services.first_start import AlreadyRunning, SecretsLost, only_start, secrets_of
from vault.demonstration import is_no_secret, is_of_a_demonstration


def test_secrets_are_made_once_and_kept_private(tmp_path):
    made = secrets_of(tmp_path, {})
    assert secrets_of(tmp_path, {}) == made
    keys = [made["VAULT_KEYS"].removeprefix("k1:"), made["VAULT_INDEX_KEY"].removeprefix("i1:")]
    assert [is_of_a_demonstration(base64.b64decode(key)) for key in keys] == [True, True]
    assert len(made["SECRET_KEY"]) >= 50
    assert is_no_secret(made["SECRET_KEY"])
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_secrets_of_the_environment_win_and_are_not_written_down(tmp_path):
    given = {"SECRET_KEY": "given", "VAULT_KEYS": "k9:given", "VAULT_INDEX_KEY": "given", "AUDIT_SIGNING_KEY": "given"}
    assert secrets_of(tmp_path, given) == given
    assert not (tmp_path / "secrets.env").exists()


def test_secrets_that_stand_in_files_are_neither_made_nor_given_twice(tmp_path):
    names = ("SECRET_KEY", "VAULT_KEYS", "VAULT_INDEX_KEY", "AUDIT_SIGNING_KEY")
    given = {f"{name}_FILE": "/run/secrets/it" for name in names}
    assert secrets_of(tmp_path, given) == {}
    assert not (tmp_path / "secrets.env").exists()


@pytest.mark.parametrize("data", ["portal.sqlite3", "postgres/PG_VERSION"])
def test_lost_secrets_of_existing_data_stop_the_start(tmp_path, data):
    (tmp_path / data).parent.mkdir(exist_ok=True)
    (tmp_path / data).touch()
    with pytest.raises(SecretsLost, match="VAULT_KEYS"):
        secrets_of(tmp_path, {"SECRET_KEY": "given"})


def test_signing_key_is_added_to_the_secrets_of_an_older_installation(tmp_path):
    older = {name: made for name, made in secrets_of(tmp_path, {}).items() if name != "AUDIT_SIGNING_KEY"}
    (tmp_path / "secrets.env").write_text("".join(f"{name}={value}\n" for name, value in older.items()))
    (tmp_path / "portal.sqlite3").touch()
    now = secrets_of(tmp_path, {})
    assert {**now, **older} == now
    assert len(base64.b64decode(now["AUDIT_SIGNING_KEY"])) == 32
    assert secrets_of(tmp_path, {}) == now


def test_a_second_start_of_the_same_folder_is_refused(tmp_path):
    with only_start(tmp_path), pytest.raises(AlreadyRunning, match=str(os.getpid())), only_start(tmp_path):
        pass
    with only_start(tmp_path):
        pass


def test_a_start_waits_for_what_a_killed_start_left_behind(tmp_path):
    code = f"""
import os, subprocess
from pathlib import Path
from local_services.first_start import only_start
with only_start(Path({str(tmp_path)!r})) as lock:
    subprocess.Popen(["sleep", "1"], pass_fds=[lock])
    os._exit(9)
"""
    subprocess.run([sys.executable, "-c", code], check=False)
    began = time.monotonic()
    with only_start(tmp_path):
        assert time.monotonic() - began > 0.5
