"""Statistics of tables, in engine-neutral SQL through the warehouse port.

One query for counts and ranges, one for the values of columns that have few. Of a column
that is sensitive, or suspected to be, no value leaves the warehouse, not even its range.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from catalogue.model import Column, ColumnProfile, Table
from catalogue.warehouse import Warehouse, quoted

MOST_VALUES = 5_000
"""Distinct values up to which a text column's values are counted."""
MOST_NUMBERS = 200
TOP_VALUES = 10
COLUMNS_AT_ONCE = 50
"""Columns per query: wide tables must not need more memory than others."""
LONGEST_VALUE = 200
"""Characters after which a value is text to read, not a value to ask for."""
_TEXT = ("VARCHAR", "ENUM", "UUID")
_ORDERED = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
    "UBIGINT", "UHUGEINT", "DECIMAL", "FLOAT", "DOUBLE", "DATE", "TIME", "TIMESTAMP", "INTERVAL",
)  # fmt: skip
_COUNTABLE = ("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A table with its statistics, and the values of its columns that have few."""

    table: Table
    values: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Value -> rows, by column."""


def profile(table: Table, warehouse: Warehouse) -> Profile:
    """Return the table with row count, ranges, top values, as-of and time of the last load."""
    statistics = _statistics(table, warehouse)
    row_count = int(statistics["row_count"])
    few = [
        column
        for position, column in enumerate(table.columns)
        if 0 < (statistics.get(f"distinct_{position}") or 0) <= most_values(column)
    ]
    values = _values(table, few, warehouse)
    columns = tuple(
        replace(column, profile=_column_profile(position, column, statistics, values))
        for position, column in enumerate(table.columns)
    )
    profiled = replace(
        table,
        columns=columns,
        row_count=row_count,
        as_of=_latest(table, table.event_time, statistics),
        last_loaded=_latest(table, table.loaded_at, statistics),
    )
    return Profile(table=profiled, values=values)


def most_values(column: Column) -> int:
    """Return up to how many distinct values a column's values are worth counting; 0 for none."""
    if column.is_sensitive:
        return 0
    if is_text(column):
        return MOST_VALUES
    return MOST_NUMBERS if base_type(column) in _COUNTABLE else 0


def is_text(column: Column) -> bool:
    """True where the column holds text that a question may name."""
    return base_type(column) in _TEXT


def _statistics(table: Table, warehouse: Warehouse) -> dict[str, Any]:
    found: dict[str, Any] = {}
    numbered = list(enumerate(table.columns))
    for start in range(0, max(len(numbered), 1), COLUMNS_AT_ONCE):
        wanted = ["count(*) AS row_count"]
        for position, column in numbered[start : start + COLUMNS_AT_ONCE]:
            wanted += _measures(position, column)
        sql = f"SELECT {', '.join(wanted)} FROM {quoted(table.schema, table.name)}"
        found.update(warehouse.query(sql).to_pylist()[0])
    return found


def _measures(position: int, column: Column) -> list[str]:
    name = quoted(column.name)
    wanted = [f"count({name}) AS present_{position}"]
    if _is_plain(column):
        wanted.append(f"approx_count_distinct({name}) AS distinct_{position}")
    if _has_range(column):
        wanted.append(f"CAST(min({name}) AS VARCHAR) AS minimum_{position}")
        wanted.append(f"CAST(max({name}) AS VARCHAR) AS maximum_{position}")
    return wanted


def _values(
    table: Table, columns: Sequence[Column], warehouse: Warehouse
) -> dict[str, dict[str, int]]:
    """Count the values of columns, each read once; a view is computed once for many of them."""
    found: dict[str, dict[str, int]] = {}
    for start in range(0, len(columns), COLUMNS_AT_ONCE):
        some = columns[start : start + COLUMNS_AT_ONCE]
        counted = warehouse.query(_counting(table, some)).to_pydict()
        values: list[dict[str, int]] = [{} for _ in some]
        for which, value, rows in zip(
            counted["which"], counted["value"], counted["row_count"], strict=True
        ):
            if value is not None:
                values[which][value] = int(rows)
        found.update(
            (column.name, _by_count(each))
            for column, each in zip(some, values, strict=True)
            if _is_worth_keeping(column, each)
        )
    return found


def _counting(table: Table, columns: Sequence[Column]) -> str:
    source = quoted(table.schema, table.name)
    names = [quoted(column.name) for column in columns]
    head = ""
    if table.kind == "view":
        head, source = f"WITH viewed AS (SELECT {', '.join(names)} FROM {source}) ", "viewed"
    return head + " UNION ALL ".join(
        f"SELECT {i} AS which, CAST({name} AS VARCHAR) AS value, count(*) AS row_count "
        f"FROM {source} GROUP BY {name}"
        for i, name in enumerate(names)
    )


def _is_worth_keeping(column: Column, values: Mapping[str, int]) -> bool:
    """The first scan only estimates, and a column of long texts is prose."""
    longest = max(map(len, values), default=0)
    return len(values) <= most_values(column) and longest <= LONGEST_VALUE


def _by_count(values: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(values.items(), key=lambda pair: (-pair[1], pair[0])))


def _column_profile(
    position: int,
    column: Column,
    statistics: Mapping[str, Any],
    values: Mapping[str, Mapping[str, int]],
) -> ColumnProfile:
    counted = values.get(column.name)
    present = int(statistics[f"present_{position}"])
    estimate = statistics.get(f"distinct_{position}")
    distinct = len(counted) if counted is not None else estimate and min(estimate, present)
    has_range = _has_range(column)
    return ColumnProfile(
        nulls=int(statistics["row_count"]) - present,
        distinct=distinct,
        minimum=_short(statistics[f"minimum_{position}"]) if has_range else None,
        maximum=_short(statistics[f"maximum_{position}"]) if has_range else None,
        top_values=tuple(list((counted or {}).items())[:TOP_VALUES]),
    )


def _latest(table: Table, name: str | None, statistics: Mapping[str, Any]) -> str | None:
    """Return the latest value of a declared time column, ISO 8601."""
    for position, column in enumerate(table.columns):
        if name and column.name.lower() == name.lower():
            value = statistics.get(f"maximum_{position}")
            return iso(value) if value else None
    return None


def iso(value: str) -> str:
    """Return a warehouse's text of a date or time as ISO 8601; other text as it is."""
    if value[10:11] != " ":
        return value
    try:
        return datetime.fromisoformat(value).isoformat()
    except ValueError:
        return value


def _short(value: str | None) -> str | None:
    return value if value is None or len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"


def _has_range(column: Column) -> bool:
    return not column.is_sensitive and (is_text(column) or base_type(column) in _ORDERED)


def _is_plain(column: Column) -> bool:
    return is_text(column) or base_type(column) in _ORDERED or base_type(column) == "BOOLEAN"


def base_type(column: Column) -> str:
    """Return a type's name without its arguments; a nested type has none."""
    spelled = column.data_type.upper()
    if spelled.endswith("]"):
        return "LIST"
    return spelled.partition("(")[0].partition(" ")[0]
