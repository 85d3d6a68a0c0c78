"""Naming: an unaliased result column keeps the name its author would see.

DuckDB names it after the text of the expression, which rewriting is about to change: the name
would show the policy's conditions.
"""

from assistant.guard.query import Query
from catalogue.sql_tree import Node, expression_to_sql, own_nodes


def keep_names(query: Query) -> None:
    """Give such expressions their own text as alias, before anything is rewritten."""
    for node in query.nodes:
        if node.get("type") == "SELECT_NODE":
            for item in node["select_list"]:
                if _changes(item):
                    item["alias"] = _text(item, query.mark)


def _text(item: Node, mark: str) -> str:
    text = expression_to_sql(item)
    return text.replace(mark, "...") if mark else text


def _changes(item: Node) -> bool:
    if item.get("alias") or item["class"] in ("COLUMN_REF", "STAR"):
        return False
    own = list(own_nodes(item))
    holds_query = any(node.get("class") == "SUBQUERY" for node in own)
    if any(node.get("class") == "STAR" for node in own):
        # Named after each of its columns, unless they are unpacked into one expression.
        return holds_query and any(node.get("type") == "OPERATOR_UNPACK" for node in own)
    if item.get("function_name", "").lower() == "unnest":
        return holds_query
    return holds_query or any(
        (node.get("class") == "FUNCTION" and node.get("schema"))
        or (node.get("class") == "COLUMN_REF" and len(node["column_names"]) > 2)
        for node in own
    )
