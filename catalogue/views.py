"""What the columns of a view are made of, as far as its definition tells without guessing.

Errs towards more: a column that might reach another is said to reach it.
"""

from dataclasses import dataclass

from catalogue.model import Table
from catalogue.sql_tree import Node, ParseError, nodes, parse


@dataclass(frozen=True, kw_only=True)
class ViewSources:
    """The tables a view reads and the column names each of its columns may be made of."""

    tables: tuple[tuple[str, ...], ...]
    """Name parts as written, lower case, without names of CTEs."""
    names: dict[str, frozenset[str]]
    """Output column -> column names it mentions, lower case."""


def sources_of(view: Table) -> ViewSources | None:
    """Return what a view reads, or None where that cannot be told."""
    tree = _parse(_body(view.definition or ""))
    if tree is None:
        return None
    ctes = {
        str(entry["key"]).lower()
        for node in nodes(tree)
        for entry in node.get("cte_map", {}).get("map", [])
    }
    tables = [
        tuple(part.lower() for part in node["qualified_name"]["path"])
        for node in nodes(tree)
        if node.get("type") == "BASE_TABLE" and "class" not in node
    ]
    return ViewSources(
        tables=tuple(dict.fromkeys(t for t in tables if not (len(t) == 1 and t[0] in ctes))),
        names=_names(tree, view),
    )


def _names(tree: Node, view: Table) -> dict[str, frozenset[str]]:
    outputs = [column.name.lower() for column in view.columns]
    every = frozenset(_mentioned(tree))
    items = _plain_items(tree, len(outputs))
    if items is not None:
        return {name: _mentioned(item) for name, item in zip(outputs, items, strict=True)}
    return {name: every | {name} for name in outputs}


def _plain_items(tree: Node, width: int) -> list[Node] | None:
    """Return the select list where each item stands for one column over real tables only."""
    node = tree["node"]
    if node["type"] != "SELECT_NODE" or node.get("cte_map", {}).get("map"):
        return None
    items: list[Node] = node["select_list"]
    has_star = any(inner.get("class") == "STAR" for item in items for inner in nodes(item))
    derived = any(
        inner.get("type") in ("SUBQUERY", "PIVOT", "TABLE_FUNCTION", "SHOW_REF")
        for inner in nodes(node["from_table"])
    )
    if has_star or derived or len(items) != width or _has_column_aliases(node["from_table"]):
        return None
    return items


def _has_column_aliases(source: Node) -> bool:
    return any("column_name_alias" in inner for inner in nodes(source))


def _mentioned(tree: Node) -> frozenset[str]:
    """Every part of every column name: a bare table name stands for the whole row."""
    return frozenset(
        part.lower()
        for node in nodes(tree)
        if node.get("class") == "COLUMN_REF"
        for part in node["column_names"]
    )


def _body(definition: str) -> str:
    """Return the query of CREATE VIEW, found by trying each AS until the rest parses."""
    if not definition.lstrip().lower().startswith("create"):
        return definition
    at = definition.lower().find(" as ")
    while at != -1:
        body = definition[at + 4 :]
        if _parse(body) is not None:
            return body
        at = definition.lower().find(" as ", at + 1)
    return ""


def _parse(sql: str) -> Node | None:
    try:
        found = parse(sql)
    except ParseError:
        return None
    if len(found["statements"]) != 1:
        return None
    statement: Node = found["statements"][0]
    return statement
