"""Random queries over the shop: mostly sound, with hidden names and odd places mixed in."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

KNOWN = {
    "gold.customers": ["id", "name", "city", "joined", "scores", "address", "prefs", "rating"],
    "gold.orders": [
        "id",
        "customer_id",
        "region",
        "amount",
        "ordered_at",
        "status",
        "note",
        "kind",
    ],
    "gold.products": ["id", "name", '"group"', '"unit price"'],
    "gold.contacts": ["id", "city"],
    "gold.city_sizes": ["city", "customers"],
}
HIDDEN_TABLES = ["hr.salaries", "main.kpi", "kpi", "gold.pay", "duckdb_tables", "nofile"]
HIDDEN_COLUMNS = ["email", "ssn", "rowid", "address", "t"]
ALIASES = ["a", "b", "customers", "orders", "kpi", '"T 1"']
SCALARS = [
    "upper(CAST({} AS VARCHAR))",
    "length(CAST({} AS VARCHAR))",
    "to_json({})",
    "hash({})",
    "typeof({})",
    "{} IS NULL",
    "coalesce(CAST({} AS VARCHAR), 'none')",
    "CASE WHEN CAST({} AS VARCHAR) LIKE '%CANARY%' THEN 1 ELSE 0 END",
    "TRY_CAST(CAST({} AS VARCHAR) AS INTEGER)",
    "CAST({} AS INTEGER)",
    "[{}]",
    "{{'k': {}}}",
    "CAST({} AS VARCHAR).lower()",
    "list_transform([{}], lambda x: x)",
    "strptime(CAST({} AS VARCHAR), '%d')",
    "reveal({})",
]
AGGREGATES = ["max({})", "min({})", "count(DISTINCT {})", "list({})", "mode({})", "any_value({})"]
WINDOWS = ["rank() OVER (ORDER BY {})", "lag({}) OVER (ORDER BY {})", "first({}) OVER ()"]


@dataclass(frozen=True)
class From:
    """A source and the column names it offers, qualified."""

    text: str
    columns: tuple[str, ...]


def one_of(draw: st.DrawFn, choices: Sequence[str]) -> str:
    return draw(st.sampled_from(list(choices)))


def rarely(draw: st.DrawFn, one_in: int = 12) -> bool:
    return draw(st.integers(0, one_in)) == one_in


@st.composite
def sources(draw: st.DrawFn, depth: int = 2) -> From:
    """Draw a table, a subquery, a join or a lateral."""
    alias = one_of(draw, ALIASES)
    kind = draw(st.integers(0, 6 if depth else 2))
    if kind <= 2:
        if rarely(draw, 25):
            return From(f"{one_of(draw, HIDDEN_TABLES)} AS {alias}", (f"{alias}.id",))
        table = one_of(draw, sorted(KNOWN))
        if draw(st.booleans()):
            return From(f"{table} AS {alias}", tuple(f"{alias}.{c}" for c in KNOWN[table]))
        return From(table, tuple(f"{table}.{c}" for c in KNOWN[table]))
    if kind == 3:
        inner = draw(sources(depth=depth - 1))
        return From(f"(SELECT * FROM {inner.text}) AS {alias}", _renamed(inner, alias))
    if kind == 4:
        inner = draw(sources(depth=depth - 1))
        item = draw(expressions(inner.columns))
        return From(f"(SELECT {item} AS x FROM {inner.text}) AS {alias}", (f"{alias}.x",))
    left, right = draw(sources(depth=0)), draw(sources(depth=0))
    if kind == 5:
        condition = (
            f"{one_of(draw, left.columns)} IS NOT NULL AND {one_of(draw, right.columns)} IS NULL"
        )
        text = f"{left.text} LEFT JOIN {right.text} ON {condition}"
        return From(text, (*left.columns, *right.columns))
    item = draw(expressions(left.columns))
    return From(f"{left.text}, LATERAL (SELECT {item} AS y) AS l", (*left.columns, "l.y"))


def _renamed(inner: From, alias: str) -> tuple[str, ...]:
    return tuple(f"{alias}.{column.rsplit('.', 1)[-1]}" for column in inner.columns)


@st.composite
def expressions(draw: st.DrawFn, columns: Sequence[str], depth: int = 2) -> str:
    """Draw a scalar expression over these columns."""
    column = one_of(draw, HIDDEN_COLUMNS if rarely(draw, 30) else columns)
    kind = draw(st.integers(0, 5 if depth else 1))
    if kind <= 1:
        return column
    if kind == 2:
        inner = draw(expressions(columns, depth=depth - 1))
        operator = one_of(draw, ["=", "<", "||", "LIKE"])
        return f"(CAST({column} AS VARCHAR) {operator} CAST({inner} AS VARCHAR))"
    if kind == 3 and depth > 1:
        source = draw(sources(depth=0))
        inner = draw(expressions((*source.columns, column), depth=0))
        return f"(SELECT max(CAST({inner} AS VARCHAR)) FROM {source.text})"
    return one_of(draw, SCALARS).format(draw(expressions(columns, depth=depth - 1)))


@st.composite
def selects(draw: st.DrawFn) -> str:
    """Draw a SELECT."""
    source = draw(sources())
    columns = source.columns
    where = f" WHERE {draw(expressions(columns))} IS NOT NULL" if draw(st.booleans()) else ""
    kind = draw(st.integers(0, 6))
    if kind == 0:
        star = one_of(draw, ["*", "COLUMNS('.*')", "COLUMNS(lambda c: c LIKE '%m%')", "count(*)"])
        return f"SELECT {star} FROM {source.text}{where}"
    if kind == 1:
        group = draw(expressions(columns))
        aggregate = one_of(draw, AGGREGATES).format(draw(expressions(columns)))
        return f"SELECT {group} AS g, {aggregate} FROM {source.text}{where} GROUP BY ALL"
    if kind == 2:
        window = one_of(draw, WINDOWS).replace("{}", draw(expressions(columns)))
        return f"SELECT {window} FROM {source.text}{where}"
    items = ", ".join(draw(st.lists(expressions(columns), min_size=1, max_size=3)))
    return f"SELECT {items} FROM {source.text}{where}"


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Draw a query."""
    kind = draw(st.integers(0, 8))
    select = draw(selects())
    if kind == 0:
        return f"WITH {one_of(draw, ALIASES)} AS ({select}) {draw(selects())}"
    if kind == 1:
        name = one_of(draw, ALIASES)
        return f"WITH {name} AS ({select}) SELECT * FROM {name}"
    if kind == 2:
        return f"SUMMARIZE {select}"
    if kind == 3:
        source = draw(sources(depth=0))
        values = draw(expressions(source.columns, depth=1))
        return f"PIVOT (SELECT {values} AS p FROM {source.text}) ON p USING count(*)"
    if kind == 4:
        return f"SELECT to_json(q) FROM ({select}) AS q"
    return select
