"""A result read for speaking of it: its keys, its measures, its scope, and the basis of a value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.answer import Draft, Result
from assistant.present.columns import ResultColumn, lower_first, read_columns
from assistant.present.format import is_missing
from assistant.present.phrases import having_phrase, listed, plural, scope_phrase
from catalogue.catalogue import Catalogue
from catalogue.model import MetricQuery


def read(
    *, draft: Draft, result: Result, catalogue: Catalogue, context: Result | None = None
) -> "Reading":
    """Read a result; `context` are the rows of the same query without its limit."""
    query = draft.metric_query
    return Reading(
        query=query,
        catalogue=catalogue,
        columns=read_columns(result, query, catalogue),
        context=read_columns(context, query, catalogue) if context else (),
        truncated=result.truncated,
    )


_ENOUGH_ROWS = 3
"""Fewer rows cannot show that two columns say the same."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A result with everything that is needed to speak of it."""

    query: MetricQuery | None
    catalogue: Catalogue
    columns: tuple[ResultColumn, ...]
    context: tuple[ResultColumn, ...] = ()
    """The columns of the same query without its limit."""
    truncated: bool = False

    @cached_property
    def rows(self) -> int:
        return len(self.columns[0].values) if self.columns else 0

    @cached_property
    def keys(self) -> tuple[ResultColumn, ...]:
        found = [c for c in self.columns if c.part in ("time", "category")]
        return tuple(c for at, c in enumerate(found) if not self._repeats(c, found[:at]))

    def _repeats(self, column: ResultColumn, before: Sequence[ResultColumn]) -> bool:
        """True where a column only spells an earlier one another way: an airport and its code."""
        everything = self.context or self.columns
        by_name = {each.name: each.values for each in everything}
        own = by_name.get(column.name, ())
        if len(own) < _ENOUGH_ROWS:
            return False
        return any(
            len(set(zip(by_name.get(other.name, ()), own, strict=False)))
            == len(set(own))
            == len(set(by_name.get(other.name, ())))
            for other in before
        )

    @cached_property
    def measures(self) -> tuple[ResultColumn, ...]:
        """What was asked for; a basis that only stands beside the first is left out."""
        found = [c for c in self.columns if c.part == "measure"]
        basis = found[0].metric.basis if found and found[0].metric else None
        return tuple(c for c in found[:1] + [c for c in found[1:] if c.name != basis])

    def of_context(self) -> "Reading":
        """The reading of the context in place of the result; itself where there is none."""
        return replace(self, columns=self.context, context=()) if self.context else self

    @property
    def scope(self) -> str:
        return scope_phrase(self.query, self.catalogue) if self.query else ""

    @property
    def having(self) -> str:
        if self.query is None or not self.query.having:
            return ""
        phrases = [having_phrase(condition, self.catalogue) for condition in self.query.having]
        return f" with {listed(phrases)}"

    def groups_noun(self, count: int = 1) -> str:
        """What the groups are called after that count: airlines, pairs of airline and month."""
        nouns = [key.noun for key in self.keys]
        if len(nouns) == 1 or (count == 1 and nouns):
            return plural(listed(nouns), count)
        together = "pair" if len(nouns) == 2 else "combination"
        return f"{plural(together, count)} of {listed(nouns)}" if nouns else plural("row", count)

    def descends(self) -> bool | None:
        """True or False where the first measure orders the rows; None where it does not."""
        first = self.query.order_by[0] if self.query and self.query.order_by else ""
        if not self.measures or first.lstrip("-") != self.measures[0].name:
            return None
        return first.startswith("-")


def group(keys: Sequence[ResultColumn], row: int) -> str:
    """Name the group in that row."""
    return ", ".join(_member(key, row) for key in keys)


def _member(key: ResultColumn, row: int) -> str:
    """A bare number needs its noun: "scheduled hour 6"."""
    words = key.words(row)
    return f"{key.noun} {words}" if words.isdigit() and not key.grain else words


def same_columns(
    columns: Sequence[ResultColumn], wanted: Sequence[ResultColumn]
) -> list[ResultColumn]:
    """Return those of the columns that carry the names of the wanted ones."""
    names = {column.name for column in wanted}
    return [column for column in columns if column.name in names]


def basis(reading: Reading, row: int) -> tuple[int, str] | None:
    """Return how many rows stand behind the first measure in that row, and their name."""
    metric = reading.measures[0].metric
    if metric is None or not metric.basis or metric.basis == metric.name:
        return None
    label = reading.catalogue.metrics_by_name.get(metric.basis.lower())
    column, at = _basis_cell(reading, metric.basis, row)
    if label is None or column is None or is_missing(column.values[at]):
        return None
    return int(column.values[at]), lower_first(label.label)


def _basis_cell(reading: Reading, name: str, row: int) -> tuple[ResultColumn | None, int]:
    for column in reading.columns:
        if column.name == name:
            return column, row
    found = next((c for c in reading.context if c.name == name), None)
    keys = same_columns(reading.context, reading.keys)
    wanted = [key.values[row] for key in reading.keys]
    for at in range(len(found.values) if found else 0):
        if [key.values[at] for key in keys] == wanted:
            return found, at
    return None, 0
