"""A semantic manifest's metrics and dimensions as the catalogue's nouns."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal, cast

from catalogue.model import Dimension, Metric
from catalogue.semantic_manifest import (
    DimensionRef,
    Json,
    SemanticManifest,
    columns_in,
    inputs_of,
    meta_of,
    text_of,
    texts_of,
)

_ADDITIVE = frozenset({"sum", "count", "sum_boolean"})
_REFERENCE = re.compile(r"(?:Time)?Dimension\(\s*['\"]([^'\"]+)['\"]")


def metric_noun(
    manifest: SemanticManifest, name: str, dimensions: Mapping[str, DimensionRef]
) -> Metric:
    """Return a metric of the manifest; `dimensions` are the group-by names it accepts."""
    spec = manifest.specs[name]
    meta = meta_of(spec)
    looks_back = manifest.looks_back(name)
    return Metric(
        name=name,
        label=spec.get("label") or humanised(name),
        description=spec.get("description") or "",
        kind=spec["type"],
        unit=text_of(meta, "unit"),
        synonyms=texts_of(meta, "synonyms"),
        owner=text_of(meta, "owner"),
        domain=text_of(meta, "domain"),
        better=cast(Literal["higher", "lower", "neutral"], text_of(meta, "better") or "neutral"),
        basis=text_of(meta, "basis"),
        dimensions=accepted_names(manifest, name, dimensions),
        tables=_tables(manifest, name, dimensions),
        columns=_columns(manifest, name, dimensions),
        time_column=next(
            filter(None, (_time(manifest, leaf) for leaf in manifest.leaves(name))), None
        ),
        needs_time=looks_back,
        period_grain=manifest.period_grain(name),
        additive=_is_additive(spec),
    )


def dimension_noun(manifest: SemanticManifest, ref: DimensionRef, *, is_shared: bool) -> Dimension:
    """Return a dimension; `is_shared` where another entity has one of the same name."""
    element = manifest.element(ref.model, ref.element)
    meta = meta_of(element)
    fallback = f"{ref.entity} {ref.element}" if is_shared else ref.element
    return Dimension(
        name=ref.name,
        entity=ref.entity,
        kind=element["type"],
        table=manifest.table(ref.model),
        column=manifest.column(ref),
        label=element.get("label") or humanised(fallback),
        description=element.get("description") or "",
        synonyms=texts_of(meta, "synonyms"),
        data_type=manifest.data_type(ref),
    )


def accepted_names(
    manifest: SemanticManifest, metric: str, dimensions: Mapping[str, DimensionRef]
) -> tuple[str, ...]:
    """Return the names a metric can be cut by: one with a history by no time but metric_time."""
    has_history = manifest.looks_back(metric) or manifest.accumulates(metric)
    return tuple(
        name
        for name in direct_names(dimensions)
        if not (has_history and manifest.grain(dimensions[name]))
    )


def direct_names(dimensions: Mapping[str, DimensionRef]) -> tuple[str, ...]:
    """Return the group-by names, without detours to what a shorter path reaches."""
    nearest: dict[tuple[str, str], int] = {}
    for ref in dimensions.values():
        source = (ref.model, ref.element)
        nearest[source] = min(ref.hops, nearest.get(source, ref.hops))
    return tuple(
        sorted(
            ref.name for ref in dimensions.values() if ref.hops == nearest[(ref.model, ref.element)]
        )
    )


def humanised(name: str) -> str:
    """Return a name as words: `on_time_rate` -> `On time rate`."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _filters(spec: Json) -> Iterator[str]:
    for holder in (spec, *inputs_of(spec)):
        for each in (holder.get("filter") or {}).get("where_filters") or ():
            yield from _REFERENCE.findall(each["where_sql_template"])


def _filter_refs(
    manifest: SemanticManifest, name: str, dimensions: Mapping[str, DimensionRef]
) -> Iterator[DimensionRef]:
    for spec in manifest.lineage(name):
        yield from (dimensions[found] for found in _filters(spec) if found in dimensions)


def _tables(
    manifest: SemanticManifest, name: str, dimensions: Mapping[str, DimensionRef]
) -> tuple[str, ...]:
    """Return every table the metric reads by itself, whatever it is grouped by."""
    own = [manifest.table(_aggregation(leaf)["semantic_model"]) for leaf in manifest.leaves(name)]
    own += [manifest.table(ref.model) for ref in _filter_refs(manifest, name, dimensions)]
    joins_spine = any(
        spec["type_params"].get("join_to_timespine") for spec in manifest.lineage(name)
    )
    if joins_spine or manifest.looks_back(name) or manifest.accumulates(name):
        own += manifest.time_spines[:1]
    return tuple(dict.fromkeys(own))


def _columns(
    manifest: SemanticManifest, name: str, dimensions: Mapping[str, DimensionRef]
) -> tuple[str, ...]:
    found: list[str] = []
    for leaf in manifest.leaves(name):
        table = manifest.table(_aggregation(leaf)["semantic_model"])
        found += (f"{table}.{column}" for column in columns_in(leaf["type_params"].get("expr")))
    for ref in _filter_refs(manifest, name, dimensions):
        table = manifest.table(ref.model)
        found += (f"{table}.{column}" for column in columns_in(manifest.column(ref)))
    return tuple(dict.fromkeys(found))


def _time(manifest: SemanticManifest, leaf: Json) -> str | None:
    aggregation = _aggregation(leaf)
    model = manifest.models[aggregation["semantic_model"]]
    name = aggregation.get("agg_time_dimension") or (model.get("defaults") or {}).get(
        "agg_time_dimension"
    )
    if not name:
        return None
    element = manifest.element(model["name"], name)
    return f"{manifest.table(model['name'])}.{element.get('expr') or name}"


def _aggregation(leaf: Json) -> Json:
    return cast(Json, leaf["type_params"]["metric_aggregation_params"])


def _is_additive(spec: Json) -> bool:
    aggregation = spec["type_params"].get("metric_aggregation_params") or {}
    return (
        spec["type"] == "simple"
        and aggregation.get("agg") in _ADDITIVE
        and not aggregation.get("non_additive_dimension")
    )
