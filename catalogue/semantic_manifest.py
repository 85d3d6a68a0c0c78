"""What a semantic manifest says, as the nouns: metrics with the tables and columns behind them.

Reads the JSON of a manifest after MetricFlow's own transformations, where every simple metric
carries its expression, aggregation and semantic model. Needs no MetricFlow itself.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, cast

from catalogue.model import Dimension, Metric

_ADDITIVE = frozenset({"sum", "count", "sum_boolean"})
_REFERENCE = re.compile(r"(?:Time)?Dimension\(\s*['\"]([^'\"]+)['\"]")
_Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class DimensionRef:
    """A group-by name that some metric accepts, and where it comes from."""

    name: str
    model: str
    element: str
    entity: str
    hops: int = 1


@dataclass(frozen=True)
class SemanticManifest:
    """A transformed manifest with look-ups."""

    content: _Json
    column_types: Mapping[str, str] = field(default_factory=dict)
    """Warehouse type by `schema.table.column`, lower case, where known."""

    @cached_property
    def models(self) -> dict[str, _Json]:
        return {model["name"]: model for model in self.content["semantic_models"]}

    @cached_property
    def specs(self) -> dict[str, _Json]:
        """Every metric by name, private ones too."""
        return {metric["name"]: metric for metric in self.content["metrics"]}

    @cached_property
    def public_names(self) -> tuple[str, ...]:
        return tuple(
            name for name, spec in self.specs.items() if not spec["type_params"].get("is_private")
        )

    def table(self, model: str) -> str:
        """Return `schema.table` of a semantic model."""
        relation = self.models[model]["node_relation"]
        return f"{relation['schema_name']}.{relation['alias']}"

    def element(self, model: str, name: str) -> _Json:
        """Return a dimension of a semantic model."""
        found = (each for each in self.models[model]["dimensions"] if each["name"] == name)
        return cast(_Json, next(found))

    def grain(self, ref: DimensionRef) -> str | None:
        """Return the finest grain of a time dimension, or None for another."""
        element = self.element(ref.model, ref.element)
        is_time = element["type"] == "time"
        return str(element["type_params"]["time_granularity"]) if is_time else None

    def column(self, ref: DimensionRef) -> str:
        """Return the column, or the expression, behind a dimension."""
        return str(self.element(ref.model, ref.element).get("expr") or ref.element)

    def data_type(self, ref: DimensionRef) -> str:
        """Return the warehouse type of a dimension's column, or "" where it is not known."""
        return self.column_types.get(f"{self.table(ref.model)}.{self.column(ref)}".lower(), "")

    def period_grain(self, metric: str) -> str | None:
        """Return the one grain of time a metric makes sense by, where only one does."""
        return _text(_meta(self.specs[metric]), "period_grain") or self.offset_grain(metric)

    def leaves(self, name: str) -> Iterator[_Json]:
        """Yield the simple metrics a metric is computed from, itself included."""
        spec = self.specs[name]
        inputs = list(_inputs(spec))
        if not inputs:
            yield spec
        for each in inputs:
            yield from self.leaves(each["name"])

    def lineage(self, name: str) -> Iterator[_Json]:
        """Yield a metric and everything it is computed from."""
        yield self.specs[name]
        for each in _inputs(self.specs[name]):
            yield from self.lineage(each["name"])

    def offset_grain(self, name: str) -> str | None:
        """Return the grain by which a metric looks back, or None where it does not say one."""
        windows = [each.get("offset_window") for each in self._offsets(name)]
        return next((window["granularity"] for window in windows if window), None)

    def looks_back(self, name: str) -> bool:
        """True where a metric compares a period with an earlier one."""
        return any(True for _ in self._offsets(name))

    def accumulates(self, name: str) -> bool:
        """True where a metric is a running total or built on one."""
        return any(spec["type"] == "cumulative" for spec in self.lineage(name))

    def _offsets(self, name: str) -> Iterator[_Json]:
        for spec in self.lineage(name):
            for each in _inputs(spec):
                if each.get("offset_window") or each.get("offset_to_grain"):
                    yield each

    @cached_property
    def time_spines(self) -> tuple[str, ...]:
        configuration = self.content["project_configuration"]
        relations = [spine["node_relation"] for spine in configuration.get("time_spines") or ()]
        return tuple(f"{each['schema_name']}.{each['alias']}" for each in relations)


