"""One role's rules held against a catalogue: what is hidden, masked and filtered.

Deny beats mask beats allow. A rule binds the table it names; a column made of a denied or masked
one, without a rule of its own, is denied, and so is a view over a table that the role is denied
or sees only some rows of, unless the policy names that view. A column that looks personal and has
no classification is denied to every role but `steward`, unless a rule of the role says otherwise.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.access import Lineage, TableGrant
from catalogue.catalogue import Catalogue
from catalogue.errors import BadPolicy, nearest
from catalogue.expressions import BadExpression, Expression, Expressions
from catalogue.model import Column, Table
from catalogue.patterns import Pattern, first_match
from catalogue.policy_file import RoleRules
from catalogue.views import ViewSources

_log = logging.getLogger(__name__)
STEWARD = "steward"
"""The role that sees what is suspected, since somebody has to look at it."""


@dataclass(kw_only=True)
class TableAccess:
    """What a role may see of one table; expressions still wait for the user."""

    columns: set[str]
    masks: dict[str, Expression] = field(default_factory=dict)
    filters: list[Expression] = field(default_factory=list)
    own_masks: set[str] = field(default_factory=set)
    """Columns with a mask rule of their own."""

    @property
    def has_slots(self) -> bool:
        return any(e.has_slots for e in (*self.masks.values(), *self.filters))

    def bind(self, *, user: str | None, role: str) -> TableGrant:
        """Return what this user may see of the table."""
        filters = [e.bind(user=user, role=role) for e in self.filters]
        return TableGrant(
            columns=frozenset(self.columns),
            masks={name: e.bind(user=user, role=role) for name, e in self.masks.items()},
            row_filter=" AND ".join(f"({text})" for text in filters) or None,
        )


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where rules come from, for error messages."""

    path: Path
    role: str

    def fail(self, place: str, problem: str, advice: str = "") -> BadPolicy:
        return BadPolicy(self.path, f"roles.{self.role}.{place}: {problem}", advice=advice)


def resolve(
    rules: RoleRules,
    catalogue: Catalogue,
    *,
    source: Source,
    expressions: Expressions,
    views: Mapping[str, ViewSources | None],
    lineage: Lineage,
) -> dict[str, TableAccess]:
    """Return what the role may see, by full table name in lower case."""
    resolver = _Resolver(rules, catalogue, source, expressions)
    found = resolver.tables()
    _Derived(resolver, found, views, lineage).hide()
    return {name: access for name, access in found.items() if access.columns}


class _Resolver:
    def __init__(
        self, rules: RoleRules, catalogue: Catalogue, source: Source, expressions: Expressions
    ) -> None:
        self.rules, self.catalogue, self.source = rules, catalogue, source
        self.expressions = expressions
        names = [table.full_name.lower() for table in catalogue.tables]
        columns = [
            f"{table.full_name}.{column.name}".lower()
            for table in catalogue.tables
            for column in table.columns
        ]
        allow = rules.tables.allow
        self.allow = None if allow is None else self._patterns("tables.allow", allow, names)
        self.deny = self._patterns("tables.deny", rules.tables.deny, names)
        self.column_deny = self._patterns("columns.deny", rules.columns.deny, columns)
        self.column_mask = self._patterns("columns.mask", list(rules.columns.mask), columns)
        self.rows = self._patterns("rows", list(rules.rows), names)

    def _patterns(self, place: str, texts: Sequence[str], names: Sequence[str]) -> list[Pattern]:
        most = 3 if place.startswith("columns") else 2
        least = 2 if most == 3 else 1
        patterns = [Pattern(text) for text in texts]
        for pattern in patterns:
            if not least <= len(pattern.segments) <= most or "" in pattern.segments:
                form = "[schema.]table.column" if most == 3 else "[schema.]table"
                raise self.source.fail(place, f"{pattern.text!r} is not of the form {form}.")
            if not any(pattern.matches(name) for name in names):
                self._matches_nothing(place, pattern, names)
        return patterns

    def _matches_nothing(self, place: str, pattern: Pattern, names: Sequence[str]) -> None:
        if not pattern.is_literal:
            _log.warning(
                "%s: %r matches nothing", f"roles.{self.source.role}.{place}", pattern.text
            )
            return
        short = [".".join(name.split(".")[-len(pattern.segments) :]) for name in names]
        close = nearest(pattern.text, short)
        raise self.source.fail(
            place,
            f"{pattern.text!r} does not exist.",
            f"Did you mean {close!r}?" if close else "",
        )

    def tables(self) -> dict[str, TableAccess]:
        """Return the tables that the rules allow, with their columns, masks and filters."""
        return {
            table.full_name.lower(): self._table(table)
            for table in self.catalogue.tables
            if self.is_allowed(table.full_name.lower())
        }

    def is_allowed(self, name: str) -> bool:
        if self.is_denied(name):
            return False
        return self.allow is None or first_match(self.allow, name) is not None

    def is_denied(self, name: str) -> bool:
        return first_match(self.deny, name) is not None

    def _table(self, table: Table) -> TableAccess:
        access = TableAccess(columns=set())
        for column in table.columns:
            self._column(access, table, column)
        name = table.full_name.lower()
        for pattern in self.rows:
            if pattern.matches(name):
                access.filters.append(self._filter(pattern, table))
        return access

    def _column(self, access: TableAccess, table: Table, column: Column) -> None:
        name, full = column.name.lower(), f"{table.full_name}.{column.name}".lower()
        if self._is_column_denied(column, full):
            return
        access.columns.add(name)
        if pattern := first_match(self.column_mask, full):
            access.masks[name] = self._mask(pattern, table, column)
            access.own_masks.add(name)
        elif _class_of(column) in self.rules.classification.mask:
            access.masks[name] = self.expressions.mask("NULL", table, _nullable(column.data_type))

    def _is_column_denied(self, column: Column, full: str) -> bool:
        rules = self.rules.classification
        if first_match(self.column_deny, full) or _class_of(column) in rules.deny:
            return True
        if not column.is_suspected or self.source.role == STEWARD:
            return False
        is_settled = first_match(self.column_mask, full) is not None
        return not (is_settled or _class_of(column) in (*rules.allow, *rules.mask))

    def is_sensitive(self, table: Table, column: Column) -> bool:
        """True where a rule denies or masks this column."""
        full = f"{table.full_name}.{column.name}".lower()
        return bool(
            self._is_column_denied(column, full)
            or first_match(self.column_mask, full)
            or _class_of(column) in self.rules.classification.mask
        )

    def _mask(self, pattern: Pattern, table: Table, column: Column) -> Expression:
        try:
            return self.expressions.mask(
                self.rules.columns.mask[pattern.text], table, _nullable(column.data_type)
            )
        except BadExpression as error:
            place = f"columns.mask.{pattern.text}"
            raise self.source.fail(place, f"the mask {error}.") from error

    def _filter(self, pattern: Pattern, table: Table) -> Expression:
        try:
            return self.expressions.row_filter(self.rules.rows[pattern.text], table)
        except BadExpression as error:
            place = f"rows.{pattern.text}"
            raise self.source.fail(place, f"the row filter {error}.") from error


