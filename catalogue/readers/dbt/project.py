"""Everything one dbt target directory says, in the nouns of the catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from catalogue.errors import BadArtifact
from catalogue.model import Check, CheckResult, Entity, Exposure, Relationship, Table
from catalogue.readers.dbt.artifacts import (
    CATALOG_VERSIONS,
    MANIFEST_VERSIONS,
    Json,
    mapped,
    open_artifact,
    open_if_there,
    open_semantic_manifest,
)
from catalogue.readers.dbt.manifest import Manifest
from catalogue.readers.dbt.notes import meta_of
from catalogue.readers.dbt.results import clock_at, freshness_results, test_results
from catalogue.readers.dbt.semantic import read_entities, read_joins


@dataclass(frozen=True, kw_only=True)
class MetricNote:
    """What manifest.json says of a metric beyond its definition."""

    owner: str | None
    meta: Json


@dataclass(frozen=True, kw_only=True)
class DbtProject:
    """What dbt knows: notes on tables that the warehouse may or may not hold."""

    tables: tuple[Table, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    checks: tuple[Check, ...] = ()
    results: tuple[CheckResult, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    entities: tuple[Entity, ...] = ()
    metric_notes: dict[str, MetricNote]
    semantic_manifest: str | None = None
    catalogued: dict[str, dict[str, str]]
    """Types by column, by full table name, as `dbt docs generate` last saw them."""


def read_dbt(directory: Path, *, as_of: date | None = None, timezone: str = "UTC") -> DbtProject:
    """Read a target directory, or raise BadArtifact naming the file and the way out."""
    path = directory / "manifest.json"
    manifest = Manifest(path, open_artifact(path, MANIFEST_VERSIONS))
    semantic = open_semantic_manifest(directory / "semantic_manifest.json")
    clock = clock_at(as_of, timezone)
    try:
        return DbtProject(
            tables=tuple(manifest.tables()),
            relationships=_once(
                [*manifest.relationships(), *(read_joins(semantic) if semantic else ())]
            ),
            checks=tuple(manifest.checks()),
            results=(*test_results(directory), *freshness_results(directory, clock=clock)),
            exposures=tuple(manifest.exposures()),
            entities=read_entities(semantic) if semantic else (),
            metric_notes=_metric_notes(manifest),
            semantic_manifest=semantic,
            catalogued=_catalogued(directory),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # JSON of the right version whose insides have another shape: edited, or cut and mended.
        raise BadArtifact(
            directory, f"holds a dbt artifact of an unexpected shape ({error}).", advice=_ADVICE
        ) from error


_ADVICE = "Run `dbt build` anew, or take `dbt` out of [catalogue] in platform.toml."


def _once(relationships: Iterable[Relationship]) -> tuple[Relationship, ...]:
    """Return each join once; what is tested comes first and says more than a declaration."""
    found: dict[tuple[str, ...], Relationship] = {}
    for each in relationships:
        ends = (each.from_table, each.from_column, each.to_table, each.to_column)
        found.setdefault(tuple(end.lower() for end in ends), each)
    return tuple(found.values())


def _metric_notes(manifest: Manifest) -> dict[str, MetricNote]:
    nodes = mapped(manifest.path, manifest.content, "metrics").values()
    return {
        node.get("name", ""): MetricNote(owner=manifest.owner(node), meta=meta_of(node))
        for node in nodes
    }


def _catalogued(directory: Path) -> dict[str, dict[str, str]]:
    path = directory / "catalog.json"
    content = open_if_there(path, CATALOG_VERSIONS)
    if content is None:
        return {}
    entries = [
        *mapped(path, content, "nodes").values(),
        *mapped(path, content, "sources").values(),
    ]
    return {
        f"{each['metadata'].get('schema')}.{each['metadata'].get('name')}": {
            column.get("name", ""): column.get("type") or ""
            for column in (each.get("columns") or {}).values()
        }
        for each in entries
    }
