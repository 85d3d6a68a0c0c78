"""Questions to begin with, by domain, taken from what the catalogue can answer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assistant.present.columns import dimension_noun, lower_first
from assistant.present.format import format_period
from catalogue.catalogue import Catalogue
from catalogue.model import Metric, Parameter, VerifiedQuery

_PER_DOMAIN = 3
_DOMAINS = 3


@dataclass(frozen=True, kw_only=True)
class Examples:
    """Questions of one domain."""

    domain: str
    metrics: int
    """How many the domain has."""
    questions: tuple[str, ...]


def examples(catalogue: Catalogue) -> list[Examples]:
    """Return up to three domains with up to three questions each: verified ones first."""
    found: dict[str, list[str]] = {}
    for query in catalogue.verified:
        if question := filled_question(query, catalogue):
            found.setdefault(_domain_of(query, catalogue), []).append(question)
    for place, metric in enumerate(catalogue.metrics):
        found.setdefault(metric.domain or "", []).append(_about(metric, place, catalogue))
    ordered = sorted(found.items(), key=lambda item: -len(item[1]))[:_DOMAINS]
    held = Counter(metric.domain or "" for metric in catalogue.metrics)
    return [
        Examples(
            domain=domain or "Questions",
            metrics=held[domain],
            questions=tuple(_first(questions)),
        )
        for domain, questions in ordered
    ]


def filled_question(query: VerifiedQuery, catalogue: Catalogue) -> str | None:
    """Return a verified query's question, periods filled in; None where it needs a value."""
    if not query.questions:
        return None
    question = query.questions[0]
    for parameter in query.parameters:
        value = _value(parameter, catalogue)
        if value is None:
            return None
        question = question.replace(f"{{{parameter.name}}}", value)
    return question


def latest_day(catalogue: Catalogue) -> date | None:
    """Return the last day that any table has data for."""
    days = [day for table in catalogue.tables if (day := _day(table.as_of))]
    return max(days, default=None)


def _value(parameter: Parameter, catalogue: Catalogue) -> str | None:
    day = latest_day(catalogue)
    if parameter.type != "period" or day is None:
        return None
    return format_period(day, parameter.grain or "year")


def _day(text: str | None) -> date | None:
    try:
        return datetime.fromisoformat(text).date() if text else None
    except ValueError:
        return None


def _domain_of(query: VerifiedQuery, catalogue: Catalogue) -> str:
    names = (query.metric_query or {}).get("metrics")
    for name in names if isinstance(names, list | tuple) else ():
        if metric := catalogue.metrics_by_name.get(str(name).lower()):
            return metric.domain or ""
    return ""


def _about(metric: Metric, place: int, catalogue: Catalogue) -> str:
    """A plain question on a metric; every second one by a dimension, so that they differ."""
    if metric.needs_time or place % 2 or not metric.dimensions:
        return f"{metric.label} by month"
    known = catalogue.dimensions_by_name
    named = [name for name in metric.dimensions if name.endswith("__name")] or metric.dimensions
    dimension = known.get(named[0].lower())
    noun = dimension_noun(dimension) if dimension else "month"
    return f"{metric.label} by {lower_first(noun)}"


def _first(questions: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(questions))[:_PER_DOMAIN]
