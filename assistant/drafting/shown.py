"""How each noun of the catalogue is written in a prompt. Text from data stays on bounded lines."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.drafting.prompting import one_line, untagged
from catalogue.catalogue import Catalogue
from catalogue.model import Column, Dimension, Metric, Relationship, Table, VerifiedQuery

_LONGEST_TABLE = 120
_LONGEST_COLUMN = 70
_LONGEST_EXAMPLE = 1_500


@dataclass(frozen=True, kw_only=True)
class Detail:
    """How much is said of each metric and dimension, in characters and synonyms."""

    metric: int
    dimension: int
    synonyms: int


FULL = Detail(metric=200, dimension=120, synonyms=3)
DETAILS = (
    FULL,
    Detail(metric=100, dimension=70, synonyms=1),
    Detail(metric=60, dimension=0, synonyms=0),
)
"""From much to little."""


def platform_text(catalogue: Catalogue) -> str:
    """Return the platform's name and conventions."""
    rules = catalogue.conventions
    parts = [
        f"Platform: {one_line(catalogue.name)}",
        f"time zone {rules.timezone}",
        f"weeks start on {rules.week_start}",
    ]
    if rules.fiscal_year_start != 1:
        parts.append(f"the fiscal year starts in month {rules.fiscal_year_start}")
    if rules.currency:
        parts.append(f"money in {one_line(rules.currency)}")
    return "; ".join(parts) + "."


def metrics_text(
    metrics: Sequence[Metric], dimensions: Sequence[Dimension], detail: Detail = FULL
) -> str:
    """Return metrics with their definitions, grouped by the dimensions they accept."""
    if not metrics:
        return "Metrics: none."
    accepted = {name for metric in metrics for name in metric.dimensions}
    by_dimensions: dict[tuple[str, ...], list[Metric]] = {}
    for metric in metrics:
        by_dimensions.setdefault(metric.dimensions, []).append(metric)
    lines = ["Dimensions:"]
    lines += [_dimension_line(each, detail) for each in dimensions if each.name in accepted]
    for names, group in by_dimensions.items():
        is_all = set(names) == accepted
        cut = "all dimensions" if is_all else ", ".join(map(one_line, names)) or "time only"
        lines.append(f"Metrics that accept {cut}:")
        lines += [_metric_line(metric, detail) for metric in group]
    return "\n".join(lines)


def table_text(table: Table, hints: Mapping[str, str]) -> str:
    """Return a table with its columns; `hints` say of a column's values what may be said."""
    head = f"{one_line(table.full_name)}{_described(table.description, _LONGEST_TABLE)}"
    return "\n".join(
        [head, *(_column_line(column, hints[column.name]) for column in table.columns)]
    )


def join_text(join: Relationship) -> str:
    """Return a join as the condition that SQL needs."""
    left = one_line(f"{join.from_table}.{join.from_column}")
    right = one_line(f"{join.to_table}.{join.to_column}")
    return f"- {left} = {right} (many to {join.many_to})"


def example_text(query: VerifiedQuery) -> str:
    """Return an approved question with its reply, in the form the model must give."""
    question = one_line(query.questions[0] if query.questions else query.id)
    reply = (
        {"action": "metric_query", **query.metric_query, "order_by": _orders(query.metric_query)}
        if query.metric_query
        else {"action": "sql", "sql": " ".join((query.sql or "").split())}
    )
    written = json.dumps({"reply": reply}, ensure_ascii=False, default=str)
    return f"Question: {question}\n{untagged(written[:_LONGEST_EXAMPLE])}"


def _orders(metric_query: Mapping[str, object]) -> list[dict[str, str]]:
    written = metric_query.get("order_by")
    names = [str(name) for name in written] if isinstance(written, list | tuple) else []
    return [
        {"by": name.lstrip("-"), "first": "highest" if name.startswith("-") else "lowest"}
        for name in names
    ]


def _dimension_line(dimension: Dimension, detail: Detail) -> str:
    return f"- {one_line(dimension.name)}{_described(dimension.description, detail.dimension)}"


def _metric_line(metric: Metric, detail: Detail) -> str:
    facts = [metric.unit or "", "" if metric.better == "neutral" else f"{metric.better} is better"]
    if metric.period_grain:
        facts.append(f"only by metric_time__{metric.period_grain}")
    told = "; ".join(one_line(fact) for fact in facts if fact)
    also = ", ".join(one_line(word) for word in metric.synonyms[: detail.synonyms])
    return (
        f"- {one_line(metric.name)}{f' ({told})' if told else ''}"
        f"{_described(metric.description, detail.metric)}{f' Also: {also}.' if also else ''}"
    )


def _column_line(column: Column, hint: str) -> str:
    unit = f" in {one_line(column.unit)}" if column.unit else ""
    told = _described(column.description, _LONGEST_COLUMN)
    return f"  {one_line(column.name)} {one_line(column.data_type)}{unit}{told}" + (
        f"; {hint}" if hint else ""
    )


def _described(description: str, at_most: int) -> str:
    text = one_line(description, at_most=at_most) if at_most else ""
    return f": {text}" if text else ""
