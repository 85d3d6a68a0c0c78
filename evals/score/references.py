"""Which base tables and columns a query refers to, read from its text alone.

The guard's own subqueries list every permitted column: unused ones are pruned before counting.
"""

from collections.abc import Iterable

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope


def tables_in(sql: str) -> set[str] | None:
    """Return base tables in lower case, with their schema where it is written; None if unread."""
    tree = _parsed(sql)
    return None if tree is None else {_name(each) for each in _base_tables(tree)}


def columns_in(sql: str) -> set[str] | None:
    """Return `table.column` in lower case, or `column` where its table is not clear."""
    tree = _parsed(sql)
    if tree is None:
        return None
    try:
        tree = pushdown_projections(qualify(tree, dialect="duckdb", validate_qualify_columns=False))
        found: set[str] = set()
        for scope in traverse_scope(tree):
            for column in scope.columns:
                only = next(iter(scope.sources.values())) if len(scope.sources) == 1 else None
                source = scope.sources.get(column.table) if column.table else only
                if isinstance(source, exp.Table):
                    found.add(f"{source.name}.{column.name}".lower())
                elif not column.table:
                    found.add(column.name.lower())
        return found
    except (SqlglotError, RecursionError):
        return None


def last_segments(names: Iterable[str], segments: int) -> set[str]:
    """Return names cut to their last segments, in lower case."""
    return {".".join(name.lower().split(".")[-segments:]) for name in names}


def f1(found: set[str], wanted: set[str]) -> float:
    """Return the harmonic mean of precision and recall; both sets must not be empty."""
    return 2 * len(found & wanted) / (len(found) + len(wanted))


def _parsed(sql: str) -> exp.Expression | None:
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
    except (SqlglotError, RecursionError):
        return None
    return tree if isinstance(tree, exp.Expression) else None


def _base_tables(tree: exp.Expression) -> Iterable[exp.Table]:
    inner = {each.alias.lower() for each in tree.find_all(exp.CTE)}
    return (
        table
        for table in tree.find_all(exp.Table)
        if table.name and (table.db or table.name.lower() not in inner)
    )


def _name(table: exp.Table) -> str:
    return f"{table.db}.{table.name}".lower() if table.db else table.name.lower()
