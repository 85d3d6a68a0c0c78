"""Kinds: every record of the tree, and every field of it, is on the list of `grammar`."""

from typing import Any

from assistant.errors import QueryRejected
from assistant.guard import grammar
from assistant.guard.query import Query, reject
from catalogue.sql_tree import Node

RULE = "kinds"
_QUERY_FIELDS = frozenset({"node", "query_node", "query"})
_WRITES = ("DELETE", "INSERT", "UPDATE", "MERGE", "COPY")


def allow_listed_kinds(query: Query) -> None:
    """Refuse whatever the tree holds that is not known to be harmless."""
    check_kinds(query.root)


def check_kinds(root: Node) -> None:
    """Walk a query; raise the rejection of the first thing that is not on the list."""
    stack: list[tuple[str, Any]] = [("node", root)]
    while stack:
        field, value = stack.pop()
        if isinstance(value, list):
            stack.extend((field, item) for item in value)
        elif isinstance(value, dict):
            _check_record(field, value)
            stack.extend(item for item in value.items() if type(item[1]) in (dict, list))


def _check_record(field: str, node: Node) -> None:
    kind = node.get("type")
    fields = _fields_of(field, node)
    if fields is None:
        raise _refused(node.get("class", ""), kind if isinstance(kind, str) else field)
    if not fields.issuperset(node):
        raise _refused(str(kind), next(iter(node.keys() - fields)))


def _fields_of(field: str, node: Node) -> frozenset[str] | None:
    kind = node.get("type")
    if "class" in node:
        return _expression_fields(node)
    if field in _QUERY_FIELDS and "type" in node:
        return grammar.QUERIES.get(str(kind))
    if isinstance(kind, str):
        return _kind_fields(field, kind, node)
    if field == "children" and "type" in node:
        return None
    return grammar.RECORDS.get(field)


def _expression_fields(node: Node) -> frozenset[str] | None:
    found = grammar.EXPRESSIONS.get(node["class"])
    if node["class"] == "OPERATOR" and node["type"] not in grammar.OPERATORS:
        return None
    if node["class"] == "CONSTANT" and node["literal"]["kind"] not in grammar.LITERALS:
        return None
    return found


def _kind_fields(field: str, kind: str, node: Node) -> frozenset[str] | None:
    if kind in grammar.ORDERS and field in ("orders", "arg_orders"):
        return grammar.RECORDS["orders"]
    if kind in grammar.MODIFIERS and field in ("modifiers", "order_bys"):
        return grammar.MODIFIERS[kind]
    if kind in grammar.QUERIES and field in ("children", "left", "right"):
        return grammar.QUERIES[kind]
    if kind == "SHOW_REF" and (node.get("show_type") != "SUMMARY" or node.get("qualified_name")):
        return None
    if kind in grammar.SOURCES and field in ("from_table", "left", "right", "source"):
        return grammar.SOURCES[kind]
    return None


def _refused(kind: str, detail: str) -> QueryRejected:
    name = detail if kind in ("", "OPERATOR") else kind
    if name.startswith(_WRITES) or detail.startswith(_WRITES):
        return reject(RULE, "The query writes. Only a single query that reads is allowed.")
    if name == "SHOW_REF":
        return reject(
            RULE,
            "DESCRIBE and SHOW are not part of a query here. The catalogue shows what there is.",
        )
    if detail == "at_clause":
        return reject(
            RULE, "Reading a table as of another version is not allowed. Leave the AT clause out."
        )
    return reject(
        RULE,
        f"The query uses something that is not allowed here ({name.lower()}: {detail.lower()})."
        " Write it without.",
        repair=f"Write it without {detail.lower().replace('_', ' ')}.",
    )
