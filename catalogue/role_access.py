"""One role's rules held against a catalogue: what is hidden, masked and filtered.

Deny beats mask beats allow. A rule binds the table it names; a column made of a denied or masked
one, without a rule of its own, is denied, and so is a view over a table that the role is denied
or sees only some rows of, unless the policy names that view. A column that looks personal and has
no classification is denied to every role but `steward`, unless a rule of the role says otherwise.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.access import TableGrant
from catalogue.catalogue import Catalogue
from catalogue.derived import Rules, hidden_by, screens_of
from catalogue.errors import BadPolicy, nearest
from catalogue.expressions import BadExpression, Expression, Expressions
from catalogue.lineage import ViewSources
from catalogue.model import Column, Table
from catalogue.patterns import Pattern, first_match
from catalogue.policy_file import RoleRules
from catalogue.relations import Origin

_log = logging.getLogger(__name__)
_Path = tuple[str, ...]
"""The parts of a name in lower case; each may hold a dot."""
STEWARD = "steward"
"""The role that sees what is suspected, since somebody has to look at it."""


@dataclass(kw_only=True)
class TableAccess:
    """What a role may see of one table; expressions still wait for the user."""

    columns: set[str]
    masks: dict[str, Expression] = field(default_factory=dict)
    filters: list[Expression] = field(default_factory=list)
    minimum_group: int | None = None
    house_filter: str | None = None
    """What the platform declares of the table, for every role."""
    is_screen: bool = False
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
            minimum_group=self.minimum_group,
            house_filter=self.house_filter,
            is_screen=self.is_screen,
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
    made_of: Callable[[], Mapping[Origin, Collection[Origin]]],
) -> dict[str, TableAccess]:
    """Return what the role may see, by full table name in lower case.

    `made_of` is asked only where the role has hidden columns: it reads the SQL of every build.
    """
    resolver = _Resolver(rules, catalogue, source, expressions)
    found = resolver.tables()
    alone = resolver.rules_alone()
    hidden = hidden_by(alone, views, made_of() if alone.sensitive else {})
    for table, column in hidden.columns:
        if table in found:
            found[table].columns.discard(column)
    shown = {
        name: access
        for name, access in found.items()
        if access.columns and name not in hidden.tables
    }
    for view in screens_of(views, [name for name in shown if not shown[name].filters]):
        shown[view].is_screen = True
    return shown


class _Resolver:
    def __init__(
        self, rules: RoleRules, catalogue: Catalogue, source: Source, expressions: Expressions
    ) -> None:
        self.rules, self.catalogue, self.source = rules, catalogue, source
        self.expressions = expressions
        names = [_path(table) for table in catalogue.tables]
        columns = [_path(table, column) for table in catalogue.tables for column in table.columns]
        allow = rules.tables.allow
        self.allow = None if allow is None else self._patterns("tables.allow", allow, names)
        self.deny = self._patterns("tables.deny", rules.tables.deny, names)
        self.column_deny = self._patterns("columns.deny", rules.columns.deny, columns)
        self.column_mask = self._patterns("columns.mask", list(rules.columns.mask), columns)
        self.rows = self._patterns("rows", list(rules.rows), names)
        sizes = rules.minimum_group
        self.group_sizes = {"*.*": sizes} if isinstance(sizes, int) else dict(sizes)
        self.groups = self._patterns("minimum_group", list(self.group_sizes), names)

    def _patterns(self, place: str, texts: Sequence[str], names: Sequence[_Path]) -> list[Pattern]:
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

    def _matches_nothing(self, place: str, pattern: Pattern, names: Sequence[_Path]) -> None:
        if not pattern.is_literal:
            _log.warning(
                "%s: %r matches nothing", f"roles.{self.source.role}.{place}", pattern.text
            )
            return
        short = [".".join(name[-len(pattern.segments) :]) for name in names]
        close = nearest(pattern.text, short)
        raise self.source.fail(
            place,
            f"{pattern.text!r} does not exist.",
            f"Did you mean {close!r}?" if close else "",
        )

    def tables(self) -> dict[str, TableAccess]:
        """Return the tables that the rules allow, with their columns, masks and filters.

        Two tables whose full names read alike cannot be told apart, and neither is shown.
        """
        alike = Counter(table.full_name.lower() for table in self.catalogue.tables)
        return {
            table.full_name.lower(): self._table(table)
            for table in self.catalogue.tables
            if self.is_allowed(_path(table)) and alike[table.full_name.lower()] == 1
        }

    def is_allowed(self, path: _Path) -> bool:
        if first_match(self.deny, path):
            return False
        return self.allow is None or first_match(self.allow, path) is not None

    def rules_alone(self) -> Rules:
        """Return what the rules say before anything is derived from it."""
        tables = self.catalogue.tables
        return Rules(
            denied=_names(table for table in tables if first_match(self.deny, _path(table))),
            filtered=_names(table for table in tables if first_match(self.rows, _path(table))),
            named=_names(table for table in tables if self._is_named(table)),
            grouped=_names(table for table in tables if self._minimum_group(table)),
            sensitive=frozenset(
                (table.full_name.lower(), column.name.lower())
                for table in tables
                for column in table.columns
                if self.is_sensitive(table, column)
            ),
        )

    def _is_named(self, table: Table) -> bool:
        allowed = first_match(self.allow or [], _path(table))
        return allowed is not None and allowed.is_literal

    def _table(self, table: Table) -> TableAccess:
        access = TableAccess(columns=set())
        for column in table.columns:
            self._column(access, table, column)
        for pattern in self.rows:
            if pattern.matches(_path(table)):
                access.filters.append(self._filter(pattern, table))
        access.minimum_group = self._minimum_group(table)
        return access

    def _minimum_group(self, table: Table) -> int | None:
        """Return the fewest rows a group of this table may have; a view has no rows to count."""
        own = [pattern for pattern in self.groups if pattern.matches(_path(table))]
        if table.kind == "table":
            return max((self.group_sizes[pattern.text] for pattern in own), default=None)
        if named := next((pattern for pattern in own if pattern.is_literal), None):
            problem = f"{named.text!r} is a view."
            raise self.source.fail("minimum_group", problem, "Name the tables that it reads.")
        return None

    def _column(self, access: TableAccess, table: Table, column: Column) -> None:
        name, full = column.name.lower(), _path(table, column)
        if self._is_column_denied(column, full):
            return
        access.columns.add(name)
        if pattern := first_match(self.column_mask, full):
            access.masks[name] = self._mask(pattern, table, column)
            access.own_masks.add(name)
        elif _class_of(column) in self.rules.classification.mask:
            access.masks[name] = self.expressions.mask("NULL", table, _nullable(column.data_type))

    def _is_column_denied(self, column: Column, full: _Path) -> bool:
        rules = self.rules.classification
        if first_match(self.column_deny, full) or _class_of(column) in rules.deny:
            return True
        if not column.is_suspected or self.source.role == STEWARD:
            return False
        is_settled = first_match(self.column_mask, full) is not None
        return not (is_settled or _class_of(column) in (*rules.allow, *rules.mask))

    def is_sensitive(self, table: Table, column: Column) -> bool:
        """True where a rule denies or masks this column."""
        full = _path(table, column)
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


def _path(table: Table, *columns: Column) -> _Path:
    return tuple(part.lower() for part in (table.schema, table.name, *(c.name for c in columns)))


def _names(tables: Iterable[Table]) -> frozenset[str]:
    return frozenset(table.full_name.lower() for table in tables)


def _class_of(column: Column) -> str | None:
    return "suspected" if column.is_suspected else column.classification


def _nullable(data_type: str) -> str:
    """An enum lists all its values in its type, so a masked one becomes text."""
    return "VARCHAR" if "ENUM(" in data_type.upper() else data_type
