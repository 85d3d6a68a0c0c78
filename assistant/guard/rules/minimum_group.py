"""Minimum group: rows of some tables leave a query only summed up, in groups of enough of them.

Each such table hands on a hidden number of its row. Selects that only pass rows on pass it on too;
the select that sums them up keeps the groups with enough different numbers, so that joining a row
to many others does not make a group of it. Rows that reach the result unsummed are refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.guard.query import Query, reject
from assistant.guard.rules.functions import listed
from assistant.guard.visible import ROW, quoted
from catalogue.sql_tree import Node, fold, nodes, only_expression, own_nodes, parse

RULE = "minimum_group"
_SUMMING = frozenset(
    """approx_count_distinct avg corr count count_if count_star countif covar_pop covar_samp entropy
    favg fsum kahan_sum kurtosis kurtosis_pop mean regr_avgx regr_avgy regr_count regr_intercept
    regr_r2 regr_slope regr_sxx regr_sxy regr_syy sem skewness stddev stddev_pop stddev_samp sum
    sumkahan var_pop var_samp variance""".split()  # noqa: SIM905
)
"""Aggregates that show no row's own value; an extreme, a list or a quantile does."""
_HARMLESS = frozenset(
    "ago date_add days_in_month fdiv fmod if nullif split_part".split()  # noqa: SIM905
)
_EXPRESSIONS = (
    "select_list",
    "where_clause",
    "group_expressions",
    "having",
    "qualify",
    "modifiers",
)


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """Rows of one table that are not summed up yet, as a select sees them."""

    number: str
    """SQL of the column that holds the number of the row."""
    table: str
    least: int


Ctes = Mapping[tuple[str, ...], tuple[_Rows, ...]]


def keep_small_groups_back(query: Query) -> None:
    """Add the conditions that hold small groups back, or refuse what shows single rows."""
    protected = {
        id(use.node): (use.table.full_name, use.table.grant.minimum_group or 0)
        for use in query.uses
        if use.table.grant.minimum_group
    }
    if protected:
        unsummed = _Walk(protected).query(query.root, {})
        if unsummed:
            raise _refused(unsummed[0])


