"""A gold result with what its ORDER BY and LIMIT leave open: ties of order and ties at the limit.

Gold is run once without its limit and with its sort keys beside its columns. Rows of equal keys
have the same rank: their order is free, and of those on the limit's edge any will do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from evals.errors import BadGold
from evals.score.bags import Row, columns_of, equal_rows
from evals.score.values import FLOAT_TOLERANCE

if TYPE_CHECKING:
    import pyarrow as pa

MAX_POOL_ROWS = 20_000
"""Without its limit gold may return this much; above it ties at the limit are not looked for."""
_KEY = "__gold_key_"

Run = Callable[[str], "pa.Table"]


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A gold result. Without ranks only its rows are known and every order is one order."""

    table: "pa.Table"
    ranks: tuple[int, ...] | None = None
    """Rank of each row by gold's sort keys, from 0; all 0 where gold does not order."""
    pool: "pa.Table | None" = None
    """All rows that a right answer may draw from, where ties at the limit leave a choice."""
    pool_ranks: tuple[int, ...] = ()


def mark(sql: str, run: Run) -> Marked:
    """Run gold SQL and find its ties. Raises BadGold where the SQL itself fails."""
    found = _without_limit(sql)
    if found is None:
        return Marked(table=run(sql))
    extended, keys, first, count = found
    try:
        rows = run(extended)
    except BadGold:
        # A sort key may be out of reach of the select list (DISTINCT, set operations).
        return Marked(table=run(sql))
    if rows.num_rows > MAX_POOL_ROWS:
        return Marked(table=run(sql))
    added = sum(name.startswith(_KEY) for name in rows.column_names)
    values = rows.select(range(rows.num_columns - added))
    ranks = _ranks(rows.select(list(keys)), rows.num_rows)
    last = rows.num_rows if count is None else min(rows.num_rows, first + count)
    chosen = ranks[first:last]
    within = [at for at, rank in enumerate(ranks) if chosen and chosen[0] <= rank <= chosen[-1]]
    is_open = len(within) > len(chosen)
    return Marked(
        table=values.slice(first, max(0, last - first)),
        ranks=tuple(chosen),
        pool=values.take(within) if is_open else None,
        pool_ranks=tuple(ranks[at] for at in within) if is_open else (),
    )


def _without_limit(sql: str) -> tuple[str, Sequence[int | str], int, int | None] | None:
    """Return gold with its keys and without its limit, which columns are keys, offset and limit."""
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
    except SqlglotError:
        return None
    if not isinstance(tree, exp.Select | exp.SetOperation) or tree.args.get("distinct_on"):
        return None
    limit, offset = tree.args.get("limit"), tree.args.get("offset")
    count, first = _number(limit), _number(offset) or 0
    if (limit and count is None) or (offset and _number(offset) is None):
        return None
    order = tree.args.get("order")
    keys = [key.this for key in order.expressions] if order else []
    if any(isinstance(key, exp.Star) or key.name.upper() == "ALL" for key in keys):
        return None
    tree.set("limit", None)
    tree.set("offset", None)
    known: list[int | str] = []
    for number, key in enumerate(keys):
        place = _place(key, tree)
        if place is None and isinstance(tree, exp.SetOperation):
            return None
        known.append(f"{_KEY}{number}" if place is None else place)
        if place is None:
            tree = tree.select(exp.alias_(key.copy(), f"{_KEY}{number}", quoted=True))
    return tree.sql(dialect="duckdb"), known, first, count


def _place(key: exp.Expression, tree: exp.Query) -> int | None:
    """Return the place of the column that a sort key names by number or by name, if it does.

    A bare name is that of the select list before it is a column of a table, as DuckDB has it.
    """
    if key.is_int:
        return int(key.name) - 1
    names = [name.lower() for name in tree.named_selects]
    is_bare = isinstance(key, exp.Column) and not key.table and "*" not in names
    return names.index(key.name.lower()) if is_bare and key.name.lower() in names else None


def _number(node: exp.Expression | None) -> int | None:
    """Return the number of a LIMIT, an OFFSET or a FETCH FIRST."""
    value = (node.args.get("expression") or node.args.get("count")) if node else None
    return int(value.name) if isinstance(value, exp.Literal) and value.is_int else None


def _ranks(keys: "pa.Table", rows: int) -> list[int]:
    if not keys.num_columns:
        return [0] * rows
    cells: list[Row] = list(zip(*columns_of(keys), strict=True))
    ranks: list[int] = []
    for at, row in enumerate(cells):
        tied = at > 0 and equal_rows(row, cells[at - 1], FLOAT_TOLERANCE)
        ranks.append(0 if at == 0 else ranks[-1] + (not tied))
    return ranks
