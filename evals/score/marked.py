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
    extended, keys, first, count = _without_limit(sql)
    if extended is None:
        return Marked(table=run(sql))
    try:
        rows = run(extended)
    except BadGold:
        # A sort key may be out of reach of the select list (DISTINCT, set operations).
        return Marked(table=run(sql))
    if rows.num_rows > MAX_POOL_ROWS:
        return Marked(table=run(sql))
    values = rows.drop_columns(rows.column_names[-keys:]) if keys else rows
    ranks = _ranks(rows.select(range(values.num_columns, rows.num_columns)), rows.num_rows)
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


def _without_limit(sql: str) -> tuple[str | None, int, int, int | None]:
    """Return gold with keys and without limit, the number of keys, offset and limit."""
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
    except SqlglotError:
        return None, 0, 0, None
    if not isinstance(tree, exp.Select | exp.SetOperation) or tree.args.get("distinct_on"):
        return None, 0, 0, None
    limit, offset = tree.args.get("limit"), tree.args.get("offset")
    count, first = _number(limit), _number(offset) or 0
    if (limit and count is None) or (offset and _number(offset) is None):
        return None, 0, 0, None
    order = tree.args.get("order")
    keys = [key.this for key in order.expressions] if order else []
    if any(isinstance(key, exp.Star) or key.name.upper() == "ALL" for key in keys):
        return None, 0, 0, None
    tree.set("limit", None)
    tree.set("offset", None)
    if isinstance(tree, exp.SetOperation):
        return _set_operation(tree, keys, first, count)
    outputs = tree.expressions
    for number, key in enumerate(keys):
        shown = _output(key, outputs)
        if shown is None:
            return None, 0, 0, None
        tree = tree.select(exp.alias_(shown.copy(), f"{_KEY}{number}", quoted=True))
    return tree.sql(dialect="duckdb"), len(keys), first, count


def _set_operation(
    tree: exp.SetOperation, keys: Sequence[exp.Expression], first: int, count: int | None
) -> tuple[str | None, int, int, int | None]:
    """Sort keys of a set operation are its columns, by name or place."""
    shown = ["*"]
    for number, key in enumerate(keys):
        if not isinstance(key, exp.Column | exp.Literal):
            return None, 0, 0, None
        named = exp.column(tree.named_selects[int(key.name) - 1]) if key.is_int else key
        shown.append(f'{named.sql(dialect="duckdb")} AS "{_KEY}{number}"')
    inner = tree.sql(dialect="duckdb")
    return f"SELECT {', '.join(shown)} FROM ({inner})", len(keys), first, count


def _output(key: exp.Expression, outputs: Sequence[exp.Expression]) -> exp.Expression | None:
    """Return the expression behind a sort key: a place in the select list, or the key itself."""
    if not key.is_int:
        return key
    place = int(key.name) - 1
    if place >= len(outputs) or any(isinstance(each, exp.Star) for each in outputs):
        return None
    named = outputs[place]
    return named.this if isinstance(named, exp.Alias) else named


def _number(node: exp.Expression | None) -> int | None:
    value = node.args.get("expression") if node else None
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
