"""Finds what a column name refers to, and refuses one that nothing in sight can have."""

from assistant.errors import QueryRejected
from assistant.guard.query import Query, reject
from assistant.guard.scopes import Scope, Source
from assistant.guard.visible import CLOCK
from catalogue.errors import nearest
from catalogue.sql_tree import Node

RULE = "columns"
_SESSION = frozenset(
    {"current_catalog", "current_role", "current_schema", "current_user", "session_user", "user"}
)
_WHERE = " The catalogue lists those it has."
MOST_NAMED = 40


class ColumnFinder:
    """Resolves column references of one query and notes the base columns they use."""

    def __init__(self, query: Query) -> None:
        self.query = query

    def refer(self, node: Node, scope: Scope, *, is_certain: bool = True) -> None:
        """Resolve one reference; `schema.table.column` loses its schema on the way."""
        names = node["column_names"]
        for inner in scope.chain():
            for at in (0, 1):
                if source := _qualified(names[at:], inner):
                    node["column_names"] = [source.alias, *names[at + 2 :]]
                    self._use(source, names[at + 2])
                    return
        self.resolve(names, scope, is_certain=is_certain)

    def resolve(self, names: list[str], scope: Scope, *, is_certain: bool = True) -> None:
        """Note what the name refers to; refuse it where nothing in sight can have it."""
        may_be = False
        for inner in scope.chain():
            if self._find(names, inner):
                return
            may_be = may_be or _may_have(names, inner)
        first = names[0].lower()
        if len(names) == 1 and first in _SESSION:
            raise reject(
                RULE,
                f"{names[0]!r} speaks of the session, which is not part of the data."
                " Leave it out, or put the name of a column in double quotes.",
            )
        if is_certain and not may_be and not (len(names) == 1 and first in CLOCK):
            raise self._unknown(names, scope)

    def star(self, node: Node, scope: Scope) -> None:
        """Note the columns a star stands for."""
        relation = node.get("relation_name", "").lower()
        for inner in scope.chain():
            chosen = [s for s in inner.sources if not relation or s.called(relation)]
            for source in chosen:
                self._use_all(source, _excluded(node))
            if chosen or not relation:
                return

    def everything(self, scope: Scope) -> None:
        """Note every column in sight."""
        for source in scope.sources:
            self._use_all(source)

    def _find(self, names: list[str], scope: Scope) -> bool:
        first = names[0].lower()
        second = names[1].lower() if len(names) > 1 else None
        if second is not None:
            owners = [s for s in scope.sources if s.called(first) and second in s.columns.names]
            for source in owners:
                self._use(source, second)
            if owners:
                return True
        holders = [source for source in scope.sources if first in source.columns.names]
        for source in holders:
            self._use(source, first)
        if holders or first in scope.names:
            return True
        rows = [s for s in scope.sources if s.called(first)] if second is None else []
        for source in rows:
            self._use_all(source)
        return bool(rows)

    def _use(self, source: Source, name: str) -> None:
        table = source.table
        if table is None:
            return
        at = (
            source.columns.names.index(name.lower()) if name.lower() in source.columns.names else -1
        )
        if at >= 0:
            self.query.columns.add(f"{table.full_name}.{table.columns[at]}")

    def _use_all(self, source: Source, excluded: frozenset[str] = frozenset()) -> None:
        for name in source.columns.names:
            if name not in excluded:
                self._use(source, name)

    def _unknown(self, names: list[str], scope: Scope) -> QueryRejected:
        written = ".".join(names)
        owners = [
            source
            for inner in scope.chain()
            for source in inner.sources
            if len(names) == 1 or source.called(names[0].lower())
        ]
        known = list(dict.fromkeys(name for source in owners for name in source.columns.names))
        close = nearest(names[-1], known)
        hint = f" Did you mean {close!r}?" if close else ""
        listed = ", ".join(known[:MOST_NAMED])
        role = self.query.visible.grant.role
        return reject(
            RULE,
            f"Your role ({role}) has no column {written!r} here.{hint or _WHERE}",
            repair=f"There is no column {written!r} here.{hint}"
            + (f" Columns in sight: {listed}." if listed else ""),
        )


def _qualified(names: list[str], scope: Scope) -> Source | None:
    """Return the source that `schema.table.column` names, if it is one."""
    if len(names) < 3:
        return None
    schema, table, column = (name.lower() for name in names[:3])
    return next(
        (
            source
            for source in scope.sources
            if source.is_table(schema, table) and column in source.columns.names
        ),
        None,
    )


def _may_have(names: list[str], scope: Scope) -> bool:
    return any(source.columns.is_open for source in scope.sources)


def _excluded(node: Node) -> frozenset[str]:
    if "columns" in node:
        return frozenset()
    listed = [item for item in node.get("exclude_list", []) if isinstance(item, str)]
    listed += [item["column"] for item in node.get("qualified_exclude_list", [])]
    return frozenset(name.lower() for name in listed)
