"""The way on after a no: the nearest metrics, questions that can be answered, and whom to ask."""

from collections.abc import Sequence
from datetime import date

from catalogue.catalogue import Catalogue
from catalogue.model import Hit, Metric

_SHOWN_METRICS = 5
_SHOWN_QUESTIONS = 3


def nearest_metrics(catalogue: Catalogue, hits: Sequence[Hit]) -> list[Metric]:
    """Metrics among the hits, best first; without hits the first declared.

    Inferred ones are not searched for: the tables found stand for what is counted in them.
    """
    found = [
        metric
        for hit in hits
        if hit.kind == "metric" and (metric := catalogue.metrics_by_name.get(hit.name.lower()))
    ]
    return found or [*_counted_in(catalogue, hits), *catalogue.metrics]


def _counted_in(catalogue: Catalogue, hits: Sequence[Hit]) -> list[Metric]:
    tables = [hit.name for hit in hits if hit.kind == "table"]
    counts = {m.tables[0]: m for m in catalogue.metrics if m.aggregation == "count"}
    return [counts[name] for name in tables if name in counts]


def describe_metrics(catalogue: Catalogue, hits: Sequence[Hit]) -> str:
    """One sentence that names the nearest metrics."""
    nearest = nearest_metrics(catalogue, hits)
    labels = list(dict.fromkeys(metric.label.lower() for metric in nearest))[:_SHOWN_METRICS]
    if not labels:
        return ""
    more = " and others" if len(catalogue.metrics) > len(labels) else ""
    return f"Metrics here: {', '.join(labels)}{more}."


def suggestions(catalogue: Catalogue, hits: Sequence[Hit], today: date) -> tuple[str, ...]:
    """Questions near to the asked one that the planner answers."""
    verified = [
        query.questions[0]
        for hit in hits
        if hit.kind == "query"
        for query in catalogue.verified
        if query.id == hit.name and "{" not in query.questions[0]
    ]
    metrics = list(dict.fromkeys(nearest_metrics(catalogue, hits)))[:_SHOWN_QUESTIONS]
    asked = [
        f"{metric.label} by month"
        if metric.governed or metric.time_column
        else f"How many {metric.label.lower()} are there?"
        for metric in metrics
    ]
    return tuple(dict.fromkeys([*verified, *asked]))[:_SHOWN_QUESTIONS]


def contact_for(catalogue: Catalogue, hits: Sequence[Hit]) -> str | None:
    """Who owns the nearest thing that has an owner."""
    for hit in hits:
        owner = _owner(catalogue, hit)
        if owner:
            return owner
    return None


def _owner(catalogue: Catalogue, hit: Hit) -> str | None:
    if hit.kind == "metric" and (metric := catalogue.metrics_by_name.get(hit.name.lower())):
        return metric.owner
    if hit.kind == "table" and (table := catalogue.tables_by_name.get(hit.name.lower())):
        return table.owner
    return None
