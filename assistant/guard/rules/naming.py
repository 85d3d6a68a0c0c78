"""Naming: an unaliased result column keeps the name its author would see.

DuckDB names it after the text of the expression, which rewriting is about to change.
"""

from assistant.guard.query import Query
from catalogue.sql_tree import Node, expression_to_sql, nodes


def keep_names(query: Query) -> None:
    """Give such expressions their own text as alias, before anything is rewritten."""
    for node in query.nodes:
        if node.get("type") == "SELECT_NODE":
            for item in node["select_list"]:
                if _changes(item):
                    item["alias"] = expression_to_sql(item)


def _changes(item: Node) -> bool:
    if item.get("alias") or item["class"] in ("COLUMN_REF", "STAR"):
        return False
    if item.get("function_name", "").lower() == "unnest":
        return False
    inner = list(nodes(item))
    if any(node.get("class") == "STAR" for node in inner):
        return False
    return any(
        node.get("class") == "SUBQUERY"
        or (node.get("class") == "FUNCTION" and node.get("schema"))
        or (node.get("class") == "COLUMN_REF" and len(node["column_names"]) > 2)
        for node in inner
    )
