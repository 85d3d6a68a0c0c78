"""The join graph: which tables join to which, and by the shortest way."""

from collections import deque
from collections.abc import Iterable, Sequence
from functools import cached_property

from catalogue.model import Relationship


class JoinGraph:
    """Tables as nodes, relationships as edges in both directions; names compare without case."""

    def __init__(self, relationships: Iterable[Relationship]) -> None:
        self._relationships = tuple(relationships)

    @cached_property
    def _edges(self) -> dict[str, dict[str, Relationship]]:
        """The first relationship between two tables, by table and neighbour."""
        edges: dict[str, dict[str, Relationship]] = {}
        for each in self._relationships:
            left, right = each.from_table.lower(), each.to_table.lower()
            if left != right:
                edges.setdefault(left, {}).setdefault(right, each)
                edges.setdefault(right, {}).setdefault(left, each)
        return edges

    def neighbours(self, table: str) -> frozenset[str]:
        """Return the tables one join away, lower case."""
        return frozenset(self._edges.get(table.lower(), ()))

    def path(self, start: str, end: str) -> tuple[Relationship, ...] | None:
        """Return the joins of the shortest way between two tables, or None where there is none."""
        return self._path({start.lower()}, end.lower())

    def connect(self, tables: Sequence[str]) -> tuple[Relationship, ...]:
        """Return joins that connect these tables, each by the shortest way to those before it.

        Tables that cannot be reached are left out.
        """
        found: dict[Relationship, None] = {}
        joined = {table.lower() for table in tables[:1]}
        for table in tables[1:]:
            way = self._path(joined, table.lower())
            joined.add(table.lower())
            for each in way or ():
                found[each] = None
                joined |= {each.from_table.lower(), each.to_table.lower()}
        return tuple(found)

    def _path(self, starts: set[str], end: str) -> tuple[Relationship, ...] | None:
        """Search breadth first from every start at once."""
        came_from: dict[str, str | None] = dict.fromkeys(sorted(starts))
        queue = deque(came_from)
        while queue:
            here = queue.popleft()
            if here == end:
                return self._trail(end, came_from)
            for there in self._edges.get(here, ()):
                if there not in came_from:
                    came_from[there] = here
                    queue.append(there)
        return None

    def _trail(self, end: str, came_from: dict[str, str | None]) -> tuple[Relationship, ...]:
        trail: list[Relationship] = []
        here = end
        while (before := came_from[here]) is not None:
            trail.append(self._edges[before][here])
            here = before
        return tuple(reversed(trail))
