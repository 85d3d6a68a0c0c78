"""Filters that the platform declares (`conventions.filters`): checked, typed, and named in full.

They say what a row of a table is: deleted rows, tests and history are none. Unlike a role's row
filter they hold for everybody and hide no secret.
"""

from collections.abc import Mapping
from dataclasses import replace

from catalogue.catalogue import Catalogue
from catalogue.errors import BadConvention, nearest
from catalogue.expressions import BadExpression, Expressions
from catalogue.lineage import sources_of
from catalogue.model import Conventions, Table


def house_filters(catalogue: Catalogue, expressions: Expressions) -> dict[str, str]:
    """Return SQL conditions by full table name in lower case; raises BadConvention."""
    return {
        table.full_name.lower(): _condition(written, table, expressions)
        for table, written in _tables(catalogue)
    }


def checked(catalogue: Catalogue) -> dict[str, str]:
    """Return the same for a catalogue without a policy."""
    with Expressions() as expressions:
        return house_filters(catalogue, expressions)


def under(catalogue: Catalogue, conventions: Conventions) -> Catalogue:
    """Return the catalogue under conventions: filters checked, each by its table's full name.

    A view that reads a filtered table past its filter is noted as a conflict.
    """
    given = replace(catalogue, conventions=conventions)
    if not conventions.filters:
        return given
    filters = {table.full_name: text for table, text in _tables(given)}
    conflicts = dict.fromkeys((*catalogue.conflicts, *_past(given, checked(given))))
    return replace(
        given, conventions=replace(conventions, filters=filters), conflicts=tuple(conflicts)
    )


def _tables(catalogue: Catalogue) -> list[tuple[Table, str]]:
    return [(_named(name, catalogue), text) for name, text in catalogue.conventions.filters.items()]


def _named(name: str, catalogue: Catalogue) -> Table:
    wanted = name.lower()
    named = [t for full, t in catalogue.tables_by_name.items() if f".{full}".endswith(f".{wanted}")]
    if len(named) == 1:
        return named[0]
    if named:
        names = " or ".join(table.full_name for table in named)
        raise BadConvention(name, f"may mean {names}.", advice="Name it with its schema.")
    close = nearest(name, [table.full_name for table in catalogue.tables])
    hint = f"Did you mean {close!r}?" if close else "Name a table as schema.table."
    raise BadConvention(name, "the warehouse holds no such table.", advice=hint)


def _condition(written: str, table: Table, expressions: Expressions) -> str:
    try:
        found = expressions.row_filter(written, table)
    except BadExpression as error:
        raise BadConvention(table.full_name, f"the filter {error}.") from error
    if found.has_slots:
        problem = "the filter names {user} or {role}, but it holds for everybody."
        raise BadConvention(table.full_name, problem, advice="Row filters stand in policy.yaml.")
    return found.bind(user=None, role="")


def _past(catalogue: Catalogue, declared: Mapping[str, str]) -> list[str]:
    """A view is read as it stands: the tables beneath it are not filtered there."""
    known = catalogue.tables_by_name
    views = [table for table in catalogue.tables if table.kind == "view"] if declared else []
    return [
        f"The view {view.full_name} reads {known[read].full_name} past its declared filter; "
        "declare one for the view too."
        for view in views
        if view.full_name.lower() not in declared and (sources := sources_of(view, known))
        for read in sorted(sources.tables)
        if read in declared
    ]
