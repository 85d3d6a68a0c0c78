"""Second opinion: the text that will run is parsed again and held to a stricter list.

Whatever went wrong before, in a rule or in writing the text out, what passes here reads only
permitted columns: each base table stands inside exactly the query the grant gives for it.
"""

from typing import Any

from assistant.guard.pivots import mark_pivots, write_pivots
from assistant.guard.query import Query, reject
from assistant.guard.rules.functions import check_functions
from assistant.guard.rules.kinds import check_kinds
from assistant.guard.visible import INNER
from catalogue.sql_tree import Node, ParseError, fold, nodes, parse, to_sql

RULE = "second_opinion"


def regenerate_and_recheck(query: Query) -> None:
    """Write the tree out as text without comments, read it back and look again."""
    try:
        query.safe_sql = _write(query)
        again = parse(mark_pivots(query.safe_sql, query.mark) if query.mark else query.safe_sql)
    except ParseError:
        raise _refused() from None
    if query.mark and query.mark in query.safe_sql:
        raise _refused()
    if len(again["statements"]) != 1 or again["statements"][0].get("named_param_map"):
        raise _refused()
    root = again["statements"][0]["node"]
    _take_out_wrappings(root, query)
    check_kinds(root)
    check_functions(list(nodes(root)))
    _check_no_table_is_left(root, frozenset())


def _write(query: Query) -> str:
    return write_pivots(query.tree, query.mark) if query.mark else to_sql(query.tree)


def _take_out_wrappings(root: Node, query: Query) -> None:
    """Replace each wrapped base table, if it is exactly what the grant gives, by nothing."""
    expected = {use.table.full_name: use.table.select() for use in query.uses}
    for node in nodes(root):
        source = node.get("from_table", {})
        path = source.get("qualified_name", {}).get("path", [])
        if source.get("type") == "BASE_TABLE" and source.get("alias") == INNER and len(path) == 2:
            if node != expected.get(".".join(path)):
                raise _refused()
            node.clear()
            node.update({"type": "SELECT_NODE", "select_list": [], "from_table": {"type": "EMPTY"}})


def _check_no_table_is_left(value: Any, ctes: frozenset[str]) -> None:
    """Refuse any name in a FROM that is not that of a CTE in sight."""
    if isinstance(value, list):
        for item in value:
            _check_no_table_is_left(item, ctes)
        return
    if not isinstance(value, dict):
        return
    for entry in value.get("cte_map", {}).get("map", []):
        _check_no_table_is_left(entry["value"], ctes)
        ctes |= {fold(entry["key"])}
    kind = value.get("type")
    if kind == "BASE_TABLE":
        *before, name = (fold(part) for part in value["qualified_name"]["path"])
        if name not in ctes or before not in ([], ["recurring"]):
            raise _refused()
    for field, item in value.items():
        if field != "cte_map":
            is_recursion = kind == "RECURSIVE_CTE_NODE" and field == "right"
            own = {fold(value["cte_name"])} if is_recursion else frozenset[str]()
            _check_no_table_is_left(item, ctes | own)


def _refused() -> Exception:
    message = "The query could not be written out in a form that holds when it is read again."
    told = f"{message} Write it in a simpler way."
    return reject(RULE, told, repair=told)
