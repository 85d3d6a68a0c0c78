"""Gold written for SQLite, in DuckDB's words, and whether it still means the same there."""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from time import monotonic

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from evals.benchmarks.sqlite_import import arrow_array
from evals.errors import BadGold
from evals.score.exec_match import match
from evals.score.marked import Marked

_SECONDS = 30.0
"""Given to SQLite for one gold."""
_STEPS = 100_000
"""SQLite's instructions between two looks at the clock."""


def from_sqlite(sql: str, names: frozenset[str]) -> str:
    """Return SQLite's SQL in DuckDB's words, or raise BadGold.

    A double-quoted word that names no column of the database is text to SQLite, and its LIKE does
    not tell small letters from capitals.
    """
    try:
        tree = sqlglot.parse_one(sql, dialect="sqlite")
    except SqlglotError as error:
        problem = " ".join(str(error).split())[:160]
        raise BadGold(f"not read as sqlite: {problem}") from error
    known = names | {each.alias.lower() for each in tree.find_all(exp.Alias)}

    def said_to_duckdb(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Column) and node.this.args.get("quoted") and not node.table:
            return node if node.name.lower() in known else exp.Literal.string(node.name)
        if isinstance(node, exp.Like):
            return exp.ILike(this=node.this, expression=node.expression)
        return node

    return tree.transform(said_to_duckdb).sql(dialect="duckdb")


@cache
def names_in(database: Path) -> frozenset[str]:
    """Return the names of all columns of an imported database, in small letters."""
    with closing(duckdb.connect(str(database), read_only=True)) as connection:
        rows = connection.execute("SELECT column_name FROM information_schema.columns").fetchall()
    return frozenset(str(name).lower() for (name,) in rows)


def other_result(source: Path, sql: str, found: Marked) -> str | None:
    """Return why DuckDB's result is not the one that SQLite gives, or None where it is."""
    try:
        original = _run(source, sql)
    except sqlite3.Error as error:
        return f"gold does not run on SQLite: {error}"
    same = match(original, found, extra_columns=False)
    return None if same.is_equal else f"gold returns something else on DuckDB: {same.why}"


def _run(source: Path, sql: str) -> pa.Table:
    end = monotonic() + _SECONDS
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        connection.set_progress_handler(lambda: monotonic() > end, _STEPS)
        cursor = connection.execute(sql)
        names = [each[0] for each in cursor.description or ()]
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) or [() for _ in names]
    return pa.Table.from_arrays([arrow_array(values, "") for values in columns], names=names)
