"""Size: a query is short, shallow, and free of control characters."""

import re

from assistant.guard.query import Query, reject

RULE = "size"
MOST_CHARACTERS = 50_000
DEEPEST = 120
"""Nested brackets; DuckDB's parser takes quadratic time where they do not close."""
MOST_GROUPED = 6_000
"""Expressions in all grouping sets together: each column of a CUBE doubles what is written out."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")


def limit_size(query: Query) -> None:
    """Refuse what is too long, too deep or not text."""
    if not query.sql.strip():
        raise reject(
            RULE,
            "The query is empty. Write one SELECT statement.",
            repair="Write one SELECT statement.",
        )
    if len(query.sql) > MOST_CHARACTERS:
        raise reject(
            RULE,
            f"The query is longer than {MOST_CHARACTERS:,} characters. Write a shorter one.",
            repair="Write a shorter query.",
        )
    if _CONTROL.search(query.sql):
        raise reject(
            RULE,
            "The query holds control characters. Only line breaks and tabs are allowed.",
            repair="Write plain text; only line breaks and tabs are allowed.",
        )
    if _depth(_QUOTED.sub("''", query.sql)) > DEEPEST:
        raise reject(
            RULE,
            "The query is nested too deeply. Write it flatter, with CTEs.",
            repair="Write it flatter, with CTEs.",
        )


def limit_grouping_sets(query: Query) -> None:
    """Refuse a CUBE or ROLLUP that is short to write and huge to read back."""
    grouped = sum(len(each) for node in query.nodes for each in node.get("group_sets", []))
    if grouped > MOST_GROUPED:
        raise reject(
            RULE,
            "The query groups in too many ways at once. Use fewer columns in CUBE or ROLLUP.",
            repair="Use fewer columns in CUBE or ROLLUP.",
        )


def _depth(sql: str) -> int:
    deepest = depth = 0
    for character in sql:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth = max(0, depth - 1)
    return deepest
