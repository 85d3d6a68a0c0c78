"""What a role must not see because it is made of something that it must not see.

A view over a table that is denied, or of which the role sees only some rows, is hidden unless the
policy names the view; so is a view that nobody can read into. A view over a table whose rows are
shown in groups only is always hidden. A column made of a denied or masked
one is hidden. Views may read views, so this is repeated until nothing more follows.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from catalogue.lineage import ViewSources
from catalogue.relations import Origin


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the rules of one role say by themselves; tables by full name in lower case."""

    denied: frozenset[str]
    filtered: frozenset[str]
    """Tables with a row filter of their own."""
    named: frozenset[str]
    """Tables that an allow rule names without a wildcard."""
    sensitive: frozenset[Origin]
    """Columns that a rule denies or masks."""
    grouped: frozenset[str] = frozenset()
    """Tables whose rows are shown in groups only."""

    @property
    def restrict(self) -> bool:
        return bool(self.denied or self.filtered or self.sensitive or self.grouped)


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """What follows from the rules, and the rules' own."""

    tables: frozenset[str]
    columns: frozenset[Origin]


def hidden_by(
    rules: Rules,
    views: Mapping[str, ViewSources | None],
    made_of: Mapping[Origin, Collection[Origin]],
) -> Hidden:
    """Return all that the rules hide: tables and views, and columns beyond those they name."""
    single = _showing_single_rows(rules, views)
    tables, columns = single | rules.denied, set(rules.sensitive)
    origins = dict(made_of)
    for view, sources in views.items():
        for column, made in (sources.columns if sources else {}).items():
            origins[view, column] = made
    while True:
        more = {view for view, sources in views.items() if _is_over(view, sources, rules, tables)}
        reached = {column for column, made in origins.items() if not columns.isdisjoint(made)}
        if more <= tables and reached <= columns:
            return Hidden(tables=frozenset(tables), columns=frozenset(columns - rules.sensitive))
        tables |= more
        columns |= reached


def _showing_single_rows(rules: Rules, views: Mapping[str, ViewSources | None]) -> set[str]:
    """Return the views that may show a row of a table whose rows are shown in groups only.

    Naming one in the policy does not help: what a view makes of the rows is not followed.
    """
    found: set[str] = set()
    while rules.grouped:
        held = found | rules.grouped
        more = {view for view, sources in views.items() if not sources or sources.tables & held}
        if more <= found:
            break
        found |= more
    return found


def screens_of(views: Mapping[str, ViewSources | None], whole: Collection[str]) -> frozenset[str]:
    """Return the visible views that read something a role does not see the whole of.

    `whole` are the visible tables and views without a row filter.
    """
    seen = set(whole)
    while True:
        more = {
            view
            for view, sources in views.items()
            if view in seen and (sources is None or not sources.tables <= seen)
        }
        if not more:
            return frozenset(set(whole) - seen)
        seen -= more


def _is_over(view: str, sources: ViewSources | None, rules: Rules, hidden: Collection[str]) -> bool:
    if view in rules.named:
        return False
    if sources is None:
        return rules.restrict
    if not sources.tables.isdisjoint(hidden):
        return True
    return view not in rules.filtered and not sources.tables.isdisjoint(rules.filtered)
