"""Base URLs that may be used, and what credentials show of themselves."""

import uuid

import pytest

from posapi import Credentials, new_reference_id

PATH = "/flexiti/pos-api/v2.5"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://posapi-training.flexiti.fi" + PATH, "https://posapi-training.flexiti.fi" + PATH),
        (" https://posapi.flexiti.fi" + PATH + "/ ", "https://posapi.flexiti.fi" + PATH),
        ("http://127.0.0.1:8100" + PATH, "http://127.0.0.1:8100" + PATH),
        ("http://localhost:8100" + PATH, "http://localhost:8100" + PATH),
        ("http://[::1]:8100" + PATH, "http://[::1]:8100" + PATH),
    ],
)
def test_base_url_accepted(given: str, kept: str) -> None:
    assert Credentials(given, "id", "secret").base_url == kept


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("http://posapi.flexiti.fi" + PATH, "https"),
        ("http://127.0.0.1.example.com" + PATH, "https"),
        ("ftp://posapi.flexiti.fi" + PATH, "https"),
        ("posapi.flexiti.fi" + PATH, "https"),
        ("https://" + PATH, "host"),
        ("https://posapi%2eflexiti.fi" + PATH, "plain letters"),
        ("https://posapi\u3002flexiti.fi" + PATH, "plain letters"),
        ("https://posapi.flexiti.fi:99999" + PATH, "port"),
        ("h\r\nttps://posapi.flexiti.fi" + PATH, "one word"),
        ("https://posapi.flexiti.fi/flexiti/\tpos-api/v2.5", "one word"),
        ("https://posapi. flexiti.fi" + PATH, "one word"),
        ("https://posapi.flexiti.fi", "must end in"),
        ("https://posapi.flexiti.fi/flexiti/pos-api/v2.5.1", "must end in"),
        ("https://posapi.flexiti.fi/other" + PATH, "must end in"),
        ("https://me:hush@posapi.flexiti.fi" + PATH, "no user name"),
        ("https://posapi.flexiti.fi" + PATH + "?a=b", "no user name"),
    ],
)
def test_base_url_refused(given: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as caught:
        Credentials(given, "id", "secret")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(("client_id", "client_secret"), [("", "x"), ("x", " ")])
def test_blank_credentials_refused(client_id: str, client_secret: str) -> None:
    with pytest.raises(ValueError, match="blank"):
        Credentials("https://posapi.flexiti.fi" + PATH, client_id, client_secret)


def test_key_names_client_and_environment_without_the_secret() -> None:
    one = Credentials("https://posapi.flexiti.fi" + PATH, "id", "secret")
    assert one.key == Credentials("https://posapi.flexiti.fi" + PATH, "id", "other").key
    assert one.key != Credentials("https://posapi-mi.flexiti.fi" + PATH, "id", "secret").key
    assert one.fingerprint != Credentials("https://posapi.flexiti.fi" + PATH, "id", "other").fingerprint


def test_reference_id_is_a_guid_of_32_digits() -> None:
    reference_id = new_reference_id()
    assert uuid.UUID(reference_id).hex == reference_id
    assert new_reference_id() != reference_id
