"""Walks a query with its scopes: finds the base tables it reads and the columns it refers to."""

from collections.abc import Mapping
from typing import Any

from assistant.guard.columns import ColumnFinder
from assistant.guard.query import Query, TableUse, reject
from assistant.guard.scopes import OPEN, Columns, Scope, Source
from assistant.guard.visible import INNER, VisibleTable
from catalogue.sql_tree import Node, fold, nodes

Ctes = Mapping[tuple[str, ...], Columns]
"""By name; inside its own recursion a CTE is also called `recurring.name`."""
TABLES = "tables"
_WHERE = " The catalogue lists those it has."
_SYSTEM = frozenset({"system", "temp"})


class Resolver:
    """Resolves the names of one query within its grant."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.finder = ColumnFinder(query)

    def run(self) -> None:
        """Resolve everything; raises QueryRejected for a name outside the grant."""
        self._query(self.query.root, {}, None)

    def _query(self, node: Node, ctes: Ctes, parent: Scope | None) -> Columns:
        seen = dict(ctes)
        for entry in node.get("cte_map", {}).get("map", []):
            value, key = entry["value"], fold(entry["key"])
            self._refuse_inner(key)
            body = value["query_node"]
            if body["type"] == "RECURSIVE_CTE_NODE":
                columns = self._recursive(body, key, value.get("aliases", []), seen, parent)
            else:
                columns = self._query(body, seen, parent).renamed(value.get("aliases", []))
            seen[key,] = columns
        if node["type"] == "SELECT_NODE":
            return self._select(node, seen, parent)
        if node["type"] == "RECURSIVE_CTE_NODE":
            return self._recursive(node, fold(node["cte_name"]), [], seen, parent)
        return self._set_operation(node, seen, parent)

    def _set_operation(self, node: Node, ctes: Ctes, parent: Scope | None) -> Columns:
        branches = [node[side] for side in ("left", "right") if side in node]
        found = [self._query(b, ctes, parent) for b in (*branches, *node.get("children", []))]
        scope = Scope(parent=parent, names={name for columns in found for name in columns.names})
        scope.sources.append(Source(alias="", columns=OPEN))
        self._expressions(node.get("modifiers", []), scope, ctes)
        if "BY_NAME" in node["setop_type"]:
            return OPEN
        return found[0] if found else OPEN

    def _recursive(
        self, node: Node, name: str, aliases: list[str], ctes: Ctes, parent: Scope | None
    ) -> Columns:
        base = self._query(node["left"], ctes, parent).renamed(aliases or node.get("aliases", []))
        self._query(node["right"], {**ctes, (name,): base, ("recurring", name): base}, parent)
        return base

    def _select(self, node: Node, ctes: Ctes, parent: Scope | None) -> Columns:
        scope = Scope(parent=parent)
        self._source(node["from_table"], scope, ctes)
        items = node["select_list"]
        scope.names.update(item["alias"].lower() for item in items if item.get("alias"))
        for part in ("select_list", "where_clause", "group_expressions", "having", "qualify"):
            self._expressions(node.get(part), scope, ctes)
        self._expressions(node.get("modifiers"), scope, ctes)
        return _outputs(items, scope)

    def _source(self, node: Node, scope: Scope, ctes: Ctes) -> None:
        kind = node["type"]
        self._refuse_inner(fold(_alias(node)))
        if kind == "JOIN":
            self._join(node, scope, ctes)
        elif kind == "BASE_TABLE":
            scope.add(self._base_table(node, ctes))
        elif kind != "EMPTY":
            columns = self._derived(node, scope, ctes).renamed(node.get("column_name_alias", []))
            scope.add(Source(alias=_alias(node), columns=columns))

    def _derived(self, node: Node, scope: Scope, ctes: Ctes) -> Columns:
        kind = node["type"]
        if kind == "SUBQUERY":
            return self._query(node["subquery"]["node"], ctes, scope)
        if kind == "SHOW_REF":
            self._query(node["query"], ctes, scope)
        elif kind == "PIVOT":
            inner = Scope(parent=scope)
            self._source(node["source"], inner, ctes)
            self._expressions(node.get("aggregates"), inner, ctes)
            for pivot in node["pivots"]:
                self._expressions(pivot.get("pivot_expressions"), inner, ctes)
            # A value in a list may be written like a column.
            inner.sources.append(Source(alias="", columns=OPEN))
            for pivot in node["pivots"]:
                self._expressions(pivot.get("entries"), inner, ctes)
        elif kind == "TABLE_FUNCTION":
            self._expressions(node["function"], scope, ctes)
        elif kind == "EXPRESSION_LIST":
            self._expressions(node["values"], scope, ctes)
        return OPEN

    def _join(self, node: Node, scope: Scope, ctes: Ctes) -> None:
        self._source(node["left"], scope, ctes)
        self._source(node["right"], scope, ctes)
        self._expressions(node.get("condition"), scope, ctes)
        for name in node.get("using_columns", []):
            self.finder.resolve([name], scope)

    def _base_table(self, node: Node, ctes: Ctes) -> Source:
        path = node["qualified_name"]["path"]
        written = ".".join(path)
        key = tuple(fold(part) for part in path)
        if key in ctes:
            columns = ctes[key].renamed(node.get("column_name_alias", []))
            return Source(alias=node.get("alias") or path[-1], columns=columns)
        # A database's name is dropped: queries run on a snapshot, which is called otherwise.
        schema = path[-2] if len(path) > 1 else None
        table = self.query.visible.table(schema, path[-1])
        if table is None or (len(path) == 3 and fold(path[0]) in _SYSTEM):
            raise self._unknown(written)
        aliased = bool(node.get("alias"))
        source = Source(
            alias=node.get("alias") or path[-1],
            columns=_columns_of(table).renamed(node.get("column_name_alias", [])),
            table=table,
            node=node,
            is_aliased=aliased,
        )
        self.query.uses.append(TableUse(node, table, source))
        return source

    def _refuse_inner(self, name: str) -> None:
        """Nothing of the asker's may stand where a policy's expression looks for its table."""
        if name == INNER:
            raise reject(
                TABLES,
                f"The name {INNER!r} is taken. Use another alias.",
                repair="Use another alias.",
            )

    def _unknown(self, written: str) -> Exception:
        role = self.query.visible.grant.role
        close = self.query.visible.nearest_table(written)
        hint = f" Did you mean {close!r}?" if close else ""
        return reject(
            TABLES,
            f"Your role ({role}) has no table {written!r}.{hint or _WHERE}",
            repair=f"There is no table {written!r}.{hint} Use only the tables given.",
        )

    def _expressions(self, value: Any, scope: Scope, ctes: Ctes) -> None:
        if isinstance(value, list):
            for item in value:
                self._expressions(item, scope, ctes)
        elif isinstance(value, dict):
            self._expression(value, scope, ctes)

    def _expression(self, node: Node, scope: Scope, ctes: Ctes) -> None:
        kind = node.get("class")
        if kind == "COLUMN_REF":
            self.finder.refer(node, scope)
        elif kind == "SUBQUERY":
            self._expressions(node.get("child"), scope, ctes)
            self._query(node["subquery"]["node"], ctes, scope)
        elif kind == "LAMBDA":
            self._lambda(node, scope, ctes)
        else:
            if kind == "STAR":
                self.finder.star(node, scope)
            elif kind == "POSITIONAL_REFERENCE":
                self.finder.everything(scope)
            for item in node.values():
                self._expressions(item, scope, ctes)

    def _lambda(self, node: Node, scope: Scope, ctes: Ctes) -> None:
        """`a -> b` is a lambda, or the JSON access it looks like: its left side may be a column."""
        inner = Scope(parent=scope)
        for left in nodes(node["lhs"]):
            if left.get("class") == "COLUMN_REF":
                inner.names.add(left["column_names"][0].lower())
                self.finder.refer(left, scope, is_certain=False)
            elif left.get("class") == "SUBQUERY":
                self._expression(left, scope, ctes)
        self._expressions(node["expr"], inner, ctes)


def _alias(node: Node) -> str:
    if node.get("alias"):
        return str(node["alias"])
    if node["type"] == "TABLE_FUNCTION":
        return str(node["function"]["function_name"])
    return ""


def _columns_of(table: VisibleTable) -> Columns:
    return Columns(names=tuple(column.lower() for column in table.columns))


def _outputs(items: list[Node], scope: Scope) -> Columns:
    names: list[str] = []
    is_open = False
    for item in items:
        if item.get("alias"):
            names.append(item["alias"].lower())
        elif item["class"] == "COLUMN_REF":
            names.append(item["column_names"][-1].lower())
        elif item["class"] == "STAR" and not (item.keys() & {"columns", "expr", "rename_list"}):
            for source in scope.sources:
                names.extend(source.columns.names)
                is_open = is_open or source.columns.is_open
        else:
            is_open = True
    return Columns(names=tuple(names), is_open=is_open)
