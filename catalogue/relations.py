"""Relations and scopes as lineage sees them: which columns there are and what each is made of."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

Origin = tuple[str, str]
"""A table's full name and one of its columns, both in lower case."""
Origins = frozenset[Origin]
NOTHING: Origins = frozenset()


@dataclass(frozen=True, kw_only=True)
class Relation:
    """The columns of a source or of a query, in order."""

    columns: tuple[tuple[str, Origins], ...] = ()
    is_open: bool = False
    """True where there may be other columns than these, made of anything in `everything`."""
    reached: Origins = NOTHING

    @property
    def everything(self) -> Origins:
        return self.reached.union(*(origins for _, origins in self.columns))

    def named(self, name: str) -> Origins | None:
        found = [origins for column, origins in self.columns if column == name]
        if found:
            return NOTHING.union(*found)
        return self.everything if self.is_open else None

    def renamed(self, names: Sequence[str]) -> "Relation":
        if not names:
            return self
        if self.is_open:
            return Relation(is_open=True, reached=self.everything)
        kept = self.columns[len(names) :]
        first = zip(names, self.columns, strict=False)
        columns = (*((name.lower(), origins) for name, (_, origins) in first), *kept)
        return Relation(columns=columns, reached=self.reached)


@dataclass
class Scope:
    """The sources one SELECT sees, with their aliases; names of its own select list."""

    parent: "Scope | None" = None
    sources: list[tuple[str, Relation]] = field(default_factory=list)
    names: dict[str, Origins] = field(default_factory=dict)
    merged: set[str] = field(default_factory=set)
    """Columns of USING and NATURAL: one column in a star, made of those of every source."""

    def chain(self) -> Iterator["Scope"]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    @property
    def everything(self) -> Origins:
        return NOTHING.union(*(relation.everything for _, relation in self.sources))

    def refer(self, parts: Sequence[str]) -> Origins | None:
        """Return what a name may be made of, or None where this scope has no such name."""
        found: list[Origins] = []
        for alias, relation in self.sources:
            if alias in parts:
                column = parts[parts.index(alias) + 1 :][:1]
                named = relation.named(column[0]) if column else None
                found.append(relation.everything if named is None else named)
            if (plain := relation.named(parts[0])) is not None:
                found.append(plain)
        if parts[0] in self.names:
            found.append(self.names[parts[0]])
        return NOTHING.union(*found) if found else None


def united(found: Sequence[Relation], *, by_name: bool = False) -> Relation:
    """Return the columns of a set operation: matched by place, or by name."""
    widths = {len(relation.columns) for relation in found}
    if any(relation.is_open for relation in found) or (len(widths) > 1 and not by_name):
        reached = NOTHING.union(*(relation.everything for relation in found))
        return Relation(is_open=True, reached=reached)
    if by_name:
        names = dict.fromkeys(name for relation in found for name, _ in relation.columns)
        return Relation(
            columns=tuple(
                (name, NOTHING.union(*(each.named(name) or NOTHING for each in found)))
                for name in names
            )
        )
    places: Iterable[tuple[tuple[str, Origins], ...]]
    places = zip(*(relation.columns for relation in found), strict=True)
    return Relation(
        columns=tuple(
            (place[0][0], NOTHING.union(*(origins for _, origins in place))) for place in places
        )
    )