def metric_noun(
    manifest: SemanticManifest, name: str, dimensions: Mapping[str, DimensionRef]
) -> Metric:
    """Return a metric of the manifest; `dimensions` are the group-by names it accepts."""
    spec = manifest.specs[name]
    meta = _meta(spec)
    looks_back = manifest.looks_back(name)
    return Metric(
        name=name,
        label=spec.get("label") or humanised(name),
        description=spec.get("description") or "",
        kind=spec["type"],
        unit=_text(meta, "unit"),
        synonyms=_texts(meta, "synonyms"),
        owner=_text(meta, "owner"),
        domain=_text(meta, "domain"),
        better=cast(Literal["higher", "lower", "neutral"], _text(meta, "better") or "neutral"),
        basis=_text(meta, "basis"),
        dimensions=direct_names(dimensions),
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
    meta = _meta(element)
    fallback = f"{ref.entity} {ref.element}" if is_shared else ref.element
    return Dimension(
        name=ref.name,
        entity=ref.entity,
        kind=element["type"],
        table=manifest.table(ref.model),
        column=manifest.column(ref),
        label=element.get("label") or humanised(fallback),
        description=element.get("description") or "",
        synonyms=_texts(meta, "synonyms"),
        data_type=manifest.data_type(ref),
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


def _inputs(spec: _Json) -> Iterator[_Json]:
    """Yield the metrics that a metric is computed from, with their offsets."""
    params = spec["type_params"]
    yield from params.get("metrics") or ()
    for key in ("numerator", "denominator"):
        if params.get(key):
            yield params[key]
    cumulative = params.get("cumulative_type_params") or {}
    conversion = params.get("conversion_type_params") or {}
    nested = (
        cumulative.get("metric"),
        *(conversion.get(k) for k in ("base_metric", "conversion_metric")),
    )
    yield from (each for each in nested if each)


def _filters(spec: _Json) -> Iterator[str]:
    for holder in (spec, *_inputs(spec)):
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
        found += (f"{table}.{column}" for column in _columns_in(leaf["type_params"].get("expr")))
    for ref in _filter_refs(manifest, name, dimensions):
        table = manifest.table(ref.model)
        found += (f"{table}.{column}" for column in _columns_in(manifest.column(ref)))
    return tuple(dict.fromkeys(found))


def _columns_in(expression: str | None) -> Iterable[str]:
    if not expression:
        return ()
    from sqlglot import exp, parse_one
    from sqlglot.errors import SqlglotError

    try:
        tree = parse_one(expression, dialect="duckdb")
    except SqlglotError:
        return ()
    return dict.fromkeys(column.name for column in tree.find_all(exp.Column))


def _time(manifest: SemanticManifest, leaf: _Json) -> str | None:
    aggregation = _aggregation(leaf)
    model = manifest.models[aggregation["semantic_model"]]
    name = aggregation.get("agg_time_dimension") or (model.get("defaults") or {}).get(
        "agg_time_dimension"
    )
    if not name:
        return None
    element = manifest.element(model["name"], name)
    return f"{manifest.table(model['name'])}.{element.get('expr') or name}"


def _aggregation(leaf: _Json) -> _Json:
    return cast(_Json, leaf["type_params"]["metric_aggregation_params"])


def _is_additive(spec: _Json) -> bool:
    aggregation = spec["type_params"].get("metric_aggregation_params") or {}
    return (
        spec["type"] == "simple"
        and aggregation.get("agg") in _ADDITIVE
        and not aggregation.get("non_additive_dimension")
    )


def _meta(holder: _Json) -> _Json:
    return cast(_Json, (holder.get("config") or {}).get("meta") or {})


def _text(meta: _Json, key: str) -> str | None:
    value = meta.get(key)
    return None if value is None else str(value)


def _texts(meta: _Json, key: str) -> tuple[str, ...]:
    value = meta.get(key) or ()
    return (value,) if isinstance(value, str) else tuple(str(each) for each in value)
