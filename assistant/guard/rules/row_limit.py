"""Row limit: the outermost query ends one row after the limit, so that a cut can be noticed."""

from assistant.guard.query import Query
from catalogue.sql_tree import Node


def limit_rows(query: Query) -> None:
    """Lower the outermost limit where it is higher or missing; the engine cuts what is left."""
    most = query.row_limit + 1
    modifiers = query.root.setdefault("modifiers", [])
    limit = next((m for m in modifiers if m["type"] == "LIMIT_MODIFIER"), None)
    if limit is None:
        modifiers.append({"type": "LIMIT_MODIFIER", "limit": _integer(most)})
        return
    if limit.get("limit_type") or not _is_higher(limit.get("limit"), most):
        return
    limit["limit"] = _integer(most)


def _is_higher(limit: Node | None, most: int) -> bool:
    """True for no limit and for a plain number above ours; an expression is left as it is."""
    if limit is None:
        return True
    literal = limit.get("literal", {})
    text = literal.get("text", "").replace("_", "")
    return literal.get("kind") == "INTEGER" and text.isdigit() and int(text) > most


def _integer(value: int) -> Node:
    return {
        "class": "CONSTANT",
        "type": "VALUE_CONSTANT",
        "literal": {"kind": "INTEGER", "text": str(value)},
    }