class _Walk:
    """Goes through a query from the inside out."""

    def __init__(self, protected: Mapping[int, tuple[str, int]]) -> None:
        self._protected = protected
        self._passed_on = 0

    def query(self, node: Node, ctes: Ctes) -> tuple[_Rows, ...]:
        """Return the rows that a query gives unsummed."""
        seen = dict(ctes)
        for entry in node.get("cte_map", {}).get("map", []):
            value, key = entry["value"], fold(entry["key"])
            rows = self.query(value["query_node"], seen)
            self._refuse_if(rows and value.get("aliases"), rows, "in a CTE with a column list")
            seen[key,] = rows
        if node["type"] == "SELECT_NODE":
            return self._select(node, seen)
        for part in (node.get("left"), node.get("right"), *node.get("children", [])):
            if part is not None:
                rows = self.query(part, seen)
                self._refuse_if(rows, rows, "in a UNION or a recursion")
        self._subqueries(node.get("modifiers", []), seen)
        return ()

    def _select(self, node: Node, ctes: Ctes) -> tuple[_Rows, ...]:
        rows = self._source(node["from_table"], ctes)
        for part in _EXPRESSIONS:
            self._subqueries(node.get(part), ctes)
        if not rows:
            return ()
        if _sums_up(node):
            self._hold_back(node, rows)
            return ()
        distinct = any(m["type"] == "DISTINCT_MODIFIER" for m in node.get("modifiers", []))
        self._refuse_if(distinct, rows, "with DISTINCT")
        # It would give every row of a large group the value of one.
        windows = [each for each in nodes(node["select_list"]) if each.get("class") == "WINDOW"]
        self._refuse_if(windows, rows, "through a window")
        return tuple(self._pass_on(node, each) for each in rows)

    def _pass_on(self, node: Node, rows: _Rows) -> _Rows:
        self._passed_on += 1
        name = f"{ROW}{self._passed_on}"
        node["select_list"].append({**_expression(rows.number), "alias": name})
        return _Rows(number=quoted(name), table=rows.table, least=rows.least)

    def _hold_back(self, node: Node, rows: tuple[_Rows, ...]) -> None:
        # An aggregate in a subquery is this select's own where its arguments are.
        for item in nodes([node.get(part) for part in _EXPRESSIONS]):
            self._refuse_if(item.get("class") == "STAR", rows, "through a star")
            if item.get("class") == "FUNCTION":
                shown = _shows_rows(item)
                self._refuse_if(shown, rows, f"through {shown}")
        held = [_expression(f"count(DISTINCT {each.number}) >= {each.least}") for each in rows]
        own = [node["having"]] if node.get("having") else []
        conditions = [*own, *held]
        node["having"] = (
            conditions[0]
            if len(conditions) == 1
            else {"class": "CONJUNCTION", "type": "CONJUNCTION_AND", "children": conditions}
        )

    def _source(self, node: Node, ctes: Ctes) -> tuple[_Rows, ...]:
        kind = node["type"]
        if kind == "JOIN":
            rows = self._source(node["left"], ctes) + self._source(node["right"], ctes)
            self._subqueries(node.get("condition"), ctes)
            self._refuse_if(node.get("ref_type") == "NATURAL", rows, "in a NATURAL JOIN")
            halved = str(node.get("join_type")).endswith(("SEMI", "ANTI"))
            self._refuse_if(halved, rows, "in a SEMI or ANTI JOIN")
            return rows
        if kind == "BASE_TABLE":
            rows = self._base_table(node, ctes)
        elif kind == "SUBQUERY":
            rows = self.query(node["subquery"]["node"], ctes)
        else:
            rows = self._other(node, ctes)
        self._refuse_if(node.get("column_name_alias"), rows, "under a column list")
        alias = node.get("alias")
        return tuple(
            _Rows(
                number=f"{quoted(alias)}.{each.number}" if alias else each.number,
                table=each.table,
                least=each.least,
            )
            for each in rows
        )

    def _base_table(self, node: Node, ctes: Ctes) -> tuple[_Rows, ...]:
        path = node["qualified_name"]["path"]
        if id(node) in self._protected:
            table, least = self._protected[id(node)]
            own = "" if node.get("alias") else f"{quoted(path[-1])}."
            return (_Rows(number=f"{own}{quoted(ROW)}", table=table, least=least),)
        rows = ctes.get(tuple(fold(part) for part in path), ())
        if node.get("alias"):
            return rows
        own = quoted(path[-1])
        return tuple(
            _Rows(number=f"{own}.{each.number}", table=each.table, least=each.least)
            for each in rows
        )

    def _other(self, node: Node, ctes: Ctes) -> tuple[_Rows, ...]:
        """A pivot, a summary, a table function: what it does with rows is not followed."""
        if node["type"] == "PIVOT":
            rows = self._source(node["source"], ctes)
            self._refuse_if(rows, rows, "in a PIVOT")
        elif node["type"] == "SHOW_REF":
            rows = self.query(node["query"], ctes)
            self._refuse_if(rows, rows, "in a SUMMARIZE")
        self._subqueries(
            [part for key, part in node.items() if key not in ("source", "query")], ctes
        )
        return ()

    def _subqueries(self, value: Any, ctes: Ctes) -> None:
        """Look into each query that stands inside an expression."""
        for item in own_nodes(value):
            if item.get("class") == "SUBQUERY":
                rows = self.query(item["subquery"]["node"], ctes)
                self._refuse_if(rows, rows, "in a subquery of an expression")

    def _refuse_if(self, refused: object, rows: tuple[_Rows, ...], where: str) -> None:
        if refused and rows:
            raise _refused(rows[0], where)


def _shows_rows(function: Node) -> str:
    """Return the name of a function that may show a row's own value; empty for one that sums up."""
    name: str = function["function_name"].lower()
    if function.get("filter"):
        return f"{name} with FILTER"
    shows = name in listed("aggregate") - _SUMMING or name in listed("macros") - _HARMLESS
    return name if shows else ""


def _sums_up(node: Node) -> bool:
    if node.get("group_expressions") or node.get("aggregate_handling") == "FORCE_AGGREGATES":
        return True
    parts = [node.get("select_list"), node.get("having"), node.get("modifiers")]
    return any(
        item.get("class") == "FUNCTION" and item["function_name"].lower() in listed("aggregate")
        for item in own_nodes(parts)
    )


def _expression(sql: str) -> Node:
    found = only_expression(parse(f"SELECT {sql}"))
    if found is None:
        raise ValueError(f"{sql} is no expression")
    return found


def _refused(rows: _Rows, where: str = "") -> Exception:
    how = f" {where}" if where else ""
    text = (
        f"Rows of {rows.table} are shown in groups of at least {rows.least} only, "
        f"and this query would show single ones{how}."
    )
    return reject(
        RULE,
        text,
        repair=f"{text} Sum them up with count, sum or avg, with WHERE in place of FILTER, "
        "and group them coarsely.",
    )
