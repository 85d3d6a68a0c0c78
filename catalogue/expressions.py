"""Masks and row filters of a policy: parsed, held to pure scalar expressions, typed and bound.

Parsing and typing happen in an in-memory DuckDB that holds empty tables only. `{user}` and
`{role}` become constants of the parsed tree, never text pasted into SQL.
"""

from copy import deepcopy
from dataclasses import dataclass
from functools import cache, cached_property

import duckdb

from catalogue.model import Table
from catalogue.sql_tree import (
    Node,
    ParseError,
    constant,
    expression_to_sql,
    nodes,
    only_expression,
    parse,
)

_MARKS = {"{user}": "$asker_user", "{role}": "$asker_role"}
_FORBIDDEN = ("SUBQUERY", "WINDOW", "STAR", "DEFAULT", "POSITIONAL_REFERENCE")
_FORBIDDEN_FUNCTIONS = frozenset(
    [
        "alias",
        "currval",
        "error",
        "getvariable",
        "nextval",
        "setval",
        "setseed",
        "sleep_ms",
        "stats",
        "version",
        "write_log",
        "txid_current",
        "in_search_path",
        "json_serialize_sql",
        "json_deserialize_sql",
        "json_serialize_plan",
        "assert_true",
        "user",
        "session_user",
        "obj_description",
        "col_description",
        "shobj_description",
    ]
)
_FORBIDDEN_PREFIXES = ("current_", "pg_", "has_", "duckdb_", "inet_", "__", "format_type")
_CLOCK = {"current_date", "current_timestamp", "current_localtime", "current_localtimestamp"}


class BadExpression(Exception):
    """An expression of the policy does not hold; the message is half a sentence."""


@dataclass(frozen=True, kw_only=True)
class Expression:
    """One checked expression, waiting for user and role."""

    tree: Node
    type: str
    has_slots: bool

    def bind(self, *, user: str | None, role: str) -> str:
        """Return the expression as SQL text with user and role as literals."""
        tree = deepcopy(self.tree)
        values = {"asker_user": user, "asker_role": role}
        for node in nodes(tree):
            if node.get("class") == "PARAMETER":
                value = values[node["identifier"]]
                node.clear()
                node.update(constant(value))
        return expression_to_sql(tree)


class Expressions:
    """Reads the expressions of one policy."""

    def __init__(self) -> None:
        self._typed: set[str] = set()

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        """Opened for the first expression: many policies have none."""
        return duckdb.connect(config={"enable_external_access": "false"})

    def __enter__(self) -> "Expressions":
        return self

    def __exit__(self, *exc: object) -> None:
        if "_connection" in self.__dict__:
            self._connection.close()

    def mask(self, text: str, table: Table, data_type: str) -> Expression:
        """Return the mask of a column of that type; raise BadExpression if it does not fit."""
        tree, slots = self._read(text, table)
        found = self._type_of(tree, table)
        if found == data_type:
            return Expression(tree=tree, type=found, has_slots=slots)
        if not self._fits(found, data_type):
            raise BadExpression(f"gives {found}, but the column is {data_type}")
        cast = _expression(f"CAST(1 AS {data_type})")
        cast["child"] = tree
        return Expression(tree=cast, type=data_type, has_slots=slots)

    def row_filter(self, text: str, table: Table) -> Expression:
        """Return the row filter of a table; raise BadExpression if it is no condition."""
        tree, slots = self._read(text, table)
        found = self._type_of(tree, table)
        if found not in ("BOOLEAN", '"NULL"'):
            raise BadExpression(f"gives {found}, but a row filter must be a condition")
        return Expression(tree=tree, type=found, has_slots=slots)

    def _read(self, text: str, table: Table) -> tuple[Node, bool]:
        marked = text
        for mark, parameter in _MARKS.items():
            marked = marked.replace(mark, f" {parameter} ")
        tree = _expression(marked)
        columns = {column.name.lower() for column in table.columns}
        slots = False
        for node in nodes(tree):
            self._check(node, columns, table)
            slots = slots or node.get("class") == "PARAMETER"
        return tree, slots

    def _check(self, node: Node, columns: set[str], table: Table) -> None:
        kind = node.get("class")
        if kind in _FORBIDDEN:
            raise BadExpression("must be a pure scalar expression over the table's own columns")
        if kind == "PARAMETER" and node.get("identifier") not in ("asker_user", "asker_role"):
            raise BadExpression("knows no other slots than {user} and {role}")
        if kind == "CONSTANT" and "$asker_" in str(node.get("literal", {}).get("text", "")):
            raise BadExpression("has a slot inside quotes: write {user} and {role} without quotes")
        if kind == "FUNCTION" and (
            node["function_name"].lower() not in _pure_functions() or node.get("schema")
        ):
            raise BadExpression(
                f"calls {node['function_name']!r}, which is no pure scalar function"
            )
        if kind == "COLUMN_REF":
            self._check_column(node["column_names"], columns, table)

    def _check_column(self, names: list[str], columns: set[str], table: Table) -> None:
        first = names[0].lower()
        if first == table.name.lower() and len(names) > 1:
            first = names[1].lower()
        if first not in columns and first not in _CLOCK:
            raise BadExpression(f"names {names[-1]!r}, which {table.full_name} does not have")

    def _type_of(self, tree: Node, table: Table) -> str:
        name = f'"{table.full_name.replace(chr(34), "")}"'
        if name not in self._typed:
            self._create(name, table)
        bound = Expression(tree=tree, type="", has_slots=True).bind(user="a", role="a")
        try:
            rows = self._connection.execute(
                f'DESCRIBE SELECT {bound} FROM {name} AS "{table.name.replace(chr(34), "")}"'
            ).fetchall()
        except duckdb.Error as error:
            reason = str(error).splitlines()[0].split(": ", 1)[-1].rstrip(". ")
            raise BadExpression(f"cannot be typed: {reason}") from error
        return str(rows[0][1])

    def _create(self, name: str, table: Table) -> None:
        for known in (True, False):
            columns = ", ".join(
                f'"{column.name.replace(chr(34), chr(34) * 2)}" '
                f"{column.data_type if known else 'VARCHAR'}"
                for column in table.columns
            )
            try:
                self._connection.execute(f"CREATE OR REPLACE TABLE {name} ({columns})")
            except duckdb.Error:
                continue
            break
        self._typed.add(name)

    def _fits(self, found: str, wanted: str) -> bool:
        if found == '"NULL"':
            return True
        try:
            row = self._connection.execute(
                f"SELECT can_cast_implicitly(CAST(NULL AS {found}), CAST(NULL AS {wanted}))"
            ).fetchone()
        except duckdb.Error:
            return False
        return bool(row and row[0]) and wanted != "VARCHAR"


@cache
def _pure_functions() -> frozenset[str]:
    with duckdb.connect(config={"enable_external_access": "false"}) as connection:
        rows = connection.execute(
            "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE internal AND"
            " (function_type = 'macro' OR (function_type = 'scalar' AND stability <> 'VOLATILE'))"
        ).fetchall()
    names = {str(name) for (name,) in rows} - _FORBIDDEN_FUNCTIONS
    return frozenset(
        name for name in names if name in _CLOCK or not name.startswith(_FORBIDDEN_PREFIXES)
    )


def _expression(text: str) -> Node:
    try:
        found = only_expression(parse(f"SELECT {text}"))
    except ParseError as error:
        if "Only SELECT" in str(error):
            raise BadExpression("must be one expression") from error
        raise BadExpression(f"cannot be read: {error}") from error
    if found is None:
        raise BadExpression("must be one expression")
    return found
