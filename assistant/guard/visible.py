"""What one grant sees of one catalogue: names, and the query that stands for each table.

Made once per catalogue and grant and kept; tables are prepared when they are first used.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from catalogue.access import Grant, TableGrant
from catalogue.catalogue import Catalogue
from catalogue.errors import nearest
from catalogue.model import Table
from catalogue.sql_tree import Node, expression_to_sql, nodes, only_expression, parse

MOST_KEPT = 64
CLOCK = frozenset(
    {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"}
)
"""Names that DuckDB reads as the clock where no column has them."""
BARRIER = "__internal_barrier"
INNER = "_t"
"""What a base table is called inside its own wrapping."""
ROW = "_t_row"
"""The number of a row, handed on where rows may be shown in groups only."""


@dataclass(frozen=True, kw_only=True)
class VisibleTable:
    """A table as the grant sees it."""

    schema: str
    name: str
    columns: tuple[str, ...]
    """Visible columns, in the table's order."""
    grant: TableGrant
    types: Mapping[str, str]
    hides_columns: bool

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"

    @cached_property
    def folded(self) -> frozenset[str]:
        return frozenset(column.lower() for column in self.columns)

    @cached_property
    def masked(self) -> frozenset[str]:
        return self.folded & self.grant.masks.keys()

    @cached_property
    def _select(self) -> str:
        row_filter, house_filter = self.grant.row_filter, self.grant.house_filter
        condition = self._own(row_filter) if row_filter is not None else None
        declared = self._own(house_filter) if house_filter is not None else None
        items = ", ".join(map(self._item, self.columns))
        if self.grant.minimum_group is not None:
            items += f", {INNER}.rowid AS {quoted(ROW)}"
        conditions = [each for each in (declared, condition) if each is not None]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        source = f"{quoted(self.schema)}.{quoted(self.name)}"
        node = parse(f"SELECT {items} FROM {source} AS {INNER}{where}")["statements"][0]["node"]
        return json.dumps(node)

    def select(self) -> Node:
        """Return the query that stands for the table: permitted columns, masks, row filter."""
        node: Node = json.loads(self._select)
        return node

    def _item(self, column: str) -> str:
        name = column.lower()
        value = f"{INNER}.{quoted(column)}"
        if name in self.grant.masks:
            value = self._own(self.grant.masks[name])
        elif self.grant.withholds_rows and "ENUM(" in self.types[name].upper():
            # The type of an enum lists values of rows that are withheld.
            value = f"CAST({value} AS VARCHAR)"
        if self.grant.withholds_rows:
            # DuckDB may evaluate the asker's conditions before the filter or a view's joins, and
            # whether they raise would tell of hidden rows. A barrier is never evaluated on them.
            value = f"{BARRIER}({value})"
        return f"{value} AS {quoted(column)}"

    def _own(self, expression: str) -> str:
        """Return an expression of the policy with its columns bound to this very table."""
        tree = only_expression(parse(f"SELECT {expression}"))
        if tree is None:
            raise ValueError(f"{self.full_name}: the policy's expression is no expression")
        parameters = {
            left["column_names"][0]
            for node in nodes(tree)
            if node.get("class") == "LAMBDA"
            for left in nodes(node["lhs"])
            if left.get("class") == "COLUMN_REF"
        }
        for node in nodes(tree):
            if node.get("class") == "COLUMN_REF" and node["column_names"][0] not in parameters:
                parts = node["column_names"]
                if len(parts) > 1 and parts[0].lower() == self.name.lower():
                    parts = parts[1:]
                if parts[0].lower() not in CLOCK:
                    node["column_names"] = [INNER, *parts]
        return f"({expression_to_sql(tree)})"


class Visible:
    """The tables of one grant, by name."""

    def __init__(self, catalogue: Catalogue, grant: Grant) -> None:
        self.catalogue, self.grant = catalogue, grant
        self._tables: dict[str, VisibleTable | None] = {}

    def table(self, schema: str | None, name: str) -> VisibleTable | None:
        """Return a table within the grant; a bare name is `main`'s or the only one so called."""
        if schema is not None:
            return self._by_full_name(f"{schema}.{name}".lower())
        if found := self._by_full_name(f"main.{name}".lower()):
            return found
        candidates = self._bare.get(name.lower(), ())
        return self._by_full_name(candidates[0]) if len(candidates) == 1 else None

    def nearest_table(self, name: str) -> str | None:
        """Return the name nearest to one that is not there, from the grant alone."""
        wanted = name.lower()
        if same := self._bare.get(wanted.rpartition(".")[2]):
            return self.proper(sorted(same)[0])
        if close := nearest(wanted, self.names):
            return self.proper(close)
        bare = nearest(wanted.rpartition(".")[2], self._bare)
        return self.proper(sorted(self._bare[bare])[0]) if bare else None

    def proper(self, full_name: str) -> str:
        """Return a full name as the catalogue spells it."""
        return self.catalogue.tables_by_name[full_name].full_name

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Full names within the grant, lower case."""
        known = self.catalogue.tables_by_name
        return tuple(name for name, seen in self.grant.tables.items() if name in known)

    @cached_property
    def _bare(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self.names:
            found.setdefault(self.catalogue.tables_by_name[name].name.lower(), []).append(name)
        return found

    def _by_full_name(self, name: str) -> VisibleTable | None:
        if name not in self._tables:
            table, allowed = self.catalogue.tables_by_name.get(name), self.grant.tables.get(name)
            self._tables[name] = _visible(table, allowed) if table and allowed else None
        return self._tables[name]


def _visible(table: Table, allowed: TableGrant) -> VisibleTable | None:
    columns = tuple(c.name for c in table.columns if c.name.lower() in allowed.columns)
    if not columns:
        return None
    return VisibleTable(
        schema=table.schema,
        name=table.name,
        columns=columns,
        grant=allowed,
        types={c.name.lower(): c.data_type for c in table.columns},
        hides_columns=len(columns) < len(table.columns),
    )


_kept: OrderedDict[tuple[int, int], Visible] = OrderedDict()
_lock = threading.Lock()


def visible_of(catalogue: Catalogue, grant: Grant) -> Visible:
    """Return the prepared view of a catalogue under a grant."""
    key = (id(catalogue), id(grant))
    with _lock:
        found = _kept.get(key)
        if found is None:
            found = _kept[key] = Visible(catalogue, grant)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
        return found


def quoted(name: str) -> str:
    """Return an identifier in quotes."""
    return '"' + name.replace('"', '""') + '"'
