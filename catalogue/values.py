"""The value index: which dimension or column holds 'JFK', and in how many rows.

Made from full scans, so it is shown only to askers who see the scanned tables plainly: `within`.
Columns that are sensitive, or suspected to be, are never in it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from catalogue.model import Dimension, Metric, MetricQuery, Table
from catalogue.profile import MOST_NUMBERS, MOST_VALUES

if TYPE_CHECKING:
    from catalogue.access import Grant
    from catalogue.catalogue import Catalogue
    from catalogue.warehouse import Warehouse

Values = Mapping[str, int]
_WORD = re.compile(r"\w+")


class Compiler(Protocol):
    """Compiles queries of the semantic layer to SQL."""

    def compile(self, query: MetricQuery) -> str: ...


@dataclass(frozen=True, kw_only=True)
class FactValues:
    """The values of one dimension that occur in the facts of some tables."""

    values: Mapping[str, int]
    """Value -> rows of the facts behind it."""
    tables: tuple[str, ...]
    """Full names of every table that was read to find them."""


@dataclass(frozen=True, kw_only=True)
class DimensionValues:
    """The values of one dimension, kept apart by the facts they occur in."""

    facts: tuple[FactValues, ...]

    @cached_property
    def values(self) -> Mapping[str, int]:
        """Value -> rows of all facts, the most frequent first."""
        total: Counter[str] = Counter()
        for each in self.facts:
            total.update(each.values)
        return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True, kw_only=True)
class ValueIndex:
    """Values by dimension and by column; numbers and truth values are held as text."""

    dimensions: Mapping[str, DimensionValues] = field(default_factory=dict)
    """By group-by name, lower case."""
    columns: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By `schema.table.column`, lower case."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    """Inferred dimension -> `schema.table.column` whose values it has, lower case."""

    def of_dimension(self, name: str) -> Values:
        """Return value -> rows of facts, the most frequent first; empty where not indexed."""
        if alias := self.aliases.get(name.lower()):
            return self.of_column(alias)
        found = self.dimensions.get(name.lower())
        return found.values if found else {}

    def of_column(self, name: str) -> Values:
        """Return value -> rows of `schema.table.column`, the most frequent first."""
        return self.columns.get(name.lower(), {})

    def within(self, grant: "Grant", catalogue: "Catalogue") -> "ValueIndex":
        """Drop what the grant hides, masks or filters: those counts were taken over all rows."""
        return replace(
            self,
            dimensions={
                name: replace(found, facts=seen)
                for name, found in self.dimensions.items()
                if _is_plain(catalogue.dimensions_by_name.get(name), grant, catalogue)
                and (seen := _seen(found, grant))
            },
            columns={
                name: values
                for name, values in self.columns.items()
                if grant.sees_plainly(*name.rsplit(".", 1))
            },
            aliases={
                name: column
                for name, column in self.aliases.items()
                if grant.sees_plainly(*column.rsplit(".", 1))
            },
        )


def dimension_values(
    metrics: Iterable[Metric],
    dimensions: Iterable[Dimension],
    tables: Mapping[str, Table],
    *,
    compiler: Compiler,
    warehouse: "Warehouse",
) -> dict[str, DimensionValues]:
    """Count the values of each categorical dimension in the facts it can cut.

    A value that no fact has is left out, and so is a dimension with more values than anybody
    would name. Rows are 0 where no metric counts the facts.
    """
    every = [metric for metric in metrics if not metric.needs_time]
    witnesses = _witnesses(every, compiler, warehouse)
    found = {}
    for dimension in dimensions:
        if dimension.kind != "categorical" or _is_sensitive(dimension, tables):
            continue
        facts = []
        for witness in witnesses:
            if dimension.name in witness.metric.dimensions:
                values = _counted(witness, dimension, compiler, warehouse)
                read = tuple(sorted({dimension.table, *witness.metric.tables}))
                facts.append(FactValues(values=values, tables=read))
        if any(each.values for each in facts):
            found[dimension.name.lower()] = DimensionValues(facts=tuple(facts))
    return found


@dataclass(frozen=True, kw_only=True)
class _Witness:
    """The metric that stands for the facts of some tables."""

    metric: Metric
    counts_rows: bool


def _witnesses(
    metrics: Sequence[Metric], compiler: Compiler, warehouse: "Warehouse"
) -> list[_Witness]:
    """Return, for each set of fact tables, the metric that counts the most rows.

    What others name as their basis counts rows, and so does an additive metric in the same unit.
    Facts that nothing counts have a witness for which values occur, not for how often.
    """
    bases = {metric.basis for metric in metrics if metric.basis}
    units = {(metric.unit, metric.tables) for metric in metrics if metric.name in bases}
    simple = [metric for metric in metrics if metric.kind == "simple"]
    counting: dict[tuple[str, ...], list[Metric]] = {}
    for metric in simple:
        if metric.additive and (metric.unit, metric.tables) in units:
            counting.setdefault(metric.tables, []).append(metric)
    found = [
        _Witness(metric=_largest(candidates, compiler, warehouse), counts_rows=True)
        for candidates in counting.values()
    ]
    others = {metric.tables: metric for metric in reversed(simple) if metric.tables not in counting}
    return [*found, *(_Witness(metric=each, counts_rows=False) for each in others.values())]


def _largest(candidates: list[Metric], compiler: Compiler, warehouse: "Warehouse") -> Metric:
    if len(candidates) == 1:
        return candidates[0]
    names = tuple(metric.name for metric in candidates)
    row = warehouse.query(compiler.compile(MetricQuery(metrics=names))).to_pylist()[0]
    return max(candidates, key=lambda metric: float(row.get(metric.name) or 0))


def _counted(
    witness: _Witness, dimension: Dimension, compiler: Compiler, warehouse: "Warehouse"
) -> dict[str, int]:
    metric = witness.metric
    query = MetricQuery(metrics=(metric.name,), group_by=(dimension.name,), limit=MOST_VALUES + 1)
    columns = warehouse.query(compiler.compile(query)).to_pydict()
    rows = zip(columns[dimension.name], columns[metric.name], strict=True)
    found = [
        (value, int(count or 0) if witness.counts_rows else 0)
        for value, count in rows
        if value is not None
    ]
    is_text = all(isinstance(value, str) for value, _ in found)
    if len(found) > (MOST_VALUES if is_text else MOST_NUMBERS):
        return {}
    return {as_text(value): count for value, count in found}


def _seen(found: DimensionValues, grant: "Grant") -> tuple[FactValues, ...]:
    return tuple(
        each for each in found.facts if all(grant.sees_plainly(table) for table in each.tables)
    )


def as_text(value: Any) -> str:
    """Return a value as the index holds it: truth as `true` and `false`, a whole number plainly."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _is_sensitive(dimension: Dimension, tables: Mapping[str, Table]) -> bool:
    return any(column.is_sensitive for column in _columns_of(dimension, tables))


def _columns_of(dimension: Dimension, tables: Mapping[str, Table]) -> list[Any]:
    """Return the columns a dimension reads: the words of its expression that name one."""
    table = tables.get(dimension.table.lower())
    words = {word.lower() for word in (dimension.column, *_WORD.findall(dimension.column))}
    return [column for column in table.columns if column.name.lower() in words] if table else []


def _is_plain(dimension: Dimension | None, grant: "Grant", catalogue: "Catalogue") -> bool:
    if dimension is None:
        return False
    columns = _columns_of(dimension, catalogue.tables_by_name)
    return all(grant.sees_plainly(dimension.table, column.name) for column in columns)
