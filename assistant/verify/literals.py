"""Text literals that no row holds: a near miss answers 0 with confidence, so it is said."""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from assistant.verify.columns import base_column, tables_by_alias
from catalogue.catalogue import Catalogue
from catalogue.values import ValueIndex

_NEAR = 70
"""Similarity out of 100 above which a value is offered."""


def unknown_literals(sql: str, catalogue: Catalogue, values: ValueIndex) -> list[str]:
    """One sentence per literal that is compared with an indexed column and does not occur in it."""
    try:
        statement = sqlglot.parse_one(sql, dialect="duckdb")
    except SqlglotError:
        return []
    tables = tables_by_alias(statement, catalogue)
    sentences: list[str] = []
    for column, literal in _comparisons(statement):
        name = base_column(column, tables)
        held = values.of_column(name) if name else {}
        if held and literal not in held:
            sentences.append(_sentence(literal, column.name, list(held)))
    return list(dict.fromkeys(sentences))


def _comparisons(statement: exp.Expr) -> Iterator[tuple[exp.Column, str]]:
    for node in statement.find_all(exp.EQ, exp.In):
        left = node.this
        rights = node.expressions if isinstance(node, exp.In) else [node.expression]
        if not isinstance(left, exp.Column):
            left, rights = (rights[0], [left]) if rights else (left, [])
        if not isinstance(left, exp.Column):
            continue
        for right in rights:
            if isinstance(right, exp.Literal) and right.is_string:
                yield left, right.this


def _sentence(literal: str, column: str, held: list[str]) -> str:
    from rapidfuzz import process

    near = process.extractOne(literal, held, score_cutoff=_NEAR)
    hint = f" Nearest: {near[0]!r}." if near else ""
    return f"No row holds {literal!r} in {column}.{hint}"
