"""User and role -> Grant: which tables, columns and rows an asker may see, and through which masks.

`catalogue.policy` makes grants from policy.yaml, `catalogue.narrowing` applies them to a catalogue.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalogue.catalogue import Catalogue
    from catalogue.policy import Policy

Lineage = Mapping[str, Collection[str]]
"""Column -> the columns its values are made of, each `schema.table.column`, lower case."""


@dataclass(frozen=True, kw_only=True)
class TableGrant:
    """What a grant allows of one table."""

    columns: frozenset[str]
    """Visible columns, lower case; masked ones included."""
    masks: Mapping[str, str] = field(default_factory=dict)
    """Column (lower case) -> DuckDB expression that replaces it; user and role already bound."""
    row_filter: str | None = None
    """DuckDB condition over the table's own columns; user and role already bound."""
    minimum_group: int | None = None
    """Rows are shown only summed up, in groups of at least so many."""
    house_filter: str | None = None
    """Condition that the platform's conventions declare; it holds for everybody, statistics too."""
    is_screen: bool = False
    """A view that shows some rows of a table that is hidden or filtered itself."""

    @property
    def withholds_rows(self) -> bool:
        """True where rows lie beneath that nothing may tell of, an error or a statistic either."""
        return self.row_filter is not None or self.is_screen


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What one asker may see. Tables that are not in it do not exist for them."""

    role: str
    user: str | None = None
    tables: Mapping[str, TableGrant] = field(default_factory=dict)
    """By full name, lower case."""
    key: str = ""
    """Digest of what is allowed: equal keys see the same."""

    def sees(self, table: str, column: str | None = None) -> bool:
        """True where the table, and the column if one is named, is visible (perhaps masked)."""
        allowed = self.tables.get(table.lower())
        return allowed is not None and (column is None or column.lower() in allowed.columns)

    def sees_plainly(self, table: str, column: str | None = None) -> bool:
        """True where statistics computed over all rows tell this asker nothing hidden."""
        allowed = self.tables.get(table.lower())
        if allowed is None or allowed.row_filter is not None or allowed.minimum_group is not None:
            return False
        return column is None or (
            column.lower() in allowed.columns and column.lower() not in allowed.masks
        )


def load_policy(
    path: Path | None, catalogue: "Catalogue", *, lineage: Lineage | None = None
) -> "Policy":
    """Read and check policy.yaml against the catalogue; raise BadPolicy where it does not hold.

    Without a path there is one role, `reader`, that sees everything but suspected columns.
    """
    from catalogue.policy import Policy

    return Policy.load(path, catalogue, lineage=lineage)


def narrow(catalogue: "Catalogue", grant: Grant) -> "Catalogue":
    """Return the catalogue as the grant sees it: what it hides is absent."""
    from catalogue.narrowing import narrow_catalogue

    return narrow_catalogue(catalogue, grant)
