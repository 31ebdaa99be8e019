import time

import pytest
from django.test import Client

from applications.monitoring import health, heartbeats

TOKEN = "a-token-of-the-scraper"


@pytest.fixture
def token(settings) -> str:
    settings.METRICS_TOKEN = TOKEN
    return TOKEN


def test_healthz_asks_nothing_else(client):
    answer = client.get("/healthz")  # without the mark, a query fails the test
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.fixture(autouse=True)
def unseen():
    health.forget()


@pytest.mark.django_db
def test_readyz_asks_once_a_second_however_often_it_is_asked(client, django_assert_num_queries):
    client.get("/readyz")
    heartbeats.note(heartbeats.SWEEP)
    with django_assert_num_queries(0):
        seen = [client.get("/readyz").json()["parts"]["sweep"] for _ in range(5)]
    assert seen == ["never ran"] * 5
    time.sleep(health.SEEN_FOR_SECONDS)
    assert client.get("/readyz").json()["parts"]["sweep"] == "ok"


@pytest.mark.django_db
def test_readyz_names_what_is_degraded_and_nothing_more(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["parts"]["sweep"] == "never ran"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_machines_are_not_sent_to_https_and_people_are(token, settings, path):
    client = Client()
    settings.SECURE_SSL_REDIRECT = True
    given = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    assert client.get(path, **given).status_code == 200
    assert client.get("/sign-in/").status_code == 301


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_nothing_can_be_sent_to_them(client, path):
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_metrics_do_not_exist_without_a_token(client, settings):
    settings.METRICS_TOKEN = ""
    for given in ("", "Bearer ", "Bearer"):
        assert client.get("/metrics", HTTP_AUTHORIZATION=given).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "Bearer", "Bearer no", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN} x", "Bearer é"])
def test_metrics_are_for_whoever_has_the_token(client, token, given):
    refused = client.get("/metrics", HTTP_AUTHORIZATION=given)
    assert (refused.status_code, refused.content) == (401, b"")
    assert refused["WWW-Authenticate"] == "Bearer"
    assert client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 200
