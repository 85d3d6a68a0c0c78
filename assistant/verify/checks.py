"""The checks on a result, one function each, in the order of CHECKS."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.answer import Draft, Finding, Result, SafeQuery
from assistant.verify.exposures import MOST_EXPOSURES, exposure_sentence
from assistant.verify.rivals import Count, rivals_of_count
from catalogue.catalogue import Catalogue
from catalogue.values import ValueIndex

SMALL_BASIS = 30
"""A superlative over a group with fewer rows than this is said with a warning."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything a check may look at; catalogue and values are the asker's own."""

    draft: Draft
    query: SafeQuery
    result: Result
    catalogue: Catalogue
    values: ValueIndex
    context: Result | None = None
    """For a ranking, all groups in the same order."""
    count: Count = lambda _: None
    """Runs a counting query under the same grant."""


def verify(case: Case) -> tuple[Finding, ...]:
    """Run every check."""
    return tuple(finding for check in CHECKS for finding in check(case))


def _cut(case: Case) -> list[Finding]:
    if not case.result.truncated:
        return []
    rows = f"{case.result.table.num_rows:,}"
    return [
        Finding(level="warning", code="truncated", message=f"Only the first {rows} rows are shown.")
    ]


def _empty(case: Case) -> list[Finding]:
    if case.result.table.num_rows:
        return []
    return [Finding(level="warning", code="no_rows", message="No rows match.")]


def _small_basis(case: Case) -> list[Finding]:
    """Superlatives over groups: how many rows stand behind the first one."""
    query = case.draft.metric_query
    if query is None or query.limit is None or not query.order_by:
        return []
    ranked = case.catalogue.metrics_by_name.get(query.order_by[0].lstrip("-").lower())
    if ranked is None or ranked.basis is None:
        return []
    counts = _counts(case, ranked.basis)
    if not counts or min(counts) >= SMALL_BASIS:
        return []
    label = case.catalogue.metric(ranked.basis).label.lower()
    message = f"{ranked.label} rests on {min(counts)} {label} only in a group shown."
    return [Finding(level="warning", code="small_basis", message=message)]


def _counts(case: Case, basis: str) -> list[float]:
    """How many rows stand behind each group shown."""
    for rows in (case.result, case.context):
        if rows is not None and basis in rows.table.column_names:
            shown = rows.table.column(basis)[: case.result.table.num_rows]
            return [float(count) for count in shown.to_pylist() if count is not None]
    return []


def _literals(case: Case) -> list[Finding]:
    if case.draft.kind != "generated":
        return []
    from assistant.verify.literals import unknown_literals

    return [
        Finding(level="warning", code="unknown_literal", message=message)
        for message in unknown_literals(case.draft.sql or "", case.catalogue, case.values)
    ]


def _joins(case: Case) -> list[Finding]:
    if case.draft.kind != "generated":
        return []
    from assistant.verify.joins import undeclared_joins

    return [
        Finding(level="warning", code="undeclared_join", message=message)
        for message in undeclared_joins(case.draft.sql or "", case.catalogue)
    ]


def _rivals(case: Case) -> list[Finding]:
    return [
        Finding(level="info", code="rival", message=message)
        for message in rivals_of_count(case.draft, case.result, case.catalogue, case.count)
    ]


def _exposures(case: Case) -> list[Finding]:
    """A dashboard that reads everything this answer reads may show it already."""
    read = set(case.query.tables)
    shown = [each for each in case.catalogue.exposures if read and read <= set(each.tables)]
    return [
        Finding(level="info", code="exposure", message=exposure_sentence(each))
        for each in shown[:MOST_EXPOSURES]
    ]


CHECKS: tuple[Callable[[Case], list[Finding]], ...] = (
    _cut,
    _empty,
    _small_basis,
    _literals,
    _joins,
    _rivals,
    _exposures,
)
