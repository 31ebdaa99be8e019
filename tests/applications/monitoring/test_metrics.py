import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from applications.models import Application, SubmissionAttempt
from applications.monitoring import heartbeats, metrics, tallies
from applications.monitoring.models import Heartbeat
from applications.retention.purging import kept_open
from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit
from merchants.models import Circuit, SessionOutcome
from tests.factories import SAVED, CredentialFactory

pytestmark = pytest.mark.django_db


class Scraped:
    """What Prometheus makes of /metrics."""

    def __init__(self) -> None:
        self.text = metrics.text().decode()
        self.families = {family.name: family for family in text_string_to_metric_families(self.text)}

    def value(self, name: str, **labels: str) -> float | None:
        """The one sample with these labels; None when there is none."""
        samples = [sample for family in self.families.values() for sample in family.samples if sample.name == name]
        found = [sample.value for sample in samples if labels.items() <= sample.labels.items()]
        assert len(found) < 2
        return found[0] if found else None


def aged(model, seconds, *fields, **where):
    then = timezone.now() - timedelta(seconds=seconds)
    model.objects.filter(**where).update(**dict.fromkeys(fields, then))


@pytest.fixture
def submitted(ready, associate):
    """`submitted(middle_name="D-FRAUD")`: in the queue."""

    def make(**changes):
        application = ready(**changes)
        submit(application, by=associate, revision=application.revision)
        return application

    return make


def test_outcomes_are_counted_with_their_seconds(submitted):
    for key, born in (("A-RR_L", "1970-01-01"), ("A-RR_L", "1971-01-01"), ("D-FRAUD", "1972-01-01")):
        application = submitted(middle_name=key, dob=born)
        aged(SubmissionAttempt, 10, "sealed_at", application=application)
        deliver_next()
    found = Scraped()
    assert found.value("portal_submissions_total", outcome="approved") == 2
    assert found.value("portal_submissions_total", outcome="declined") == 1
    assert found.value("portal_submission_seconds_count", outcome="approved") == 2
    assert 20 < found.value("portal_submission_seconds_sum", outcome="approved") < 30
    assert found.value("portal_submission_seconds_bucket", outcome="approved", le="8.0") == 0
    assert found.value("portal_submission_seconds_bucket", outcome="approved", le="+Inf") == 2
    assert found.families["portal_submission_seconds"].type == "histogram"
    assert found.families["portal_submissions"].type == "counter"


def test_settlements_are_counted_by_how_they_came(unknown, searched):
    application = unknown("reset_after")
    searched(application, 60)
    found = Scraped()
    assert found.value("portal_submissions_total", outcome="unknown") == 1
    assert found.value("portal_settlement_seconds_count", outcome="approved", how="search") == 1
    assert 50 < found.value("portal_settlement_seconds_sum", outcome="approved", how="search") < 80


def test_what_waits_is_counted_with_the_age_of_the_oldest(submitted):
    first, _second = submitted(dob="1970-01-01"), submitted(dob="1971-01-01")
    aged(SubmissionAttempt, 100, "sealed_at", application=first)
    found = Scraped()
    assert found.value("portal_unfinished", state="queued") == 2
    assert found.value("portal_unfinished_oldest_seconds", state="queued") == pytest.approx(100, abs=5)
    aged(SubmissionAttempt, 200, "waits_since", application=first)
    found = Scraped()
    assert found.value("portal_unfinished", state="queued") == 1
    assert found.value("portal_unfinished", state="waiting") == 1
    assert found.value("portal_unfinished_oldest_seconds", state="waiting") == pytest.approx(200, abs=5)


def test_what_is_being_sent_is_counted(submitted):
    application = submitted()
    aged(SubmissionAttempt, 50, "sending_since", application=application)
    Application.objects.update(status="sending")
    found = Scraped()
    assert found.value("portal_unfinished", state="sending") == 1
    assert found.value("portal_unfinished_oldest_seconds", state="sending") == pytest.approx(50, abs=5)
    assert found.value("portal_unfinished", state="queued") == 0


def test_unknown_and_held_are_counted(unknown):
    application = unknown("reset_after")
    aged(Application, 600, "updated_at", pk=application.pk)
    found = Scraped()
    assert found.value("portal_unfinished", state="unknown") == 1
    assert found.value("portal_unfinished_oldest_seconds", state="unknown") == pytest.approx(600, abs=5)
    assert found.value("portal_unfinished", state="held") == 0
    assert found.value("portal_for_a_person") == 0
    SubmissionAttempt.objects.update(look_verdict="ambiguous")
    assert Scraped().value("portal_for_a_person") == 1


