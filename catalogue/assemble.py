"""Sources + warehouse -> Catalogue: reads every source, merges, and enriches the metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from catalogue.catalogue import Catalogue
from catalogue.errors import BadArtifact
from catalogue.merge import Merger, is_same_type, joined, merge_entities, merge_relationships
from catalogue.model import Check, Dimension, Entity, Exposure, Metric, Table, VerifiedQuery
from catalogue.sources import Sources
from catalogue.warehouse import Warehouse

if TYPE_CHECKING:
    from catalogue.metrics import SemanticLayer
    from catalogue.readers.dbt import DbtProject
    from catalogue.readers.dbt.project import MetricNote
    from catalogue.readers.overlay import Overlay


@dataclass(frozen=True, kw_only=True)
class Assembled:
    """A catalogue without statistics, and the semantic layer it was made with."""

    catalogue: Catalogue
    semantic: "SemanticLayer | None"


def assemble(sources: Sources, warehouse: Warehouse) -> Assembled:
    """Read every source that is configured; raises BadArtifact or BadFile for the first bad one."""
    dbt, overlay = _read(sources)
    said_by = sources.overlay.name if sources.overlay else "the overlay"
    merger = Merger.over(warehouse.tables())
    merger.lay(dbt.tables, source="dbt")
    _compare_types(merger, dbt)
    merger.lay(overlay.table_notes(), source=said_by)
    tables = {name: _with_synonyms(table, overlay) for name, table in merger.tables.items()}
    semantic = _semantic(dbt.semantic_manifest, tables)
    metrics, dimensions = _metrics(semantic, dbt, overlay, sources)
    held = tuple(metric for metric in metrics if _tables_held(metric, tables, merger.conflicts))
    merger.conflicts += _dangling(overlay, tables, metrics, dimensions, said_by)
    catalogue = Catalogue(
        name=sources.name,
        tables=tuple(tables.values()),
        relationships=merge_relationships(
            [*warehouse.relationships(), *dbt.relationships, *overlay.relationships()], tables
        ),
        metrics=held,
        dimensions=tuple(each for each in dimensions if each.table.lower() in tables),
        entities=_entities(dbt, overlay),
        terms=overlay.glossary(),
        verified=_verified(sources),
        exposures=tuple(_exposure(each, tables) for each in dbt.exposures),
        checks=tuple(check for each in dbt.checks if (check := _spelled(each, tables))),
        results=dbt.results,
        conventions=sources.conventions,
        conflicts=tuple(merger.conflicts),
        semantic_manifest=dbt.semantic_manifest,
    )
    return Assembled(catalogue=catalogue, semantic=semantic)


def _read(sources: Sources) -> "tuple[DbtProject, Overlay]":
    from catalogue.readers.dbt import DbtProject, read_dbt
    from catalogue.readers.overlay import Overlay, read_overlay

    dbt = DbtProject(metric_notes={}, catalogued={})
    if sources.dbt:
        timezone = sources.conventions.timezone
        dbt = read_dbt(sources.dbt, as_of=sources.as_of, timezone=timezone)
    return dbt, read_overlay(sources.overlay) if sources.overlay else Overlay()


def _verified(sources: Sources) -> tuple[VerifiedQuery, ...]:
    from catalogue.readers.verified import read_verified

    return read_verified(sources.verified) if sources.verified else ()


def _entities(dbt: "DbtProject", overlay: "Overlay") -> tuple[Entity, ...]:
    words = overlay.synonyms_of("entity")
    return tuple(
        replace(each, synonyms=joined(each.synonyms, words.get(each.name.lower(), ())))
        for each in merge_entities(dbt.entities, overlay.entity_notes())
    )


def _tables_held(metric: Metric, tables: Mapping[str, Table], conflicts: list[str]) -> bool:
    """A metric over a table that was never built, or is gone, is left out and said to be."""
    gone = [name for name in metric.tables if name.lower() not in tables]
    conflicts += [
        f"The metric {metric.name} reads {name}, which the warehouse does not hold."
        for name in gone
    ]
    return not gone


def _compare_types(merger: Merger, dbt: "DbtProject") -> None:
    """Note where dbt's documentation was generated before the warehouse changed."""
    for full_name, columns in dbt.catalogued.items():
        table = merger.tables.get(full_name.lower())
        for name, data_type in columns.items() if table else ():
            held = table.column(name) if table else None
            if held is None:
                merger.conflicts.append(
                    f"dbt's catalog.json lists {full_name}.{name}, which the table does not have."
                )
            elif not is_same_type(held.data_type, data_type):
                merger.conflicts.append(
                    f"{full_name}.{name}: dbt's catalog.json says the type is {data_type}, the "
                    f"warehouse says {held.data_type}; the warehouse wins."
                )


