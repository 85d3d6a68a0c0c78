"""Catalogue: an immutable snapshot of what the platform holds, with look-ups.

Whoever answers a question works on `Catalogue.within(grant)`: nothing outside the grant is in it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from catalogue.errors import UnknownDimension, UnknownMetric, UnknownTable
from catalogue.model import (
    Check,
    CheckResult,
    Conventions,
    Dimension,
    Entity,
    Evidence,
    Exposure,
    Metric,
    Relationship,
    Rival,
    Table,
    Term,
    VerifiedQuery,
)

if TYPE_CHECKING:
    from catalogue.access import Grant


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything known of one platform at one moment."""

    name: str
    tables: tuple[Table, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    metrics: tuple[Metric, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    entities: tuple[Entity, ...] = ()
    rivals: tuple[Rival, ...] = ()
    """Tables that hold an entity besides its golden one."""
    terms: tuple[Term, ...] = ()
    verified: tuple[VerifiedQuery, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    checks: tuple[Check, ...] = ()
    results: tuple[CheckResult, ...] = ()
    """Every dated result that was kept, oldest first."""
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    """Health by full table name."""
    conventions: Conventions = Conventions()
    conflicts: tuple[str, ...] = ()
    """Where two sources disagree, in words."""
    is_profiled: bool = True
    """False for a first build of names and types alone."""
    semantic_manifest: str | None = None
    """The semantic manifest as JSON text, where the platform has one."""
    inferred_manifest: str | None = None
    """The manifest of the starter metrics that nobody declared, as JSON text."""

    @cached_property
    def tables_by_name(self) -> dict[str, Table]:
        return {table.full_name.lower(): table for table in self.tables}

    @cached_property
    def metrics_by_name(self) -> dict[str, Metric]:
        return {metric.name.lower(): metric for metric in self.metrics}

    @cached_property
    def dimensions_by_name(self) -> dict[str, Dimension]:
        return {dimension.name.lower(): dimension for dimension in self.dimensions}

    def table(self, name: str) -> Table:
        """Return a table by `schema.table`, or by its bare name where only one has it."""
        wanted = name.lower()
        if found := self.tables_by_name.get(wanted):
            return found
        bare = [table for table in self.tables if table.name.lower() == wanted]
        if len(bare) == 1:
            return bare[0]
        raise UnknownTable(name, [table.full_name for table in self.tables])

    def metric(self, name: str) -> Metric:
        """Return a metric by name."""
        found = self.metrics_by_name.get(name.lower())
        if found is None:
            raise UnknownMetric(name, [metric.name for metric in self.metrics])
        return found

    def dimension(self, name: str) -> Dimension:
        """Return a dimension by its group-by name."""
        found = self.dimensions_by_name.get(name.lower())
        if found is None:
            raise UnknownDimension(name, [dimension.name for dimension in self.dimensions])
        return found

    @cached_property
    def fingerprint(self) -> str:
        """A digest that changes when anything that search or drafting reads has changed."""
        from catalogue.store import to_json

        payload: Any = to_json(self)
        return sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:16]

    def within(self, grant: "Grant") -> "Catalogue":
        """Return the catalogue as this grant sees it: what it hides is absent, not marked."""
        from catalogue.access import narrow

        return narrow(self, grant)

    @cached_property
    def unsuspected(self) -> "Catalogue":
        """What a model may be shown: without columns that look personal and are unconfirmed."""
        from catalogue.access import Grant, TableGrant

        if not any(column.is_suspected for table in self.tables for column in table.columns):
            return self
        tables = {
            table.full_name.lower(): TableGrant(
                columns=frozenset(c.name.lower() for c in table.columns if not c.is_suspected)
            )
            for table in self.tables
        }
        return self.within(Grant(role="model", tables=tables))

    def with_evidence(self, evidence: Mapping[str, Evidence]) -> "Catalogue":
        """Return a copy with this evidence of health."""
        return replace(self, evidence=dict(evidence))
