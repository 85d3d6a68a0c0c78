"""A catalogue with the statistics of every table, and the value index that comes with them.

A table that cannot be read (a view over something gone) is noted as a conflict, not fatal.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from catalogue.catalogue import Catalogue
from catalogue.errors import BadMetricQuery, UnknownDimension, UnknownMetric, WarehouseUnavailable
from catalogue.model import Dimension
from catalogue.profile import Profile, is_text, profile
from catalogue.values import Compiler, DimensionValues, ValueIndex, dimension_values
from catalogue.warehouse import Warehouse


class Declared(Compiler, Protocol):
    """The semantic layer that people declared."""

    def tables(self) -> frozenset[str]:
        """Return the full names of the tables that any metric or dimension is read from."""
        ...


def with_statistics(
    catalogue: Catalogue,
    warehouse: Warehouse,
    *,
    compiler: Declared | None,
    progress: Callable[[str], None],
) -> tuple[Catalogue, ValueIndex]:
    """Profile every table and count values; raises WarehouseUnavailable if none can be read."""
    profiles, conflicts = _profiles(catalogue, warehouse, progress)
    tables = tuple(
        profiles[table.full_name].table if table.full_name in profiles else table
        for table in catalogue.tables
    )
    profiled = replace(catalogue, tables=tables, conflicts=(*catalogue.conflicts, *conflicts))
    values = ValueIndex(columns=_of_columns(profiles))
    if compiler is not None:
        progress("Counting the values of dimensions")
        dimensions, problem = _of_dimensions(profiled, warehouse, compiler)
        profiled = replace(profiled, conflicts=(*profiled.conflicts, *problem))
        values = replace(values, dimensions=dimensions)
    from catalogue.sprawl import with_rivals

    progress("Inferring what nobody declared")
    inferred = with_inferred(profiled, warehouse, compiler=compiler)
    added = inferred.dimensions[len(profiled.dimensions) :]
    return with_rivals(inferred, warehouse), _with_their_values(values, added, profiles)


def with_inferred(
    catalogue: Catalogue, warehouse: Warehouse, *, compiler: Declared | None
) -> Catalogue:
    """Add starter metrics where nobody declared any; without profiles by names and types alone."""
    from catalogue.infer.inference import covered_tables, infer

    declared = compiler.tables() if compiler is not None else frozenset()
    return infer(catalogue, warehouse, covered_tables(catalogue.tables, declared))


def _with_their_values(
    values: ValueIndex, added: Sequence[Dimension], profiles: Mapping[str, Profile]
) -> ValueIndex:
    """An inferred dimension has the values of its column."""
    held = {
        f"{name}.{column}".lower(): counted
        for name, found in profiles.items()
        for column, counted in found.values.items()
    }
    aliases = {
        each.name.lower(): place
        for each in added
        if (place := f"{each.table}.{each.column}".lower()) in held
    }
    columns = {**values.columns, **{place: held[place] for place in aliases.values()}}
    return replace(values, columns=columns, aliases=aliases)


def _profiles(
    catalogue: Catalogue, warehouse: Warehouse, progress: Callable[[str], None]
) -> tuple[dict[str, Profile], list[str]]:
    found: dict[str, Profile] = {}
    conflicts = []
    last: WarehouseUnavailable | None = None
    for position, table in enumerate(catalogue.tables, start=1):
        progress(f"Profiling {table.full_name} ({position} of {len(catalogue.tables)})")
        try:
            found[table.full_name] = profile(table, warehouse)
        except WarehouseUnavailable as error:
            conflicts.append(f"{table.full_name} cannot be read, so it is not profiled.")
            last = error
    if last is not None and not found:
        raise last
    return found, conflicts


def _of_columns(profiles: Mapping[str, Profile]) -> dict[str, Mapping[str, int]]:
    return {
        f"{name}.{column}".lower(): values
        for name, found in profiles.items()
        for column, values in found.values.items()
        if (held := found.table.column(column)) is not None and is_text(held)
    }


def _of_dimensions(
    catalogue: Catalogue, warehouse: Warehouse, compiler: Compiler
) -> tuple[dict[str, DimensionValues], list[str]]:
    try:
        found = dimension_values(
            catalogue.metrics,
            catalogue.dimensions,
            catalogue.tables_by_name,
            compiler=compiler,
            warehouse=warehouse,
        )
    except (BadMetricQuery, UnknownDimension, UnknownMetric, WarehouseUnavailable) as error:
        return {}, [f"The values of dimensions cannot be counted: {error}"]
    return found, []
