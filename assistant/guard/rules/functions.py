"""Functions: every function called is on the reviewed list, every type is built in."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from assistant.errors import QueryRejected
from assistant.guard import grammar
from assistant.guard.query import Query, reject
from catalogue.errors import nearest
from catalogue.sql_tree import Node

RULE = "functions"
_SYSTEM = frozenset({"main", "system", "temp", "pg_catalog", "information_schema"})
_KINDS = " Those that compute from their arguments alone are."
_COLLATION = re.compile(r"[a-z_]+(\.[a-z_]+)*", re.IGNORECASE)


def allow_listed_functions(query: Query) -> None:
    """Refuse functions, types and collations that are not listed."""
    for node in query.nodes:
        if node.get("class") == "FUNCTION" and node.get("schema"):
            _unfold_method(node)
    check_functions(query.nodes)


def check_functions(every: Sequence[Node]) -> None:
    """Look at the records of a query; raise the rejection of the first function not listed."""
    tables = {id(node["function"]) for node in every if node.get("type") == "TABLE_FUNCTION"}
    for node in every:
        kind = node.get("class")
        if kind == "FUNCTION":
            _check_function(node, "table" if id(node) in tables else "scalar")
        elif kind == "WINDOW":
            _check_function(node, "window")
        elif kind == "TYPE":
            _check_type(node)
        elif kind == "COLLATE" and not _COLLATION.fullmatch(node["collation"]):
            raise reject(RULE, "That collation is not allowed here. Leave COLLATE out.")


def _check_function(node: Node, place: str) -> None:
    name = node["function_name"].lower()
    if (
        node.get("schema")
        or node.get("catalog")
        or node["qualified_name"]["path"] != [node["function_name"]]
    ):
        raise _refused(".".join(node["qualified_name"]["path"]))
    if place == "table":
        if name not in listed("table"):
            raise _refused(name, place)
    elif name not in listed("scalar") and not (place == "window" and name in listed("window")):
        raise _refused(name)


def _check_type(node: Node) -> None:
    path = node["qualified_name"]["path"]
    if node.get("schema") or node.get("catalog") or len(path) != 1:
        raise reject(RULE, f"{'.'.join(path)!r} is no built-in type of DuckDB. Use one that is.")
    if node["type_name"].lower() not in grammar.TYPES or path != [node["type_name"]]:
        raise reject(
            RULE,
            f"{node['type_name']!r} is no built-in type of DuckDB. Use one that is.",
            repair="Use DuckDB's built-in types only.",
        )


def _unfold_method(node: Node) -> None:
    """Write `column.upper()` as `upper(column)`, which is how DuckDB reads it."""
    path = node["qualified_name"]["path"]
    if path[0].lower() in _SYSTEM:
        return
    owner: Node = {"class": "COLUMN_REF", "type": "COLUMN_REF", "column_names": path[:-1]}
    node["arguments"] = [{"expression": owner}, *node.get("arguments", [])]
    node["qualified_name"] = {"path": [path[-1]]}
    node.pop("schema")
    node.pop("catalog", None)


def _refused(name: str, place: str = "scalar") -> QueryRejected:
    close = nearest(name, listed(place))
    hint = f" Did you mean {close!r}?" if close else ""
    noun = "table function" if place == "table" else "function"
    return reject(
        RULE,
        f"The {noun} {name!r} is not allowed here.{hint or _KINDS}",
        repair=f"There is no {noun} {name!r} here.{hint} Use plain SQL and the tables given.",
    )


@cache
def listed(place: str) -> frozenset[str]:
    """Return the names listed for a place: `scalar` holds aggregates, macros, operators too."""
    sections: dict[str, set[str]] = {}
    names: set[str] = set()
    text = files("assistant.guard").joinpath("functions.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            names = sections.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            names.update(line.split())
    scalar = sections["operators"] | sections["scalar"] | sections["macros"] | sections["aggregate"]
    scalar |= {"unnest"}
    return frozenset(scalar if place == "scalar" else sections[place])
