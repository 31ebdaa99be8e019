"""What is drawn on a dashboard, each drawing with the rows of the table beside it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from applications.numerals import counted, duration, percent
from applications.review import charts
from applications.review.dashboard_tables import (
    BOUNDS,
    abandoned_places,
    abandoned_rows,
    comparison_rows,
    key_figures,
    outcome_rows,
    step_rows,
    steps_in_order,
    wait_names,
    wait_rows,
)
from applications.review.figures import Dashboard
from applications.review.outcomes import Layer
from applications.review.waits import Waits

_MOST_ROWS = 50


def panels(found: Dashboard) -> dict[str, Any]:
    """The context of the page."""
    now, before = found.now, found.before
    return {
        "key_figures": key_figures(now, before),
        "outcomes": now.outcomes,
        "is_empty": not now.outcomes.started,
        "outcome_rows": outcome_rows(now.outcomes, before.outcomes),
        "outcome_chart": charts.strip(now.outcomes.layers, Layer.values),
        **_over_time(found),
        **_decisions(now.decisions),
        **_steps(found.steps),
        **_abandoned(found.abandoned),
        "comparisons": list(_comparisons(found)),
    }


def _comparisons(found: Dashboard) -> Iterator[dict[str, Any]]:
    """Stores, people and languages beside each other; a single store is compared with nothing."""
    for title, column, parts in (
        (_("By store"), _("Store"), found.by_store),
        (_("By associate"), _("Associate"), found.by_associate),
        (_("By language of the customer"), _("Language"), found.by_language),
    ):
        if parts:
            left = len(parts) - _MOST_ROWS
            yield {"title": title, "column": column, "rows": comparison_rows(parts[:_MOST_ROWS]), "left": left}


def _over_time(found: Dashboard) -> dict[str, Any]:
    """Drawn where there is more than one column."""
    names = [one.short for one, _outcomes in found.over_time]
    parts = [outcomes for _one, outcomes in found.over_time]
    return {
        "time_rows": comparison_rows((one.label, outcomes) for one, outcomes in found.over_time),
        "time_chart": charts.columns(names, [one.layers for one in parts], Layer.values),
        "rate_chart": charts.line(names, [one.approval_rate for one in parts], [percent(n / 2) for n in range(3)]),
        "has_rates": sum(one.approval_rate is not None for one in parts) > 1,
        "has_columns": len(parts) > 1,
    }


def _decisions(waits: Waits) -> dict[str, Any]:
    names, numbers = wait_names(), waits.within(BOUNDS)
    told = [counted(number) for number in numbers]
    return {
        "decisions": waits.number,
        "decision_median": duration(waits.median),
        "decision_p95": duration(waits.p95),
        "decision_rows": wait_rows(waits),
        "decision_chart": charts.bars(names, numbers, told),
    }


def _steps(steps: dict[str, Waits]) -> dict[str, Any]:
    told = steps_in_order(steps)
    medians = [waits.median or 0.0 for _title, waits in told]
    chart = charts.bars(
        [title for title, _waits in told],
        medians,
        [duration(seconds) for seconds in medians],
        until=[waits.p95 or 0.0 for _title, waits in told],
    )
    return {"step_rows": step_rows(told), "step_chart": chart}


def _abandoned(abandoned: dict[str, int]) -> dict[str, Any]:
    places = abandoned_places(abandoned)
    numbers = [number for _title, number in places]
    whole = sum(numbers)
    told = [percent(number / whole) for number in numbers]
    chart = charts.bars([title for title, _number in places], numbers, told)
    return {"abandoned": counted(whole), "abandoned_rows": abandoned_rows(places), "abandoned_chart": chart}
