"""Joins that nobody declared or tested: the usual way to totals that look right."""

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from assistant.verify.columns import base_column, tables_by_alias
from catalogue.catalogue import Catalogue


def undeclared_joins(sql: str, catalogue: Catalogue) -> list[str]:
    """One sentence per equality between two tables' columns that is no known relationship."""
    try:
        statement = sqlglot.parse_one(sql, dialect="duckdb")
    except SqlglotError:
        return []
    tables = tables_by_alias(statement, catalogue)
    known = {
        frozenset(
            (f"{r.from_table}.{r.from_column}".lower(), f"{r.to_table}.{r.to_column}".lower())
        )
        for r in catalogue.relationships
    }
    sentences: list[str] = []
    for join in statement.find_all(exp.Join):
        condition = join.args.get("on")
        for equality in condition.find_all(exp.EQ) if condition else ():
            left, right = equality.this, equality.expression
            if not (isinstance(left, exp.Column) and isinstance(right, exp.Column)):
                continue
            sides = (base_column(left, tables), base_column(right, tables))
            if None in sides:
                continue
            first, second = str(sides[0]), str(sides[1])
            if frozenset((first.lower(), second.lower())) not in known:
                sentences.append(
                    f"Nobody has declared the join of {first} with {second}; rows may repeat."
                )
    return list(dict.fromkeys(sentences))
