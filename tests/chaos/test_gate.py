"""The gate lets the look pass, then shuts."""

import pytest
import requests

from chaos.certificates import make_certificates
from chaos.gate import Gate, plainly, showing


@pytest.fixture
def lender(sandbox):
    return int(sandbox.url.rpartition(":")[2])


@pytest.fixture
def certificates(tmp_path, monkeypatch):
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", "")
    return make_certificates(tmp_path)


def ask(scheme, gate, path):
    with requests.Session() as session:
        session.trust_env = False
        return session.get(f"{scheme}://127.0.0.1:{gate.port}{path}", timeout=5).status_code


def test_gate_refuses_once_the_look_has_passed(lender):
    gate = Gate(lender, before=plainly, after=None)
    assert ask("http", gate, "/_sandbox/") == 200
    assert ask("http", gate, "/flexiti/pos-api/v2.5/client-id/x/customers/search") == 401
    with pytest.raises(requests.ConnectionError, match="refused"):
        ask("http", gate, "/_sandbox/")


def test_gate_shows_another_certificate_once_the_look_has_passed(lender, certificates):
    gate = Gate(lender, before=showing(certificates.trusted), after=showing(certificates.untrusted))
    assert ask("https", gate, "/_sandbox/") == 200
    assert ask("https", gate, "/flexiti/pos-api/v2.5/client-id/x/customers/search") == 401
    with pytest.raises(requests.exceptions.SSLError):
        ask("https", gate, "/_sandbox/")
    gate.close()


def test_gate_that_shows_a_certificate_of_nobody(lender, certificates):
    gate = Gate(lender, before=showing(certificates.untrusted), after=None)
    with pytest.raises(requests.exceptions.SSLError):
        ask("https", gate, "/_sandbox/")
    gate.close()