def _semantic(manifest: str | None, tables: Mapping[str, Table]) -> "SemanticLayer | None":
    if manifest is None:
        return None
    from catalogue.metrics import SemanticLayer

    types = {
        f"{table.full_name}.{column.name}": column.data_type
        for table in tables.values()
        for column in table.columns
    }
    return SemanticLayer(manifest, column_types=types)


def _metrics(
    semantic: "SemanticLayer | None", dbt: "DbtProject", overlay: "Overlay", sources: Sources
) -> tuple[tuple[Metric, ...], tuple[Dimension, ...]]:
    if semantic is None or sources.dbt is None:
        return (), ()
    try:
        listed, dimensions = semantic.metrics(), semantic.dimensions()
    except BadArtifact as error:
        path = sources.dbt / "semantic_manifest.json"
        raise BadArtifact(path, error.problem, advice="Run `dbt parse` anew.") from error
    words = overlay.synonyms_of("metric")
    metrics = tuple(
        _enriched(metric, dbt.metric_notes.get(metric.name), words.get(metric.name.lower(), ()))
        for metric in listed
    )
    words = overlay.synonyms_of("dimension")
    return metrics, tuple(
        replace(each, synonyms=joined(each.synonyms, words.get(each.name.lower(), ())))
        for each in dimensions
    )


def _enriched(metric: Metric, note: "MetricNote | None", words: tuple[str, ...]) -> Metric:
    """Fill from manifest.json what the semantic manifest leaves open."""
    from catalogue.readers.dbt.notes import text, texts

    if note is None:
        return replace(metric, synonyms=joined(metric.synonyms, words))
    return replace(
        metric,
        unit=metric.unit or text(note.meta, "unit"),
        owner=metric.owner or note.owner,
        domain=metric.domain or text(note.meta, "domain"),
        basis=metric.basis or text(note.meta, "basis"),
        better=_better(text(note.meta, "better")) if metric.better == "neutral" else metric.better,
        synonyms=joined(joined(metric.synonyms, texts(note.meta, "synonyms")), words),
    )


def _better(word: str | None) -> Literal["higher", "lower", "neutral"]:
    if word == "higher":
        return "higher"
    return "lower" if word == "lower" else "neutral"


def _with_synonyms(table: Table, overlay: "Overlay") -> Table:
    words = overlay.synonyms_of("table").get(table.full_name.lower(), ())
    by_column = overlay.synonyms_of("column")
    if not words and not by_column:
        return table
    columns = tuple(
        replace(
            column,
            synonyms=joined(
                column.synonyms, by_column.get(f"{table.full_name}.{column.name}".lower(), ())
            ),
        )
        for column in table.columns
    )
    return replace(table, columns=columns, synonyms=joined(table.synonyms, words))


def _exposure(exposure: Exposure, tables: Mapping[str, Table]) -> Exposure:
    held = tuple(name for name in exposure.tables if name.lower() in tables)
    return replace(exposure, tables=held)


def _spelled(check: Check, tables: Mapping[str, Table]) -> Check | None:
    """Return a check with its table and column as the warehouse spells them, or None."""
    table = tables.get(check.table.lower())
    if table is None:
        return None
    column = table.column(check.column) if check.column else None
    return replace(check, table=table.full_name, column=column.name if column else None)


def _dangling(
    overlay: "Overlay",
    tables: Mapping[str, Table],
    metrics: Sequence[Metric],
    dimensions: Sequence[Dimension],
    source: str,
) -> list[str]:
    """Say which names of the overlay lead nowhere."""
    columns = {f"{name}.{c.name.lower()}" for name, table in tables.items() for c in table.columns}
    known = {
        "metric": {metric.name.lower() for metric in metrics},
        "dimension": {dimension.name.lower() for dimension in dimensions},
        "table": set(tables),
        "column": columns,
    }
    conflicts = [
        f"{source} gives synonyms for the {kind} {name}, which does not exist."
        for kind, names in known.items()
        for name in overlay.synonyms_of(kind)
        if name not in names
    ]
    for join in overlay.joins:
        conflicts += [
            f"{source} joins {end}, which the warehouse does not hold."
            for end in (join.from_, join.to)
            if end.lower() not in columns
        ]
    for name, entity in overlay.entities.items():
        if entity.golden and entity.golden.lower() not in tables:
            conflicts.append(
                f"{source} names {entity.golden} golden for {name}; it does not exist."
            )
    return conflicts
