"""Questions that lead on from an answer; offered only where the planner answers them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from assistant.drafting.scope import Scope
from catalogue.model import Metric, MetricQuery, Period

MOST_SHOWN = 3
_MOST_TRIED = 12
_TIME = "metric_time__"


def follow_ups(query: MetricQuery | None, scope: Scope) -> tuple[str, ...]:
    """Return up to three questions around a metric query: another cut, another period."""
    if query is None or query.where or query.having:
        return ()
    metrics = scope.catalogue.metrics_by_name
    found = [metrics[name.lower()] for name in query.metrics if name.lower() in metrics]
    if not found:
        return ()
    held: list[str] = []
    for tried, (question, meant) in enumerate(_candidates(found[0], query, scope)):
        if len(held) == MOST_SHOWN or tried == _MOST_TRIED:
            break
        if question not in held and _reads_as(question, meant, scope):
            held.append(question)
    return tuple(held)


def answerable(question: str, scope: Scope) -> bool:
    """True where the question is answered without a model: verified, or understood in full."""
    from assistant.drafting.drafter import QuestionDrafter

    return QuestionDrafter().draft(question, scope=scope).sql is not None


def _candidates(
    metric: Metric, query: MetricQuery, scope: Scope
) -> Iterator[tuple[str, MetricQuery]]:
    """Questions with what each must be read as; the most telling first."""
    when = f" in {query.period.label}" if query.period else ""
    base = MetricQuery(metrics=(metric.name,), period=query.period)
    cuts = [name for name in query.group_by if not name.startswith(_TIME)]
    if f"{_TIME}month" not in query.group_by:
        whole = replace(base, period=None, group_by=(f"{_TIME}month",))
        yield f"{metric.label} by month", whole
    before = _period_before(query.period) if query.period else None
    if before is not None:
        cut = _word(cuts[0], scope) if len(cuts) == 1 else None
        asked = f"{metric.label} by {cut}" if cut else metric.label
        grouped = tuple(cuts[:1]) if cut else ()
        yield (
            f"{asked} in {before.label}",
            replace(base, period=before, group_by=grouped),
        )
    for name in _other_cuts(metric, cuts):
        if word := _word(name, scope):
            yield f"{metric.label} by {word}{when}", replace(base, group_by=(name,))


def _other_cuts(metric: Metric, cuts: list[str]) -> list[str]:
    """Dimensions that are not in use yet; names of things before their attributes."""
    others = [name for name in metric.dimensions if name not in cuts]
    return sorted(others, key=lambda name: not name.endswith("__name"))


def _word(name: str, scope: Scope) -> str | None:
    """What a reader calls the dimension."""
    dimension = scope.catalogue.dimensions_by_name.get(name.lower())
    if dimension is None or dimension.kind == "time":
        return None
    if name.endswith("__name"):
        return dimension.entity.replace("_", " ")
    return dimension.label[:1].lower() + dimension.label[1:] if dimension.label else None


def _period_before(period: Period) -> Period | None:
    """The calendar month or year before one; None for any other span."""
    last = period.start - timedelta(days=1)
    if period.start.day != 1 or (period.end + timedelta(days=1)).day != 1:
        return None
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
    if months == 0:
        return Period(start=last.replace(day=1), end=last)
    if months == 11 and period.start.month == 1:
        return Period(start=date(last.year, 1, 1), end=last)
    return None


def _reads_as(question: str, meant: MetricQuery, scope: Scope) -> bool:
    plan = scope.planner.plan(question)
    if plan.query is None or plan.corrections:
        return False
    got = plan.query
    return (got.metrics, set(got.group_by), got.period) == (
        meant.metrics,
        set(meant.group_by),
        meant.period,
    )
