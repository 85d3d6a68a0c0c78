"""What the text of a CSV column is: number, date, truth or text, told by all of its values.

A type is chosen only if every value fits it. Codes with leading zeros stay text, and so does what
could be read in two ways (1,234 or 03/04/2024).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from catalogue.warehouse import quoted

SAMPLE_ROWS = 20_000
MISSING = ("", "NULL", "null", "NA", "N/A", "n/a", "NaN", "nan", "None", "-", "#N/A", "\\N")
"""Cells that mean "no value" in a column that is not text."""
_MISSING = ", ".join(f"'{word}'" for word in MISSING)
_WHOLE = r"[+-]?(0|[1-9][0-9]{0,17})"
_POINT = r"[+-]?(0|[1-9][0-9]{0,17})?(\.[0-9]+)?([eE][+-]?[0-9]+)?"
_COMMA = r"[+-]?(0|[1-9][0-9]{0,17}|[1-9][0-9]{0,2}(\.[0-9]{3})+)(,[0-9]+)?"
_THOUSANDS = r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?"


class Connection(Protocol):
    """The little of DuckDB's connection that is used here."""

    def execute(self, query: str) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """One way to read text; `{c}` is the column."""

    data_type: str
    value: str
    """The typed value, NULL where it does not fit."""
    fits: str = "true"
    """A condition beyond having a value."""
    needs: str = "false"
    """Each column of this kind has at least one value that meets it, if it is not `false`."""


def _pattern(pattern: str) -> str:
    return f"regexp_full_match({{c}}, '{pattern}')"


_KINDS = (
    _Kind(
        data_type="BOOLEAN",
        value="TRY_CAST({c} AS BOOLEAN)",
        fits="lower({c}) IN ('true', 'false')",
    ),
    _Kind(data_type="BIGINT", value="TRY_CAST({c} AS BIGINT)", fits=_pattern(_WHOLE)),
    _Kind(data_type="DOUBLE", value="TRY_CAST({c} AS DOUBLE)", fits=_pattern(_POINT)),
    _Kind(
        data_type="DOUBLE",
        value="TRY_CAST(replace(replace({c}, '.', ''), ',', '.') AS DOUBLE)",
        fits=_pattern(_COMMA),
        needs=f"{{c}} LIKE '%,%' AND NOT {_pattern(_THOUSANDS)}",
    ),
    _Kind(
        data_type="DATE",
        value="TRY_CAST({c} AS DATE)",
        fits=_pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    ),
    _Kind(
        data_type="DATE",
        value="CAST(try_strptime({c}, '%d.%m.%Y') AS DATE)",
        fits=_pattern(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}"),
    ),
    _Kind(
        data_type="DATE",
        value="CAST(try_strptime({c}, '%d/%m/%Y') AS DATE)",
        needs="TRY_CAST(split_part({c}, '/', 1) AS INTEGER) > 12",
    ),
    _Kind(
        data_type="DATE",
        value="CAST(try_strptime({c}, '%m/%d/%Y') AS DATE)",
        needs="TRY_CAST(split_part({c}, '/', 2) AS INTEGER) > 12",
    ),
    _Kind(data_type="TIMESTAMP", value="TRY_CAST({c} AS TIMESTAMP)", fits=_pattern(_TIME)),
    _Kind(
        data_type="TIMESTAMP WITH TIME ZONE",
        value="TRY_CAST({c} AS TIMESTAMPTZ)",
        fits=_pattern(_TIME + r" ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)"),
    ),
)
_TEXT = _Kind(data_type="VARCHAR", value="{c}")


@dataclass(frozen=True, kw_only=True)
class CellType:
    """The type of one text column and the expression that gives it."""

    column: str
    data_type: str
    sql: str


def cell_types(connection: Connection, relation: str, columns: Sequence[str]) -> list[CellType]:
    """Return the type of each text column of a relation: guessed on a sample, proven on all."""
    sample = f"(SELECT * FROM {relation} LIMIT {SAMPLE_ROWS})"
    likely = _fitting(connection, sample, dict.fromkeys(columns, _KINDS), proven=False)
    found = _fitting(connection, relation, likely, proven=True)
    return [_typed(name, found.get(name) or (_TEXT,)) for name in columns]


def looks_numeric(column: str) -> str:
    """Return a condition that holds for cells that are numbers, or no value."""
    name = quoted(column)
    return f"({_is_missing(name)} OR {_of(_pattern(_POINT), name)})"


def _typed(column: str, kinds: Sequence[_Kind]) -> CellType:
    kind, name = kinds[0], quoted(column)
    value = _of(kind.value, name)
    if kind is not _TEXT:
        value = f"CASE WHEN {_is_missing(name)} THEN NULL ELSE {value} END"
    return CellType(column=column, data_type=kind.data_type, sql=value)


def _of(text: str, name: str) -> str:
    return text.replace("{c}", name)


def _is_missing(name: str) -> str:
    return f"({name} IS NULL OR {name} IN ({_MISSING}))"


def _fitting(
    connection: Connection,
    relation: str,
    candidates: dict[str, tuple[_Kind, ...]],
    *,
    proven: bool,
) -> dict[str, tuple[_Kind, ...]]:
    """Keep, of the candidates of each column, those that all of its values fit."""
    asked = [(name, kind) for name, kinds in candidates.items() for kind in kinds]
    if not asked:
        return {}
    counted = [_counts(number, name, kind) for number, (name, kind) in enumerate(asked)]
    row = connection.execute(f"SELECT {', '.join(counted)} FROM {relation}").fetchone()
    kept: dict[str, tuple[_Kind, ...]] = {}
    for number, (name, kind) in enumerate(asked):
        misfits, proofs = row[2 * number : 2 * number + 2]
        if not misfits and (proofs or not proven):
            kept[name] = (*kept.get(name, ()), kind)
    return kept


def _counts(number: int, column: str, kind: _Kind) -> str:
    """Return two counts: values that do not fit, and values that prove this reading."""
    name = quoted(column)
    value, fits, needs = (_of(text, name) for text in (kind.value, kind.fits, kind.needs))
    given = f"NOT {_is_missing(name)}"
    misfit = f"{given} AND NOT coalesce({fits} AND {value} IS NOT NULL, false)"
    proof = given if kind.needs == "false" else f"{given} AND coalesce({needs}, false)"
    return (
        f"count(*) FILTER ({misfit}) AS misfits_{number}, "
        f"count(*) FILTER ({proof}) AS proofs_{number}"
    )
