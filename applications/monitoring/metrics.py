"""The figures in Prometheus' format, read at each scrape: whichever web process answers speaks for all processes.

Labels are words of this code, an environment, the merchant's id and what the settings call a witness; never anything
of an applicant.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from django.db import DatabaseError, InterfaceError
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from applications.monitoring import browser_reports, figures, health, heartbeats, set_back, tallies
from applications.monitoring.broker import messages_waiting
from applications.statuses import MOVES, Status
from audit import figures as evidence
from merchants.models import CircuitState

QUEUES = ("deliveries", "upkeep")
_OUTCOMES = tuple(str(move.after) for move in MOVES if move.before == Status.SENDING and move.after != Status.QUEUED)


class Portal(Collector):
    """Everything that /metrics shows."""

    def collect(self) -> Iterator[Metric]:
        from_the_rows: list[Metric] = []
        database = 1
        try:
            from_the_rows = [*_outcomes(), *_settlements(), *_standing(), *_lender(), *_sweep(), _browsers(), _terms()]
            from_the_rows += [*_evidence(), *_of_others()]
        except (DatabaseError, InterfaceError):
            database = 0
        waiting = {queue: messages_waiting(queue) for queue in QUEUES}
        yield from from_the_rows
        yield from _broker(waiting)
        yield _parts(database=database, broker=int(None not in waiting.values()))


def text() -> bytes:
    """What /metrics answers."""
    registry = CollectorRegistry()
    registry.register(Portal())
    return generate_latest(registry)


def _outcomes() -> Iterator[Metric]:
    total = CounterMetricFamily("portal_submissions", "Submissions that came to an outcome.", labels=["outcome"])
    seconds = HistogramMetricFamily(
        "portal_submission_seconds", "From the submission at the counter to its outcome.", labels=["outcome"]
    )
    answered = tallies.observed(tallies.ANSWERED)
    _add_counts(total, answered)
    for (outcome, _how), observed in answered.items():
        seconds.add_metric([outcome], _buckets(observed), observed.seconds)
    yield total
    yield seconds


def _settlements() -> Iterator[Metric]:
    seconds = HistogramMetricFamily(
        "portal_settlement_seconds", "From an unknown outcome to its settlement.", labels=["outcome", "how"]
    )
    for (outcome, how), observed in tallies.observed(tallies.SETTLED).items():
        seconds.add_metric([outcome, how], _buckets(observed), observed.seconds)
    yield seconds
    contrary = CounterMetricFamily(
        "portal_contradictions", "Late answers that say otherwise than what was settled.", labels=["outcome"]
    )
    _add_counts(contrary, tallies.observed(tallies.CONTRADICTED))
    yield contrary


def _add_counts(
    family: CounterMetricFamily,
    observed: Mapping[tuple[str, str], tallies.Observed],
    of: Iterable[str] = _OUTCOMES,
) -> None:
    """Each of them from the start: Prometheus sees no increase from nothing to one."""
    for label in of:
        found = observed.get((label, ""))
        family.add_metric([label], found.count if found else 0)


def _standing() -> Iterator[Metric]:
    submissions = {**figures.submissions(), "unknown": figures.unknown()}
    yield from _rows("portal_unfinished", "Submissions without a known outcome", submissions)
    yield from _rows("portal_cancellations", "Cancellations without a known outcome", figures.cancellations())
    yield GaugeMetricFamily(
        "portal_for_a_person", "Unknown outcomes over which a search cannot decide.", figures.for_a_person()
    )


def _lender() -> Iterator[Metric]:
    labels = ["environment", "merchant"]
    circuits = GaugeMetricFamily(
        "portal_circuit_open", "1: the lender does not answer; 0.5: answering again, on trial.", labels=labels
    )
    refused = GaugeMetricFamily("portal_credential_refused", "1: the lender refuses the credential.", labels=labels)
    how_open = {CircuitState.CLOSED: 0.0, CircuitState.TRIAL: 0.5, CircuitState.OPEN: 1.0}
    for connection in figures.connections():
        label = [connection.environment, connection.merchant_id]
        circuits.add_metric(label, how_open[CircuitState(connection.circuit)])
        refused.add_metric(label, int(connection.is_refused))
    yield circuits
    yield refused


def _sweep() -> Iterator[Metric]:
    for name in (heartbeats.SWEEP, heartbeats.PURGE):
        age = heartbeats.age(name)
        seconds = float("inf") if age is None else age
        yield GaugeMetricFamily(f"portal_{name}_age_seconds", f"Since the {name} last ran.", seconds)
    told = "1: nothing is sent, because the database was set back or moved."
    yield GaugeMetricFamily("portal_sending_held_back", told, int(set_back.is_set_back()))


def _browsers() -> Metric:
    told = "Reports of browsers that a page broke its Content-Security-Policy."
    total = CounterMetricFamily("portal_browser_reports", told, labels=["directive"])
    _add_counts(total, tallies.observed(tallies.BROWSER_REPORT), browser_reports.DIRECTIVES)
    return total


def _terms() -> Metric:
    told = "Terms shown in part: not every word of them was on the page, or something embedded in them was not."
    total = CounterMetricFamily("portal_terms_in_part", told, labels=["language"])
    _add_counts(total, tallies.observed(tallies.TERMS_IN_PART), ("en", "fr"))
    return total


def _evidence() -> Iterator[Metric]:
    told = "Since the oldest event that no signed checkpoint covers."
    yield GaugeMetricFamily("portal_evidence_unsigned_seconds", told, evidence.unsigned_for())
    failing = GaugeMetricFamily(
        "portal_witness_failing_seconds", "Since a witness takes no checkpoints; 0: it does.", labels=["witness"]
    )
    for label, seconds in evidence.witnesses_failing_for().items():
        failing.add_metric([label], seconds)
    yield failing


def _of_others() -> Iterator[Metric]:
    for told in figures.told_by_others():
        yield GaugeMetricFamily(told.name, told.what, told.count())


def _broker(waiting: dict[str, int | None]) -> Iterator[Metric]:
    messages = GaugeMetricFamily("portal_broker_messages", "Messages that no worker has taken yet.", labels=["queue"])
    for queue, count in waiting.items():
        if count is not None:
            messages.add_metric([queue], count)
    yield messages


def _parts(*, database: int, broker: int) -> Metric:
    up = GaugeMetricFamily("portal_part_up", "1: it answers.", labels=["part"])
    up.add_metric(["database"], database)
    up.add_metric(["broker"], broker)
    up.add_metric(["cache"], int(health.cache_answers() == health.OK))
    return up


def _rows(name: str, what: str, rows: dict[str, figures.Row]) -> Iterator[Metric]:
    count = GaugeMetricFamily(name, f"{what}.", labels=["state"])
    oldest = GaugeMetricFamily(f"{name}_oldest_seconds", f"{what}: since when the oldest.", labels=["state"])
    for state, row in rows.items():
        count.add_metric([state], row.count)
        oldest.add_metric([state], row.oldest)
    yield count
    yield oldest


def _buckets(observed: tallies.Observed) -> list[tuple[str, float]]:
    bounds = [*(str(float(bound)) for bound in tallies.BOUNDS), "+Inf"]
    return list(zip(bounds, accumulate(observed.buckets), strict=True))
