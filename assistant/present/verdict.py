"""Rows -> one sentence, by the shape of the result: nothing, a total, a winner, a ranking, a range.

No number appears here that is not in the rows or in the question's own conditions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Finding
from assistant.present.columns import ResultColumn, lower_first
from assistant.present.format import counts_things, is_missing
from assistant.present.periods import partial_rows
from assistant.present.phrases import (
    data_period,
    listed,
    plural,
    singular,
)
from assistant.present.reading import Reading, basis, group, same_columns

SMALL_BASIS = 30
"""Rows behind a value below which a superlative is warned about."""
_LISTED = 3
_RANKED = 5


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One sentence in two parts, and what to warn about."""

    headline: str
    rest: str = ""
    findings: tuple[Finding, ...] = ()


def verdict(reading: Reading) -> Verdict:
    """Say what the rows say."""
    if reading.rows == 0:
        return _nothing(reading)
    if not reading.measures:
        return _plain_rows(reading)
    if not reading.keys:
        return _totals(reading) if reading.rows == 1 else _plain_rows(reading)
    if reading.rows == 1:
        return _winner(reading)
    if reading.query is not None and reading.query.limit and reading.descends() is not None:
        return _ranking(reading)
    return _groups(reading)


def _nothing(reading: Reading) -> Verdict:
    query = reading.query
    if query is None:
        return Verdict(headline="No rows match.")
    noun = _counted_noun(reading)
    scope = reading.scope if query.period or query.where else ""
    if query.having and reading.keys:
        headline = f"No {reading.groups_noun()}{reading.having}{scope}."
    elif scope:
        headline = f"No {noun} match{scope.replace(',', '', 1) if scope[0] == ',' else scope}."
    else:
        headline = f"No {noun} found."
    return Verdict(headline=headline, rest=_covered(reading))


def _covered(reading: Reading) -> str:
    """Where the period asked for lies outside the data, say what the data covers."""
    query = reading.query
    data = data_period(query, reading.catalogue) if query else None
    if query is None or data is None or query.period is None:
        return ""
    if query.period.end >= data.start and query.period.start <= data.end:
        return ""
    return f" Data covers {data.label}."


def _counted_noun(reading: Reading) -> str:
    for name in reading.query.metrics if reading.query else ():
        metric = reading.catalogue.metrics_by_name.get(name.lower())
        if metric is None:
            continue
        if counts_things(metric.unit):
            return lower_first(metric.label)
        basis = reading.catalogue.metrics_by_name.get((metric.basis or "").lower())
        if basis:
            return lower_first(basis.label)
    return "rows"


def _plain_rows(reading: Reading) -> Verdict:
    count = f"{reading.rows:,} {plural('row', reading.rows)}"
    names = listed([lower_first(column.label) for column in reading.columns[:_RANKED]])
    return Verdict(headline=count, rest=f" of {names}{_cut(reading)}.")


def _totals(reading: Reading) -> Verdict:
    first = reading.measures[0]
    if len(reading.measures) == 1 and is_missing(first.values[0]):
        return _no_value(reading, first)
    if first.metric is None:
        parts = [f"{column.label}: {column.quantity(0)}" for column in reading.measures]
        return Verdict(headline=", ".join(parts))
    if len(reading.measures) > 1:
        said = [" ".join(_said(column, 0)).strip() for column in reading.measures]
        return Verdict(headline=", ".join(said), rest=f"{reading.scope}.")
    headline, name = _said(first, 0)
    return Verdict(
        headline=headline,
        rest=f"{name and ' '}{name}{reading.scope}{_basis_words(reading, 0)}.",
        findings=_small_basis(reading, [0]),
    )


def _no_value(reading: Reading, column: ResultColumn) -> Verdict:
    if column.metric is None:
        return Verdict(headline=f"{column.label}: no value")
    if counts_things(column.unit):
        return _nothing(reading)
    rest = f" for {lower_first(column.label)}{reading.scope}: no {_counted_noun(reading)} match."
    return Verdict(headline="No value", rest=rest + _covered(reading))


def _winner(reading: Reading) -> Verdict:
    measure = reading.measures[0]
    headline, name = _said(measure, 0)
    is_superlative = reading.query is not None and reading.query.limit == 1
    place = _place(reading) if is_superlative else ""
    tied = f"; tied with {listed(names)}" if is_superlative and (names := _tied(reading)) else ""
    return Verdict(
        headline=f"{group(reading.keys, 0)}, {headline}",
        rest=f"{name and ' '}{name}{reading.scope}{place}{_basis_words(reading, 0)}{tied}.",
        findings=(*_small_basis(reading, [0]), *_partial(reading, [0])),
    )


def _place(reading: Reading) -> str:
    """The winner's place among the groups: ", the lowest of 16 airlines"."""
    descends = reading.descends()
    if descends is None:
        return ""
    rank = "highest" if descends else "lowest"
    count = len(reading.context[0].values) if reading.context else 0
    if not count:
        return f", the {rank} of any {reading.groups_noun()}{reading.having}"
    return f", the {rank} of {count:,} {reading.groups_noun(count)}{reading.having}"


