"""A result as JSON that loses nothing: what JSON cannot say of a cell stands as one tagged value.

NULL, truth values, whole numbers, finite floats and text stand as they are; `{"decimal": "1.20"}`,
`{"date": ...}`, `{"timestamp": ...}`, `{"time": ...}`, `{"seconds": ...}`, `{"float": "nan"}`,
`{"bytes": ...}`, `{"interval": ...}`, `{"list": [...]}`, `{"struct": {...}}` and `{"text": ...}`
are the others.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS = 20_000
"""Kept of one result; a longer one is cut, and cannot be judged again."""
_INT64 = 2**63

Cell = Any
"""JSON types, tagged as the module says."""


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows of a result, as JSON types."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_count: int
    """Rows of the whole result; more than are kept where it was cut."""

    @property
    def is_cut(self) -> bool:
        return self.row_count > len(self.rows)

    def shown(self, at_most: int) -> list[tuple[str, ...]]:
        """Return the first rows as text for people."""
        return [tuple(_shown(cell) for cell in row) for row in self.rows[:at_most]]

    def to_table(self) -> "pa.Table":
        """Return the rows as Arrow, with values that judge the same; types may be wider."""
        import pyarrow as pa

        columns = list(zip(*self.rows, strict=True)) or [() for _ in self.columns]
        arrays = [_array([decoded(cell) for cell in column]) for column in columns]
        return pa.Table.from_arrays(arrays, names=list(self.columns))

    @classmethod
    def of(cls, table: "pa.Table", *, at_most: int = MOST_ROWS) -> "Rows":
        """Return the rows of an Arrow table."""
        columns = [
            [encoded(value) for value in python_values(column)]
            for column in table.slice(0, at_most).columns
        ]
        return cls(
            columns=tuple(table.column_names),
            rows=tuple(zip(*columns, strict=True)),
            row_count=table.num_rows,
        )

    @classmethod
    def from_dict(cls, written: dict[str, Any]) -> "Rows":
        """Read what `dataclasses.asdict` wrote, by way of JSON."""
        return cls(
            columns=tuple(written["columns"]),
            rows=tuple(tuple(row) for row in written["rows"]),
            row_count=written["row_count"],
        )


def python_values(column: "pa.ChunkedArray") -> list[Any]:
    """Return the values of a column; a date beyond Python's, as infinity is, by its number."""
    try:
        return list(column.to_pylist())
    except (OverflowError, ValueError):
        return [_python_value(scalar) for scalar in column]


def _python_value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return f"{scalar.type} {scalar.value}"


def encoded(value: Any) -> Cell:
    """Return a value of a result as JSON types.

    >>> encoded(Decimal("1.20")), encoded(date(2013, 1, 2)), encoded(7)
    ({'decimal': '1.20'}, {'date': '2013-01-02'}, 7)
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else {"float": str(value)}
    if type(value).__name__ == "MonthDayNano":
        return {"interval": list(value)}
    if isinstance(value, dict):
        return {"struct": {str(key): encoded(each) for key, each in value.items()}}
    if isinstance(value, tuple):  # An entry of a map.
        return {"struct": {"key": encoded(value[0]), "value": encoded(value[1])}}
    if isinstance(value, list):
        return {"list": [encoded(each) for each in value]}
    for kind, (tag, write, _) in _TAGS.items():
        if isinstance(value, kind):
            return {tag: write(value)}
    return {"text": str(value)}


def decoded(cell: Cell) -> Any:
    """Return the value that `encoded` was given; what has no type of ours comes back as text."""
    if not isinstance(cell, dict):
        return cell
    ((tag, written),) = cell.items()
    if tag == "struct":
        return {key: decoded(each) for key, each in written.items()}
    if tag == "list":
        return [decoded(each) for each in written]
    return _READ[tag](written)


# datetime before date, of which it is a kind.
_TAGS: dict[type, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    Decimal: ("decimal", str, Decimal),
    datetime: ("timestamp", datetime.isoformat, datetime.fromisoformat),
    date: ("date", date.isoformat, date.fromisoformat),
    time: ("time", time.isoformat, time.fromisoformat),
    timedelta: ("seconds", timedelta.total_seconds, lambda seconds: timedelta(seconds=seconds)),
    bytes: ("bytes", lambda raw: base64.b64encode(raw).decode(), base64.b64decode),
}


def _interval(parts: Sequence[int]) -> Any:
    import pyarrow as pa

    return pa.MonthDayNano(list(parts))


_READ: dict[str, Callable[[Any], Any]] = {
    **{tag: read for tag, _, read in _TAGS.values()},
    "interval": _interval,
    "float": float,
    "text": str,
}


def _array(values: Sequence[Any]) -> "pa.Array":
    import pyarrow as pa

    if any(isinstance(value, int) and not -_INT64 <= value < _INT64 for value in values):
        values = [None if value is None else Decimal(value) for value in values]
    return pa.array(values)


def _shown(cell: Cell) -> str:
    return "no value" if cell is None else str(decoded(cell))
