"""Copies a SQLite file into a DuckDB file with Python's sqlite3, types taken from the values.

SQLite lets any value stand in any column: a column is whole numbers, numbers, or else text.
"""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from evals.benchmarks.benchmark import BadBenchmark

_TEXT = ("CHAR", "TEXT", "CLOB", "DATE", "TIME")
_INT64 = 2**63


def import_sqlite(source: Path, target: Path) -> Path:
    """Import every table; a finished import newer than its source is used again."""
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
            closing(duckdb.connect(str(part))) as new,
        ):
            old.text_factory = lambda raw: raw.decode("utf-8", "replace")
            for (table,) in old.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).fetchall():
                _copy(old, new, table)
        part.replace(target)
    except (sqlite3.Error, duckdb.Error) as error:
        raise BadBenchmark(f"{source.name} cannot be imported: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return target


def _copy(old: sqlite3.Connection, new: duckdb.DuckDBPyConnection, table: str) -> None:
    described = old.execute(f"PRAGMA table_info({_quoted(table)})").fetchall()
    rows = old.execute(f"SELECT * FROM {_quoted(table)}").fetchall()
    columns = list(zip(*rows, strict=True)) or [() for _ in described]
    arrays = [
        arrow_array(values, declared.upper())
        for (_, _, declared, *_), values in zip(described, columns, strict=True)
    ]
    new.register("incoming", pa.Table.from_arrays(arrays, names=[each[1] for each in described]))
    new.execute(f"CREATE TABLE {_quoted(table)} AS SELECT * FROM incoming")
    new.unregister("incoming")


def arrow_array(values: Iterable[Any], declared: str) -> pa.Array:
    """Return the values of a column, of the narrowest type that holds them all."""
    found = list(values)
    kinds = {type(value) for value in found} - {type(None)}
    if not kinds:
        return pa.array(found, _declared(declared))
    if kinds == {int} and all(-_INT64 <= each < _INT64 for each in found if each is not None):
        return pa.array(found, pa.float64() if "REAL" in declared else pa.int64())
    if kinds <= {int, float}:
        return pa.array([None if each is None else float(each) for each in found], pa.float64())
    if kinds == {bytes}:
        return pa.array(found, pa.binary())
    return pa.array([None if each is None else _text(each) for each in found], pa.string())


def _declared(declared: str) -> pa.DataType:
    if any(word in declared for word in _TEXT):
        return pa.string()
    return pa.int64() if "INT" in declared else pa.float64()


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
