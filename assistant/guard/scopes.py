"""Which names a place in a query can see: sources, aliases, parameters of lambdas, outer queries.

Only for clear refusals and for telling which columns a query uses. Safety does not rest on it:
after rewriting, no name can reach anything but permitted columns.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.guard.visible import VisibleTable
from catalogue.sql_tree import Node


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The column names of a source, lower case."""

    names: tuple[str, ...] = ()
    is_open: bool = False
    """True where there may be more that only DuckDB can name."""

    def renamed(self, aliases: list[str]) -> "Columns":
        """Return the columns under a column alias list, which may be shorter."""
        kept = self.names[len(aliases) :]
        return Columns(names=(*(a.lower() for a in aliases), *kept), is_open=self.is_open)


OPEN = Columns(is_open=True)


@dataclass(kw_only=True)
class Source:
    """One thing a query reads from."""

    alias: str
    columns: Columns
    table: VisibleTable | None = None
    node: Node | None = None
    is_aliased: bool = True

    def called(self, name: str) -> bool:
        return self.alias.lower() == name

    def is_table(self, schema: str, name: str) -> bool:
        """True where `schema.name.column` may refer to it."""
        table = self.table
        return (
            table is not None
            and not self.is_aliased
            and (table.schema.lower(), table.name.lower()) == (schema, name)
        )


@dataclass(kw_only=True)
class Scope:
    """The names one SELECT can see."""

    parent: "Scope | None" = None
    sources: list[Source] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    """Aliases of the select list, parameters of lambdas."""

    def chain(self) -> Iterator["Scope"]:
        """Yield this scope and those around it."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def add(self, source: Source) -> None:
        """Add a source; a table is told from another thing of its name by its schema."""
        name = source.alias.lower()
        namesakes = [
            other
            for other in self.sources
            if other.alias.lower() == name and other.table is not source.table
        ]
        for each in (*namesakes, *([source] if namesakes else [])):
            if each.table is not None and not each.is_aliased:
                each.alias = each.table.full_name
        self.sources.append(source)
