"""Some values of every column of a table, read through the warehouse port; they go no further."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from catalogue.model import Column, Table
from catalogue.warehouse import Warehouse, quoted

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS_AT_ONCE = 50
ROWS = 500
"""Rows per column that are not NULL, from the head of the table."""
WITNESSES = 20
"""Values with an @ from anywhere in the table: a rare address in a note is found too."""
LONGEST = 1_000
MOST_OF_A_VIEW = 600
"""Rows that a first look lets a view compute."""
_SKIPPED = (
    "BOOLEAN", "TINYINT", "SMALLINT", "UTINYINT", "USMALLINT", "FLOAT", "DOUBLE", "TIME",
    "INTERVAL", "BLOB", "BIT",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Values of one column with the rows they stand in."""

    values: Mapping[str, int] = field(default_factory=dict)
    witnesses: tuple[str, ...] = ()


def samples(
    table: Table, columns: Sequence[Column], warehouse: Warehouse, *, rows: int
) -> dict[str, Sample]:
    """Return a sample by column name; columns whose type can hold nothing personal have none."""
    return _by_columns(columns, lambda some: _read(table, some, warehouse, rows))


def first_samples(
    table: Table, columns: Sequence[Column], warehouse: Warehouse, *, rows: int
) -> dict[str, Sample]:
    """Return smaller samples for a first look: from the head alone, in a quarter of the time."""
    return _by_columns(columns, lambda some: _read_head(table, some, warehouse, rows))


def _by_columns(
    columns: Sequence[Column], read: Callable[[Sequence[Column]], dict[str, Sample]]
) -> dict[str, Sample]:
    wanted = [column for column in columns if _base(column) not in _SKIPPED]
    found: dict[str, Sample] = {}
    for start in range(0, len(wanted), COLUMNS_AT_ONCE):
        found.update(read(wanted[start : start + COLUMNS_AT_ONCE]))
    return found


def is_text(column: Column) -> bool:
    """True where the type holds text, or something nested that may hold text."""
    return _base(column) not in _NUMERIC and not is_time(column)


def is_time(column: Column) -> bool:
    """True for dates and timestamps."""
    return _base(column) in ("DATE", "TIMESTAMP", "DATETIME")


_NUMERIC = frozenset(
    {*_SKIPPED, "INTEGER", "BIGINT", "HUGEINT", "UINTEGER", "UBIGINT", "UHUGEINT", "DECIMAL"}
)


def is_number(column: Column) -> bool:
    """True for whole and decimal numbers."""
    return _base(column) in _NUMERIC and _base(column) not in ("BOOLEAN", "TIME", "BLOB", "BIT")


def _read(
    table: Table, columns: Sequence[Column], warehouse: Warehouse, rows: int
) -> dict[str, Sample]:
    """Sample each column; a table that a sample holds whole is read by one plain scan."""
    if table.kind == "table":
        whole = _scan(table, columns, warehouse, rows=rows + 1)
        if whole.num_rows <= rows:
            return _samples(columns, whole, whole, rows)
    counted = warehouse.query(_sampling(table, columns, rows)).to_pydict()
    values: list[dict[str, int]] = [{} for _ in columns]
    witnesses: list[list[str]] = [[] for _ in columns]
    for which, value, count in zip(
        counted["which"], counted["value"], counted["row_count"], strict=True
    ):
        if which < len(columns):
            values[which][value] = int(count)
        else:
            witnesses[which - len(columns)].append(value)
    return {
        column.name: Sample(values=values[at], witnesses=tuple(sorted(witnesses[at])))
        for at, column in enumerate(columns)
    }


def _read_head(
    table: Table, columns: Sequence[Column], warehouse: Warehouse, rows: int
) -> dict[str, Sample]:
    """One plain scan of the head; where that is not all, one more for values with an @."""
    head = tail = _scan(table, columns, warehouse, rows=5 * rows)
    if head.num_rows == 5 * rows:
        texts = (f"{_plain_text(column)} LIKE '%@%'" for column in columns if is_text(column))
        tail = _scan(table, columns, warehouse, rows=WITNESSES, where=" OR ".join(texts) or "false")
    return _samples(columns, head, tail, rows)


def _scan(
    table: Table, columns: Sequence[Column], warehouse: Warehouse, *, rows: int, where: str = "true"
) -> "pa.Table":
    """Read plain columns: over many small tables, planning expressions is what takes the time."""
    source = quoted(table.schema, table.name)
    if table.kind == "view":
        names = ", ".join(quoted(column.name) for column in columns)
        source = f"(SELECT {names} FROM {source} LIMIT {MOST_OF_A_VIEW})"
    wanted = ", ".join(f"{_plain_text(column)} AS v{at}" for at, column in enumerate(columns))
    return warehouse.query(f"SELECT {wanted} FROM {source} WHERE {where} LIMIT {rows}")


def _samples(
    columns: Sequence[Column], head: "pa.Table", tail: "pa.Table", rows: int
) -> dict[str, Sample]:
    return {
        column.name: Sample(
            values=Counter(head.column(at).drop_null().slice(0, rows).to_pylist()),
            witnesses=_witnesses(tail.column(at)),
        )
        for at, column in enumerate(columns)
    }


def _witnesses(values: "pa.ChunkedArray") -> tuple[str, ...]:
    import pyarrow.compute as pc

    with_sign = values.filter(pc.match_substring(values, "@"))
    return tuple(sorted(set(with_sign.to_pylist()))[:WITNESSES])


def _plain_text(column: Column) -> str:
    """What may be long is cut; a number or a date needs no more than its text."""
    return _text(column) if is_text(column) else f"CAST({quoted(column.name)} AS VARCHAR)"


def _sampling(table: Table, columns: Sequence[Column], rows: int) -> str:
    source, head = quoted(table.schema, table.name), ""
    if table.kind == "view":
        names = ", ".join(quoted(column.name) for column in columns)
        head = f"WITH viewed AS (SELECT {names} FROM {source} LIMIT {10 * rows}) "
        source = "viewed"
    parts = [
        f"(SELECT {at} AS which, {_text(column)} AS value FROM {source} "
        f"WHERE {quoted(column.name)} IS NOT NULL LIMIT {rows})"
        for at, column in enumerate(columns)
    ]
    parts += [
        f"(SELECT {len(columns) + at} AS which, {_text(column)} AS value FROM {source} "
        f"WHERE {_text(column)} LIKE '%@%' LIMIT {WITNESSES})"
        for at, column in enumerate(columns)
        if is_text(column)
    ]
    union = " UNION ALL ".join(parts)
    return (
        f"{head}SELECT which, value, count(*) AS row_count FROM ({union}) AS sampled "
        "WHERE value IS NOT NULL GROUP BY which, value"
    )


def _text(column: Column) -> str:
    return f"substr(CAST({quoted(column.name)} AS VARCHAR), 1, {LONGEST})"


def _base(column: Column) -> str:
    spelled = column.data_type.upper()
    if spelled.endswith("]"):
        return "LIST"
    return spelled.partition("(")[0].partition(" ")[0]