@pytest.mark.parametrize(("state", "shown"), [("open", 1), ("trial", 0.5), ("closed", 0)])
def test_circuit_is_shown_by_environment_and_merchant(credential, state, shown):
    assert Scraped().value("portal_circuit_open", environment="sandbox", merchant=str(credential.merchant_id)) == 0
    Circuit.objects.create(credential=credential, state=state)
    assert Scraped().value("portal_circuit_open", environment="sandbox", merchant=str(credential.merchant_id)) == shown


def test_refused_credential_is_shown(credential):
    assert Scraped().value("portal_credential_refused") == 0
    credential.session_outcome = SessionOutcome.REFUSED
    credential.save()
    assert Scraped().value("portal_credential_refused") == 1


def test_credential_out_of_use_is_not_shown(credential):
    credential.is_active = False
    credential.save()
    assert Scraped().value("portal_circuit_open") is None


def test_age_of_the_sweep_is_shown_and_endless_before_the_first():
    assert Scraped().value("portal_sweep_age_seconds") == float("inf")
    Heartbeat.objects.create(name=heartbeats.SWEEP, at=timezone.now() - timedelta(seconds=30))
    assert Scraped().value("portal_sweep_age_seconds") == pytest.approx(30, abs=2)


def test_what_is_kept_past_its_period_is_counted(unknown, settings):
    application = unknown("reset_after")
    months = settings.KEEP_ANSWERS_MONTHS
    aged(Application, (months - 2) * 31 * 86400, "updated_at", pk=application.pk)
    assert Scraped().value("portal_kept_although_old") == 0
    aged(Application, months * 31 * 86400, "updated_at", pk=application.pk)
    assert Scraped().value("portal_kept_although_old") == 1
    Application.objects.update(erased_at=timezone.now())
    assert Scraped().value("portal_kept_although_old") == 0


@pytest.mark.postgres
def test_what_is_kept_past_its_period_is_found_by_an_index(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "applications_to_erase" in kept_open().explain()


def test_parts_that_answer_are_up():
    found = Scraped()
    assert [found.value("portal_part_up", part=part) for part in ("database", "cache", "broker")] == [1, 1, 1]
    assert found.value("portal_broker_messages", queue="deliveries") is not None


def test_scrape_is_as_many_queries_for_many_rows_as_for_one(submitted, django_assert_max_num_queries):
    for year in range(1950, 1960):
        submitted(dob=f"{year}-01-01")
    with django_assert_max_num_queries(18):
        Scraped()


def test_nothing_of_the_applicant_or_the_secret_is_shown(submitted, unknown, credential):
    unknown("reset_after")
    submitted(dob="1970-01-01")
    text = Scraped().text
    values = [value for step in SAVED.values() for value in step.values() if len(value) > 4]
    assert not [value for value in values if value in text]
    for secret in (credential.client_id, credential.client_secret, credential.merchant.name):
        assert secret not in text
    assert not [one.reference_id for one in Application.objects.all() if one.reference_id in text]
    labels = {name for family in Scraped().families.values() for sample in family.samples for name in sample.labels}
    known = {"outcome", "how", "le", "state", "queue", "part", "environment", "merchant", "directive", "language"}
    assert labels <= known


def test_every_outcome_is_there_from_the_start():
    found = Scraped()
    for outcome in ("approved", "declined", "pending", "already_customer", "needs_correction", "failed", "unknown"):
        assert found.value("portal_submissions_total", outcome=outcome) == 0
        assert found.value("portal_contradictions_total", outcome=outcome) == 0


def test_contradicting_answer_is_counted():
    tallies.count_contradiction("declined")
    assert Scraped().value("portal_contradictions_total", outcome="declined") == 1


def test_alerts_ask_for_what_is_shown(settings):
    settings.AUDIT_WITNESSES = ["stdout"]
    asked = re.findall(r"\b(portal_\w+)(?:\{state=\"(\w+)\"\})?", Path("docs/alerts.yml").read_text())
    tallies.count_answer("approved", 1)
    CredentialFactory()
    samples = [sample for family in Scraped().families.values() for sample in family.samples]
    shown = {(sample.name, sample.labels.get("state", "")) for sample in samples}
    assert len(asked) > 15
    assert set(asked) <= shown
