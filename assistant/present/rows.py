"""Arrow columns -> Python values, with DuckDB's types that Arrow cannot say put right.

Works without pandas. A value that Python cannot hold (a date of the year 12000, infinity) comes
back as `math.inf`, so that whoever shows it must decide what to say.
"""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from assistant.answer import Result

_TWO_128 = 1 << 128
_EPOCH = datetime(1970, 1, 1)


def result_values(result: Result) -> list[list[Any]]:
    """Return the values of every column, in the order of the columns."""
    types = duckdb_types(result.table, result.duckdb_types)
    columns: Iterable[Any] = result.table.columns
    return [column_values(column, kind) for column, kind in zip(columns, types, strict=True)]


def duckdb_types(table: pa.Table, known: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return DuckDB's name of every column's type, guessed from Arrow where it is not known."""
    if len(known) == table.num_columns:
        return known
    return tuple(_duckdb_name(field.type) for field in table.schema)


def column_values(column: pa.ChunkedArray, duckdb_type: str) -> list[Any]:
    """Return one column as Python values: HUGEINT as int, DECIMAL as Decimal, NULL as None."""
    kind = duckdb_type.upper()
    if kind in ("HUGEINT", "UHUGEINT"):
        return [None if v is None else _whole(v, kind) for v in column.to_pylist()]
    if kind == "BIT":
        return [None if v is None else _bits(v) for v in column.to_pylist()]
    if kind == "BIGNUM":
        return [None if v is None else _bignum(v) for v in column.to_pylist()]
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return [None if v is None else _nanoseconds(v) for v in column.cast(pa.int64()).to_pylist()]
    try:
        return list(column.to_pylist())
    except (OverflowError, ValueError):
        return [_safe(scalar) for scalar in column]


def _safe(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return math.inf


def _whole(value: Decimal, kind: str) -> int:
    number = int(value)
    # Arrow carries 128 bits as signed: the upper half of UHUGEINT arrives negative.
    return number + _TWO_128 if kind == "UHUGEINT" and number < 0 else number


def _bits(raw: bytes) -> str:
    padding = raw[0]
    return "".join(f"{byte:08b}" for byte in raw[1:])[padding:]


def _bignum(raw: bytes) -> int:
    header, body = raw[:3], raw[3:]
    if header[0] & 0x80:
        return int.from_bytes(body, "big")
    return -int.from_bytes(bytes(255 - byte for byte in body), "big")


def _nanoseconds(value: int) -> Any:
    seconds, rest = divmod(value, 1_000_000_000)
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return math.inf
    if rest % 1000 == 0:
        return moment + timedelta(microseconds=rest // 1000)
    return f"{moment.isoformat()}.{rest:09d}"


_NAMES = {
    "bool": "BOOLEAN",
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "uint8": "UTINYINT",
    "uint16": "USMALLINT",
    "uint32": "UINTEGER",
    "uint64": "UBIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "string": "VARCHAR",
    "large_string": "VARCHAR",
    "binary": "BLOB",
    "large_binary": "BLOB",
    "date32[day]": "DATE",
    "null": "NULL",
}


def _duckdb_name(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        whole = kind.precision == 38 and kind.scale == 0
        return "HUGEINT" if whole else f"DECIMAL({kind.precision},{kind.scale})"
    if pa.types.is_timestamp(kind):
        return "TIMESTAMP WITH TIME ZONE" if kind.tz else "TIMESTAMP"
    if pa.types.is_time(kind):
        return "TIME"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"{_duckdb_name(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return f"STRUCT({', '.join(f'{f.name} {_duckdb_name(f.type)}' for f in kind)})"
    return _NAMES.get(str(kind), str(kind).upper())
