"""DuckDB's own parse tree of a query, to and from text.

One parser reads a query here and where it runs, so the two can never disagree about what it says.
The connection is in memory, sealed off from files and settings, and runs nothing but the parser.
"""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import duckdb

Node = dict[str, Any]

_SERIALIZE = (
    "SELECT json_serialize_sql(?::VARCHAR, skip_null := true, skip_empty := true,"
    " skip_default := true)"
)
_DESERIALIZE = "SELECT json_deserialize_sql(?::JSON)"
_PLACES = re.compile(r',"query_location(?:_length)?":\d+')
"""Where in the text a part was read: left out, so that equal queries have equal trees."""
_CONFIG = {
    "threads": "1",
    "memory_limit": "256MB",
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
}


_NAME = r'(?:"(?:[^"]|"")*"|[^\s".,()]+)'
_VIEW_HEAD = re.compile(
    rf"\s*create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?view\s+(?:if\s+not\s+exists\s+)?"
    rf"{_NAME}(?:\.{_NAME})*\s*(?:\(\s*{_NAME}(?:\s*,\s*{_NAME})*\s*\))?\s*as\b",
    re.IGNORECASE,
)
_HOLDERS = (dict, list)


class ParseError(Exception):
    """The text is not a query; the message is DuckDB's, about the text alone."""


_local = threading.local()
_lock = threading.Lock()
_shared: list[duckdb.DuckDBPyConnection] = []


def parse(sql: str) -> Node:
    """Return the statements of a text as one tree; raises ParseError."""
    try:
        row = _cursor().execute(_SERIALIZE, [sql]).fetchone()
        tree: Node = json.loads(_PLACES.sub("", row[0])) if row else {"error": True}
    except (duckdb.Error, RecursionError) as error:
        raise ParseError("the query is nested too deeply or cannot be read") from error
    if tree["error"]:
        raise ParseError(str(tree.get("error_message", "no statement")))
    return tree


def to_sql(tree: Node) -> str:
    """Return the text of a tree; raises ParseError for a tree that DuckDB cannot read."""
    try:
        row = _cursor().execute(_DESERIALIZE, [json.dumps(tree)]).fetchone()
    except (duckdb.Error, RecursionError) as error:
        raise ParseError("the query cannot be written out again") from error
    return str(row[0]) if row else ""


def expression_to_sql(expression: Node) -> str:
    """Return the text of one expression, as DuckDB would name a column after it."""
    return to_sql(select_of(expression)).removeprefix("SELECT ")


def select_of(expression: Node) -> Node:
    """Return the tree of `SELECT expression`."""
    node = {
        "type": "SELECT_NODE",
        "cte_map": {},
        "select_list": [expression],
        "from_table": {"type": "EMPTY"},
        "aggregate_handling": "STANDARD_HANDLING",
    }
    return {"error": False, "statements": [{"node": node}]}


def select_from(source: Node) -> Node:
    """Return the tree of `SELECT * FROM source`."""
    tree = select_of({"class": "STAR", "type": "STAR"})
    tree["statements"][0]["node"]["from_table"] = source
    return tree


def only_expression(tree: Mapping[str, Any]) -> Node | None:
    """Return the expression of a tree that is `SELECT expression` and nothing more."""
    statements = tree["statements"]
    node = statements[0]["node"]
    plain = {"type", "cte_map", "select_list", "from_table", "aggregate_handling"}
    if (
        len(statements) != 1
        or node["type"] != "SELECT_NODE"
        or len(node["select_list"]) != 1
        or node["from_table"]["type"] != "EMPTY"
        or node["cte_map"]
        or not plain.issuperset(node)
    ):
        return None
    only: Node = node["select_list"][0]
    return only


def nodes(value: Any) -> Iterator[Node]:
    """Yield every record of a tree, each before what it holds."""
    stack = [value]
    while stack:
        item = stack.pop()
        if type(item) is dict:
            yield item
            stack.extend(part for part in item.values() if type(part) in _HOLDERS)
        elif type(item) is list:
            stack.extend(item)


def own_nodes(value: Any) -> Iterator[Node]:
    """Yield the records of an expression, without going into a query inside it."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            yield item
            inner = item.get("class") == "SUBQUERY"
            stack.extend(part for key, part in item.items() if not (inner and key == "subquery"))


def fold(name: str) -> str:
    """Return a name as DuckDB compares it: only ASCII letters have no case.

    A CTE called with the Kelvin sign is not the table `kpi`, though Python's `lower` says so.
    """
    return name.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


@cache
def builtin_functions() -> frozenset[str]:
    """Return the names of DuckDB's own functions, aggregates and macros, in lower case."""
    rows = _cursor().execute(
        "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE internal"
    )
    return frozenset(str(name) for (name,) in rows.fetchall())


def body_of(definition: str) -> str:
    """Return the query of CREATE VIEW, or the text itself where it is a query.

    The head is read name by name: a quoted name may hold anything, an AS too.
    """
    head = _VIEW_HEAD.match(definition)
    return definition[head.end() :] if head else definition


def query_of(sql: str) -> Node | None:
    """Return the statement of a text that is one query, or None."""
    try:
        found = parse(sql)
    except ParseError:
        return None
    if len(found["statements"]) != 1:
        return None
    statement: Node = found["statements"][0]
    return statement


def constant(value: str | None) -> Node:
    """Return a text literal, or NULL."""
    literal = {"kind": "NULL_LITERAL"} if value is None else {"kind": "STRING", "text": value}
    return {"class": "CONSTANT", "type": "VALUE_CONSTANT", "literal": literal}


def _cursor() -> duckdb.DuckDBPyConnection:
    if not hasattr(_local, "cursor"):
        with _lock:
            if not _shared:
                _shared.append(_sealed())
            _local.cursor = _shared[0].cursor()
    cursor: duckdb.DuckDBPyConnection = _local.cursor
    return cursor


def _sealed() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config=dict(_CONFIG))
    connection.execute("SET disabled_filesystems = 'LocalFileSystem'")
    connection.execute("SET lock_configuration = true")
    return connection
