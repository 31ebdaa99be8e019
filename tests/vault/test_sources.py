import base64
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from flexiti_portal.settings import required
from vault.keys import encryption_keys, keyring

KEY_1, KEY_2 = bytes(range(32)), bytes(range(32, 64))


def encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


class Safe:
    """What a key management service of one's own looks like to the vault."""

    def encryption_keys(self) -> str:
        return f"s1:{encoded(KEY_1)}"

    def index_keys(self) -> str:
        return encoded(KEY_2)


def test_keys_of_a_source_of_ones_own(settings: pytest.FixtureRequest) -> None:
    settings.VAULT_KEY_SOURCE = f"{__name__}.Safe"
    settings.VAULT_KEYS = ""
    assert keyring().seal(b"a secret", context="here").startswith("v1.s1.")


def test_source_that_does_not_exist(settings: pytest.FixtureRequest) -> None:
    settings.VAULT_KEY_SOURCE = "vault.sources.Nothing"
    with pytest.raises(ImproperlyConfigured, match="VAULT_KEY_SOURCE names no class"):
        keyring()


def test_keys_of_a_file_may_stand_one_on_a_line(settings: pytest.FixtureRequest) -> None:
    settings.VAULT_KEYS = f"k2:{encoded(KEY_2)}\r\nk1:{encoded(KEY_1)}\n"
    assert dict(encryption_keys()) == {"k2": KEY_2, "k1": KEY_1}


def test_required_reads_the_file_that_the_environment_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("k1:from the file\n")
    monkeypatch.setenv("OF_A_TEST", "k1:from the environment")
    monkeypatch.setenv("OF_A_TEST_FILE", str(file))
    assert required("OF_A_TEST", "It is needed.") == "k1:from the file"


def test_required_file_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANOTHER_OF_A_TEST_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match=r"^ANOTHER_OF_A_TEST_FILE cannot be read: No such file"):
        required("ANOTHER_OF_A_TEST", "It is needed.")
