"""The query under examination: what the rules hand on from one to the next."""

from dataclasses import dataclass, field
from functools import cached_property

from assistant.errors import QueryRejected
from assistant.guard.scopes import Source
from assistant.guard.visible import Visible, VisibleTable
from catalogue.sql_tree import Node, nodes


@dataclass(frozen=True)
class TableUse:
    """One place where the query reads a base table."""

    node: Node
    """The BASE_TABLE record in the tree; the rewriting rule replaces its content."""
    table: VisibleTable
    source: Source
    """Its place among the names; says what the author calls it."""


@dataclass(kw_only=True)
class Query:
    """A query on its way through the rules."""

    sql: str
    visible: Visible
    row_limit: int
    tree: Node = field(default_factory=dict)
    uses: list[TableUse] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    """`schema.table.column` of every column of a base table that the query refers to."""
    mark: str = ""
    """Stands for the values of a PIVOT that does not list them; empty where none does."""
    safe_sql: str = ""

    @cached_property
    def nodes(self) -> list[Node]:
        """Every record of the tree as it was parsed."""
        return list(nodes(self.root))

    @property
    def root(self) -> Node:
        """The query node of the only statement."""
        root: Node = self.tree["statements"][0]["node"]
        return root


def reject(rule: str, message: str, *, repair: str | None = None) -> QueryRejected:
    """Return the rejection; `repair` is written for a model, None where rewording cannot help."""
    return QueryRejected(message, rule=rule, repair=repair)