def _class_of(column: Column) -> str | None:
    return "suspected" if column.is_suspected else column.classification


def _nullable(data_type: str) -> str:
    """An enum lists all its values in its type, so a masked one becomes text."""
    return "VARCHAR" if "ENUM(" in data_type.upper() else data_type


class _Derived:
    """Hides what is made of something the role must not see."""

    def __init__(
        self,
        resolver: _Resolver,
        found: dict[str, TableAccess],
        views: Mapping[str, ViewSources | None],
        lineage: Lineage,
    ) -> None:
        self.resolver, self.found, self.views, self.lineage = resolver, found, views, lineage
        self.by_name = resolver.catalogue.tables_by_name
        self.sensitive = {
            f"{name}.{column.name.lower()}"
            for name, table in self.by_name.items()
            for column in table.columns
            if resolver.is_sensitive(table, column)
        }

    def hide(self) -> None:
        """Repeat until nothing more follows: views may read views."""
        while self._hide_views() | self._hide_columns():
            pass

    def _hide_columns(self) -> bool:
        reached = [
            column
            for column, made_of in self.lineage.items()
            if column not in self.sensitive and not self.sensitive.isdisjoint(made_of)
        ]
        return any([self._deny(*column.rsplit(".", 1)) for column in reached])

    def _deny(self, table: str, column: str) -> bool:
        full = f"{table}.{column}"
        if full in self.sensitive:
            return False
        self.sensitive.add(full)
        if table in self.found:
            self.found[table].columns.discard(column)
        return True

    def _hide_views(self) -> bool:
        return any([self._hide_view(name, table) for name, table in self.by_name.items()])

    def _hide_view(self, name: str, table: Table) -> bool:
        if table.kind != "view":
            return False
        sources = self.views.get(name)
        if sources is None:
            return self._hide_opaque(name)
        tables = [read for parts in sources.tables for read in self._tables_named(parts, table)]
        changed = False
        if name in self.found and not self._is_named(name) and self._over_hidden(name, tables):
            del self.found[name]
            changed = True
        secret = {
            full.rsplit(".", 1)[1] for full in self.sensitive if full.rsplit(".", 1)[0] in tables
        }
        whole_rows = {read.rsplit(".", 1)[1] for read in tables} if secret else set()
        for column, names in sources.names.items():
            if not names.isdisjoint(secret | whole_rows - set(sources.names)):
                changed = self._deny(name, column) or changed
        return changed

    def _hide_opaque(self, name: str) -> bool:
        """A view nobody can read into is covered by an allow rule or not at all."""
        restricted = bool(self.sensitive or self.resolver.deny or self.resolver.rows)
        if name in self.found and self.resolver.allow is None and restricted:
            del self.found[name]
            return True
        return False

    def _tables_named(self, parts: tuple[str, ...], view: Table) -> list[str]:
        if len(parts) > 1:
            return [".".join(parts[-2:])]
        return [f"{schema}.{parts[0]}" for schema in ("main", view.schema.lower())]

    def _over_hidden(self, name: str, tables: Sequence[str]) -> bool:
        return any(
            self.resolver.is_denied(read)
            or (read in self.found and self.found[read].filters and not self.found[name].filters)
            or (self.resolver.allow is None and read in self.by_name and read not in self.found)
            for read in tables
        )

    def _is_named(self, name: str) -> bool:
        allowed = first_match(self.resolver.allow or [], name)
        return allowed is not None and allowed.is_literal
