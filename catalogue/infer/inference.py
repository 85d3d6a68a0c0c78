"""A profiled catalogue, with what nobody declared: keys, joins, layers, times and starter metrics.

Where a platform declares metrics, nothing is inferred for the tables they are made of, nor for
those that these are built from or that are built from these: declared always wins.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from catalogue.catalogue import Catalogue
from catalogue.infer.definitions import measures
from catalogue.infer.joins import infer_joins
from catalogue.infer.links import Link, links_of
from catalogue.infer.manifest import Model, manifest_json
from catalogue.infer.nouns import entities_of, metrics_and_dimensions
from catalogue.infer.subjects import Subject, read_subjects
from catalogue.infer.words import Words, singular
from catalogue.model import Aggregation, Entity, Metric, Table
from catalogue.warehouse import Warehouse

_ORDER: tuple[Aggregation, ...] = ("count", "sum", "average", "max", "min", "count_distinct")
"""The metrics that are asked for most are shown first."""


def infer(catalogue: Catalogue, warehouse: Warehouse, covered: frozenset[str]) -> Catalogue:
    """Return the catalogue with what can be inferred for the tables that are not `covered`."""
    tables = [table for table in catalogue.tables if table.full_name not in covered]
    if not tables:
        return catalogue
    subjects = read_subjects(tables, warehouse, golden=_golden(catalogue.entities))
    joins = infer_joins(list(subjects.values()), catalogue.relationships, warehouse)
    relationships = (*catalogue.relationships, *joins)
    models = _models(subjects, links_of(subjects, relationships))
    metrics, dimensions = metrics_and_dimensions(models)
    metrics = _told_apart(metrics, models)
    return replace(
        catalogue,
        tables=tuple(
            subjects[table.full_name].table if table.full_name in subjects else table
            for table in catalogue.tables
        ),
        relationships=relationships,
        metrics=(*catalogue.metrics, *metrics),
        dimensions=(*catalogue.dimensions, *dimensions),
        entities=(*catalogue.entities, *entities_of(models.values(), catalogue.entities)),
        inferred_manifest=manifest_json(list(models.values())),
    )


def _golden(entities: Sequence[Entity]) -> dict[str, Words]:
    """Return what people call the rows of the tables that they declared golden."""
    return {
        each.golden.lower(): tuple(map(singular, each.name.lower().replace("_", " ").split()))
        for each in entities
        if each.golden
    }


def covered_tables(tables: tuple[Table, ...], declared: frozenset[str]) -> frozenset[str]:
    """Return the tables of a semantic layer with everything they are built from or feed.

    `declared` are the full names of the tables that it reads.
    """
    known = {table.full_name.lower(): table for table in tables}
    neighbours: dict[str, set[str]] = defaultdict(set)
    for table in tables:
        for source in table.upstream:
            neighbours[table.full_name.lower()].add(source.lower())
            neighbours[source.lower()].add(table.full_name.lower())
    reached: set[str] = set()
    waiting = [name.lower() for name in declared]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += neighbours[name]
    return frozenset(known[name].full_name for name in reached if name in known)


def _told_apart(metrics: tuple[Metric, ...], models: Mapping[str, Model]) -> tuple[Metric, ...]:
    """Name the table in labels that several metrics have."""
    labels = Counter(metric.label for metric in metrics)
    told = (
        replace(metric, label=f"{metric.label} of {models[metric.tables[0]].subject.named.many}")
        if labels[metric.label] > 1 and metric.aggregation != "count"
        else metric
        for metric in metrics
    )
    return tuple(sorted(told, key=lambda metric: _ORDER.index(metric.aggregation or "count")))


def _models(
    subjects: Mapping[str, Subject], links: Mapping[str, tuple[Link, ...]]
) -> dict[str, Model]:
    roles: dict[str, set[str]] = defaultdict(set)
    for each in links.values():
        for link in each:
            if link.role != subjects[link.to].named.slug:
                roles[link.to].add(link.role)
    nouns = frozenset(noun for subject in subjects.values() for noun in subject.named.nouns)
    found = {}
    for name, subject in subjects.items():
        own = links.get(name, ())
        foreign = {link.column: subjects[link.to].named for link in own}
        found[name] = Model(
            subject=subject,
            measures=tuple(measures(subject, foreign, nouns))
            if subject.table.row_count != 0
            else (),
            links=own,
            roles=tuple(sorted(roles[name])),
        )
    return found
