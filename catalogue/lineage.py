"""What the columns of a view are made of: column lineage through its SQL, read from DuckDB's tree.

Errs towards more. What cannot be told apart (a star over an unknown source, a pivot, a positional
reference) is said to be made of every column within reach; what cannot be read is None.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalogue.model import Table
from catalogue.relations import NOTHING, Origins, Relation, Scope, united
from catalogue.sql_tree import Node, body_of, builtin_functions, fold, nodes, query_of

_TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series", "json_each", "json_tree"})
_SYSTEM = frozenset({"main", "system", "pg_catalog"})


@dataclass(frozen=True, kw_only=True)
class ViewSources:
    """What a view reads."""

    tables: frozenset[str]
    """Full names in lower case; a bare name may stand for the table of either of two schemas."""
    columns: Mapping[str, Origins]
    """Column of the view -> what it may be made of."""


class _Unreadable(Exception):
    """The SQL calls something that may read anything, such as a macro of the database."""


Ctes = Mapping[str, Relation]


def sources_of(view: Table, tables: Mapping[str, Table]) -> ViewSources | None:
    """Return what a view reads, or None where that cannot be told.

    `tables` are those of the catalogue by full name in lower case.
    """
    tree = query_of(body_of(view.definition or ""))
    if tree is None:
        return None
    reader = _Reader(view.schema.lower(), tables)
    try:
        found = reader.query(tree["node"], {}, None)
    except (_Unreadable, KeyError, RecursionError):
        return None
    names = [column.name.lower() for column in view.columns]
    if found.is_open or len(found.columns) != len(names):
        columns = dict.fromkeys(names, found.everything)
    else:
        pairs = zip(names, found.columns, strict=True)
        columns = {name: origins for name, (_, origins) in pairs}
    return ViewSources(tables=frozenset(reader.read), columns=columns)


class _Reader:
    def __init__(self, schema: str, tables: Mapping[str, Table]) -> None:
        self.schemas = ("main", schema)
        self.tables = tables
        self.read: set[str] = set()

    def query(self, node: Node, ctes: Ctes, parent: Scope | None) -> Relation:
        seen = dict(ctes)
        for entry in node.get("cte_map", {}).get("map", []):
            value = entry["value"]
            found = self.query(value["query_node"], seen, parent)
            seen[fold(entry["key"])] = found.renamed(value.get("aliases", []))
        if node["type"] == "SELECT_NODE":
            return self._select(node, seen, parent)
        if node["type"] == "SET_OPERATION_NODE":
            branches = [node[side] for side in ("left", "right") if side in node]
            branches += node.get("children", [])
            parts = [self.query(branch, seen, parent) for branch in branches]
            self._origins(node.get("modifiers"), Scope(parent=parent), seen)
            return united(parts, by_name="BY_NAME" in node["setop_type"])
        if node["type"] == "RECURSIVE_CTE_NODE":
            return self._recursive(node, seen, parent)
        raise _Unreadable(node["type"])

    def _recursive(self, node: Node, ctes: Ctes, parent: Scope | None) -> Relation:
        name = fold(node["cte_name"])
        found = self.query(node["left"], ctes, parent).renamed(node.get("aliases", []))
        while True:
            step = self.query(node["right"], {**ctes, name: found}, parent)
            again = united([found, step])
            if again == found:
                return found
            found = again

    def _select(self, node: Node, ctes: Ctes, parent: Scope | None) -> Relation:
        scope = Scope(parent=parent)
        self._source(node["from_table"], scope, ctes)
        columns: list[tuple[str, Origins]] = []
        is_open = False
        for item in node["select_list"]:
            found = self._item(item, scope, ctes)
            columns.extend(found.columns)
            is_open = is_open or found.is_open
            if item.get("alias"):
                scope.names[item["alias"].lower()] = found.everything
        for part in ("where_clause", "group_expressions", "having", "qualify", "modifiers"):
            self._origins(node.get(part), scope, ctes)
        reached = scope.everything if is_open else NOTHING
        return Relation(columns=tuple(columns), is_open=is_open, reached=reached)

    def _item(self, item: Node, scope: Scope, ctes: Ctes) -> Relation:
        if item["class"] == "STAR" and not item.keys() & {"columns", "expr"}:
            return self._star(item, scope, ctes)
        origins = self._origins(item, scope, ctes)
        if any(
            node.get("class") == "STAR" or node.get("function_name", "").lower() == "unnest"
            for node in _outside_subqueries(item)
        ):
            return Relation(is_open=True, columns=(("", origins),))
        name = item.get("alias") or (item.get("column_names") or [""])[-1]
        return Relation(columns=((name.lower(), origins),))

    def _star(self, item: Node, scope: Scope, ctes: Ctes) -> Relation:
        wanted = item.get("relation_name", "").lower()
        chosen = [found for alias, found in scope.sources if wanted in ("", alias)]
        left_out = {name.lower() for name in item.get("exclude_list", [])}
        left_out |= {each["column"].lower() for each in item.get("qualified_exclude_list", [])}
        replaced = {
            each["key"].lower(): self._origins(each["value"], scope, ctes)
            for each in item.get("replace_list", [])
        }
        new_names = {
            each["key"]["column"].lower(): each["value"].lower()
            for each in item.get("rename_list", [])
        }
        if not chosen or any(relation.is_open for relation in chosen):
            return Relation(is_open=True, columns=(("", scope.everything),))
        columns: list[tuple[str, Origins]] = []
        done: set[str] = set()
        for name, origins in (column for relation in chosen for column in relation.columns):
            if name in left_out or name in done:
                continue
            if name in scope.merged and not wanted:
                done.add(name)
                origins = scope.refer([name]) or origins
            columns.append((new_names.get(name, name), replaced.get(name, origins)))
        return Relation(columns=tuple(columns))

    def _source(self, node: Node, scope: Scope, ctes: Ctes) -> None:
        kind, alias = node["type"], node.get("alias", "").lower()
        if kind == "JOIN":
            self._join(node, scope, ctes)
        elif kind == "BASE_TABLE":
            path = node["qualified_name"]["path"]
            found = self._table(path, ctes)
            scope.sources.append((alias or path[-1].lower(), found.renamed(_aliases(node))))
        elif kind == "SUBQUERY":
            found = self.query(node["subquery"]["node"], ctes, scope)
            scope.sources.append((alias, found.renamed(_aliases(node))))
        elif kind != "EMPTY":
            reached = self._reached(node, scope, ctes)
            name = alias or node.get("function", {}).get("function_name", "").lower()
            scope.sources.append((name, Relation(is_open=True, reached=reached)))

    def _join(self, node: Node, scope: Scope, ctes: Ctes) -> None:
        before = len(scope.sources)
        self._source(node["left"], scope, ctes)
        middle = len(scope.sources)
        self._source(node["right"], scope, ctes)
        scope.merged.update(name.lower() for name in node.get("using_columns", []))
        if node.get("ref_type") == "NATURAL":
            left, right = (
                {name for _, relation in part for name, _ in relation.columns}
                for part in (scope.sources[before:middle], scope.sources[middle:])
            )
            scope.merged |= left & right
        self._origins(node.get("condition"), scope, ctes)

    def _table(self, path: Sequence[str], ctes: Ctes) -> Relation:
        if fold(path[-1]) in ctes and [fold(part) for part in path[:-1]] in ([], ["recurring"]):
            return ctes[fold(path[-1])]
        schemas = (path[-2],) if len(path) > 1 else self.schemas
        names = list(dict.fromkeys(f"{schema}.{path[-1]}".lower() for schema in schemas))
        known = [name for name in names if name in self.tables]
        self.read.update(known or names)
        relations = [
            Relation(
                columns=tuple(
                    (column.name.lower(), frozenset({(name, column.name.lower())}))
                    for column in self.tables[name].columns
                )
            )
            for name in known
        ]
        if len(relations) == 1:
            return relations[0]
        reached = NOTHING.union(*(relation.everything for relation in relations))
        return Relation(is_open=True, reached=reached)

    def _reached(self, node: Node, scope: Scope, ctes: Ctes) -> Origins:
        """Return all that a source without columns of known names may hold."""
        if node["type"] == "SHOW_REF":
            return self.query(node["query"], ctes, scope).everything
        if node["type"] == "PIVOT":
            inner = Scope(parent=scope)
            self._source(node["source"], inner, ctes)
            for part in ("aggregates", "pivots"):
                self._origins(node.get(part), inner, ctes)
            return inner.everything
        if node["type"] == "TABLE_FUNCTION":
            if node["function"]["function_name"].lower() not in _TABLE_FUNCTIONS:
                raise _Unreadable(node["function"]["function_name"])
            return self._origins(node["function"]["arguments"], scope, ctes)
        if node["type"] == "EXPRESSION_LIST":
            return self._origins(node["values"], scope, ctes)
        raise _Unreadable(node["type"])

    def _origins(self, value: Any, scope: Scope, ctes: Ctes) -> Origins:
        """Return what the value of an expression, or of any of a list, may be made of."""
        if isinstance(value, list):
            return NOTHING.union(*(self._origins(item, scope, ctes) for item in value))
        if not isinstance(value, dict):
            return NOTHING
        kind = value.get("class")
        if kind == "COLUMN_REF":
            return _refer(value["column_names"], scope)
        if kind == "SUBQUERY":
            found = self.query(value["subquery"]["node"], ctes, scope).everything
            return found | self._origins(value.get("child"), scope, ctes)
        if kind == "LAMBDA":
            inner = Scope(parent=scope, names=dict.fromkeys(_parameters(value), NOTHING))
            left = (_refer(name, scope, unknown=NOTHING) for name in _columns(value["lhs"]))
            return NOTHING.union(*left) | self._origins(value["expr"], inner, ctes)
        own = NOTHING
        if kind in ("STAR", "POSITIONAL_REFERENCE"):
            own = scope.everything
        elif kind in ("FUNCTION", "WINDOW"):
            own = _receiver(value, scope)
        return own | self._origins(list(value.values()), scope, ctes)


def _receiver(call: Node, scope: Scope) -> Origins:
    """Return what `column.function()` is called on; anything not built in may read anything."""
    path = [part.lower() for part in call["qualified_name"]["path"]]
    if path[-1] not in builtin_functions():
        raise _Unreadable(path[-1])
    return _refer(path[:-1], scope) if path[:-1] and path[0] not in _SYSTEM else NOTHING


def _refer(names: Sequence[str], scope: Scope, unknown: Origins | None = None) -> Origins:
    parts = [name.lower() for name in names]
    for inner in scope.chain():
        if (found := inner.refer(parts)) is not None:
            return found
    if unknown is not None:
        return unknown
    return NOTHING.union(*(inner.everything for inner in scope.chain()))


def _columns(value: Any) -> list[list[str]]:
    return [node["column_names"] for node in nodes(value) if node.get("class") == "COLUMN_REF"]


def _parameters(value: Node) -> list[str]:
    return [names[0].lower() for names in _columns(value["lhs"])]


def _outside_subqueries(value: Any) -> Iterator[Node]:
    if isinstance(value, list):
        for item in value:
            yield from _outside_subqueries(item)
    elif isinstance(value, dict) and value.get("class") != "SUBQUERY":
        yield value
        yield from _outside_subqueries(list(value.values()))


def _aliases(node: Node) -> list[str]:
    aliases: list[str] = node.get("column_name_alias", [])
    return aliases


def made_in(table: Table, tables: Mapping[str, Table]) -> dict[str, Origins]:
    """Return what columns of a table are made of: generated ones, and all if a build fills it."""
    filled = replace(table, definition=table.built_by)
    sources = sources_of(filled, tables) if table.built_by else None
    found = dict(sources.columns) if sources else {}
    full_name, own = table.full_name.lower(), {column.name.lower() for column in table.columns}
    for column in table.columns:
        if column.expression is None:
            continue
        tree = query_of(f"SELECT {column.expression}")
        names = {part.lower() for parts in _columns(tree) for part in parts} if tree else own
        origins = frozenset((full_name, name) for name in names & own)
        found[column.name.lower()] = found.get(column.name.lower(), NOTHING) | origins
    return found