def _tied(reading: Reading) -> list[str]:
    measure = reading.measures[0]
    keys = same_columns(reading.context, reading.keys)
    others = next((c for c in reading.context if c.name == measure.name), None)
    if others is None or is_missing(measure.values[0]):
        return []
    winner = group(reading.keys, 0)
    rows = [row for row, value in enumerate(others.values) if value == measure.values[0]]
    names = [name for row in rows if (name := group(keys, row)) != winner]
    return names if len(names) <= _LISTED else [f"{len(names):,} others"]


def _ranking(reading: Reading) -> Verdict:
    measure = reading.measures[0]
    headline, name = _said(measure, 0)
    rank = "highest" if reading.descends() else "lowest"
    shown = range(1, min(reading.rows, _RANKED))
    follow = [f"{group(reading.keys, row)} ({measure.number(row)})" for row in shown]
    more = reading.rows - 1 - len(follow)
    if more > 0:
        follow.append(f"{more:,} more")
    rest = f"{name and ' '}{name}{reading.scope}{reading.having}, the {rank}"
    return Verdict(
        headline=f"{group(reading.keys, 0)}, {headline}",
        rest=f"{rest}{_basis_words(reading, 0)}; then {listed(follow)}.",
        findings=(*_small_basis(reading, [0]), *_partial(reading, [0])),
    )


def _groups(reading: Reading) -> Verdict:
    measure = reading.measures[0]
    present = [row for row, value in enumerate(measure.values) if not is_missing(value)]
    if not present:
        count = f"{reading.rows:,} {reading.groups_noun(reading.rows)}"
        return Verdict(headline=count, rest=f" without a value{reading.scope}.")
    if reading.rows <= _LISTED:
        return _few(reading, measure)
    low = min(present, key=lambda row: measure.values[row])
    high = max(present, key=lambda row: measure.values[row])
    return _range(reading, low, high)


def _few(reading: Reading, measure: ResultColumn) -> Verdict:
    parts = [f"{group(reading.keys, row)} {measure.number(row)}" for row in range(reading.rows - 1)]
    last = reading.rows - 1
    headline, name = _said(measure, last)
    parts.append(f"{group(reading.keys, last)} {headline}")
    rest = f"{name and ' '}{name}{reading.scope}{reading.having}."
    rows = range(reading.rows)
    return Verdict(headline=", ".join(parts), rest=rest, findings=_small_basis(reading, list(rows)))


def _range(reading: Reading, low: int, high: int) -> Verdict:
    measure = reading.measures[0]
    count = f"{reading.rows:,} {reading.groups_noun(reading.rows)}{reading.having}"
    spread, name = _said(measure, high)
    if measure.values[low] == measure.values[high]:
        headline, ends = f"{count}, all {spread}", ""
    else:
        headline = f"{count}, {measure.number(low)} to {spread}"
        ends = f"; highest {group(reading.keys, high)}, lowest {group(reading.keys, low)}"
    return Verdict(
        headline=headline,
        rest=f"{name and ' '}{name}{reading.scope}{ends}{_cut(reading)}.",
        findings=(*_small_basis(reading, [low, high]), *_partial(reading, [low, high])),
    )


def _cut(reading: Reading) -> str:
    return "; more rows exist than are shown" if reading.truncated else ""


def _said(column: ResultColumn, row: int) -> tuple[str, str]:
    """Split a measure into its number and its name: ("54.3 %", "on-time rate").

    What is counted needs no unit beside its name: ("8,255 cancelled flights", "").
    """
    name = lower_first(column.label)
    if not counts_things(column.unit) or is_missing(column.values[row]):
        return column.quantity(row), name
    if column.values[row] == 1:
        name = singular(name, column.unit or "")
    return f"{column.number(row)} {name}", ""


def _small_basis(reading: Reading, rows: Sequence[int]) -> tuple[Finding, ...]:
    small = [
        f"{group(reading.keys, row) or 'the value'} ({found[0]:,} {found[1]})"
        for row in dict.fromkeys(rows)
        if (found := basis(reading, row)) and found[0] < SMALL_BASIS
    ]
    if not small:
        return ()
    message = f"Small basis: {listed(small)}. Such values swing by chance."
    return (Finding(level="warning", code="small_basis", message=message),)


def _partial(reading: Reading, rows: Sequence[int]) -> tuple[Finding, ...]:
    for key in reading.keys:
        if key.part != "time":
            continue
        cut = partial_rows(key, reading.query, reading.catalogue)
        named = [key.words(row) for row in dict.fromkeys(rows) if row in cut]
        if named:
            message = f"Only part of {listed(named)} lies in the period that was counted."
            return (Finding(level="warning", code="partial_period", message=message),)
    return ()


def _basis_words(reading: Reading, row: int) -> str:
    found = basis(reading, row)
    return f" ({found[0]:,} {found[1]})" if found else ""
