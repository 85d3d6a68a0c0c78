"""SQL around a compiled metric query: literals, conditions and the outer select.

Values never pass through a template: a condition carries marks, and `fill` puts the literals in
after the template engine is done, so that `{{` or a quote in a value stays data.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from catalogue.errors import BadMetricQuery
from catalogue.model import Filter, Having, Scalar

_MARK = "__literal_{}__"
_MARKS = re.compile(r"\b__literal_(\d+)__\b")
_TEXT_TYPES = ("VARCHAR", "CHAR", "TEXT", "STRING", "ENUM", "UUID")
_NUMBER_TYPES = (
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER"),
    *("UBIGINT", "UHUGEINT", "FLOAT", "REAL", "DOUBLE", "DECIMAL", "NUMERIC"),
)


@dataclass(frozen=True, kw_only=True)
class OutputColumn:
    """One column of the result, or one that is only needed to filter or order it."""

    name: str
    """As the query names it."""
    inner: str
    """As the compiled query names it."""
    is_day: bool = False
    """True where the compiled value is a timestamp at midnight that means a day."""
    is_shown: bool = True


@dataclass(frozen=True, kw_only=True)
class Outer:
    """What surrounds the compiled query."""

    columns: tuple[OutputColumn, ...]
    group_by: tuple[str, ...] = ()
    having: tuple[Having, ...] = ()
    order_by: tuple[str, ...] = ()
    limit: int | None = None
    latest_by: str | None = None
    """Inner column of which only the latest value is kept."""


class Literals:
    """Collects values as SQL literals behind marks, in the order they are added."""

    def __init__(self) -> None:
        self._literals: list[str] = []

    def mark(self, literal: str) -> str:
        """Keep a literal and return the mark that stands for it."""
        self._literals.append(literal)
        return _MARK.format(len(self._literals) - 1)

    def fill(self, sql: str) -> str:
        """Put the literals in, in one pass: text inside a literal is never looked at again."""
        return _MARKS.sub(lambda found: self._literals[int(found[1])], sql)


def literal(value: Scalar, *, data_type: str = "", is_time: bool = False) -> str:
    """Return a value as a DuckDB literal of the dimension's type, or raise BadMetricQuery.

    Without a known type, text is quoted and numbers stay numbers.
    """
    if value is None:
        return "NULL"
    if is_time:
        return _time_literal(value)
    kind = data_type.upper()
    if kind.startswith(_NUMBER_TYPES):
        return _number(value, data_type)
    if kind.startswith("BOOL"):
        return _boolean(value)
    if kind.startswith(("DATE", "TIMESTAMP")):
        return _time_literal(value)
    if isinstance(value, str) or kind.startswith(_TEXT_TYPES):
        return _quoted(str(value))
    return _plain(value)


def condition(column: str, where: Filter, literals: Sequence[str]) -> str:
    """Render one condition; `column` and `literals` are already safe SQL."""
    has_none = None in where.values
    present = [
        text for value, text in zip(where.values, literals, strict=True) if value is not None
    ]
    if where.op == "between":
        return f"({column} BETWEEN {present[0]} AND {present[1]})"
    if where.op in {"=", "in"}:
        return _any_of([f"{column} IN ({', '.join(present)})"] if present else [], column, has_none)
    if where.op in {"!=", "not in"}:
        # "Excluding X" is everything else, rows without a value included unless they are named too.
        parts = [f"{column} NOT IN ({', '.join(present)})"] if present else []
        joint, none = (" AND ", "IS NOT NULL") if has_none else (" OR ", "IS NULL")
        return f"({joint.join([*parts, f'{column} {none}'])})"
    return f"({column} {where.op} {present[0]})"


def surround(inner: str, outer: Outer) -> str:
    """Name, filter, order and limit the rows of a compiled query."""
    shown = ",\n  ".join(_select(column) for column in outer.columns if column.is_shown)
    wheres = [
        f"{_inner(outer, each.metric)} {each.op} {number(each.value)}" for each in outer.having
    ]
    if outer.latest_by:
        day = _name(outer.latest_by)
        wheres.append(f"{day} = (SELECT MAX({day}) FROM metric_result)")
    orders = _orders(outer)
    lines = [f"WITH metric_result AS (\n{inner}\n)\nSELECT\n  {shown}\nFROM metric_result"]
    if wheres:
        lines.append("WHERE " + " AND ".join(wheres))
    if orders:
        lines.append("ORDER BY " + ", ".join(orders))
    if outer.limit is not None:
        lines.append(f"LIMIT {outer.limit:d}")
    return "\n".join(lines)


def number(value: int | float) -> str:
    """Return a finite number as a literal."""
    if not math.isfinite(value):
        raise BadMetricQuery(f"A condition compares with a finite number, not {value!r}.")
    return repr(value)


def _any_of(parts: list[str], column: str, has_none: bool) -> str:
    return f"({' OR '.join([*parts, *([f'{column} IS NULL'] if has_none else [])])})"


def _orders(outer: Outer) -> list[str]:
    """Return the order asked for, then the other group-by columns, so that ties fall one way."""
    named = [(name.lstrip("-"), name.startswith("-")) for name in outer.order_by]
    asked = {name.lower() for name, _ in named}
    rest = [(name, False) for name in outer.group_by if name.lower() not in asked]
    return [
        f"{_inner(outer, name)} {'DESC' if descending else 'ASC'} NULLS LAST"
        for name, descending in [*named, *rest]
    ]


def _inner(outer: Outer, name: str) -> str:
    column = next(each for each in outer.columns if each.name.lower() == name.lower())
    return _name(column.inner)


def _select(column: OutputColumn) -> str:
    name = _name(column.inner)
    if column.is_day:
        return f"CAST({name} AS DATE) AS {_name(column.name)}"
    return name if column.inner == column.name else f"{name} AS {_name(column.name)}"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    if "\x00" in text:
        raise BadMetricQuery("A value holds a NUL character.")
    return "'" + text.replace("'", "''") + "'"


def _plain(value: Scalar) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number(value)
    return _quoted(str(value))


def _number(value: Scalar, data_type: str) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    try:
        text = str(value).strip()
        return number(int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text))
    except ValueError as error:
        raise BadMetricQuery(f"{value!r} is no number, and the column is {data_type}.") from error


def _boolean(value: Scalar) -> str:
    text = str(value).strip().lower()
    if text not in {"true", "false"}:
        raise BadMetricQuery(f"{value!r} is neither true nor false, and the column is BOOLEAN.")
    return text.upper()


def _time_literal(value: Scalar) -> str:
    text = str(value).strip()
    try:
        if len(text) <= len("2013-06-03"):
            return f"DATE '{date.fromisoformat(text).isoformat()}'"
        return f"TIMESTAMP '{datetime.fromisoformat(text).isoformat(sep=' ')}'"
    except ValueError as error:
        raise BadMetricQuery(f"{value!r} is no date. Write it as 2013-06-03.") from error
