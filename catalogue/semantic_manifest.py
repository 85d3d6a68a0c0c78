"""What a semantic manifest says: models, metrics, and what each metric is computed from.

Reads the JSON of a manifest after MetricFlow's own transformations, where every simple metric
carries its expression, aggregation and semantic model. Needs no MetricFlow itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

Json = Mapping[str, Any]


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

    content: Json
    column_types: Mapping[str, str] = field(default_factory=dict)
    """Warehouse type by `schema.table.column`, lower case, where known."""

    @cached_property
    def models(self) -> dict[str, Json]:
        return {model["name"]: model for model in self.content["semantic_models"]}

    @cached_property
    def specs(self) -> dict[str, Json]:
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

    def element(self, model: str, name: str) -> Json:
        """Return a dimension of a semantic model."""
        found = (each for each in self.models[model]["dimensions"] if each["name"] == name)
        return cast(Json, next(found))

    def grain(self, ref: DimensionRef) -> str | None:
        """Return the finest grain of a time dimension, or None for another."""
        element = self.element(ref.model, ref.element)
        is_time = element["type"] == "time"
        return str(element["type_params"]["time_granularity"]) if is_time else None

    def column(self, ref: DimensionRef) -> str:
        """Return the column, or the expression, behind a dimension."""
        return unquoted(str(self.element(ref.model, ref.element).get("expr") or ref.element))

    def data_type(self, ref: DimensionRef) -> str:
        """Return the warehouse type of a dimension's column, or "" where it is not known."""
        return self.column_types.get(f"{self.table(ref.model)}.{self.column(ref)}".lower(), "")

    def period_grain(self, metric: str) -> str | None:
        """Return the one grain of time a metric makes sense by, where only one does."""
        return text_of(meta_of(self.specs[metric]), "period_grain") or self.offset_grain(metric)

    def leaves(self, name: str) -> Iterator[Json]:
        """Yield the simple metrics a metric is computed from, itself included."""
        spec = self.specs[name]
        inputs = list(inputs_of(spec))
        if not inputs:
            yield spec
        for each in inputs:
            yield from self.leaves(each["name"])

    def lineage(self, name: str) -> Iterator[Json]:
        """Yield a metric and everything it is computed from."""
        yield self.specs[name]
        for each in inputs_of(self.specs[name]):
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

    def _offsets(self, name: str) -> Iterator[Json]:
        for spec in self.lineage(name):
            for each in inputs_of(spec):
                if each.get("offset_window") or each.get("offset_to_grain"):
                    yield each

    @cached_property
    def time_spines(self) -> tuple[str, ...]:
        configuration = self.content["project_configuration"]
        relations = [spine["node_relation"] for spine in configuration.get("time_spines") or ()]
        return tuple(f"{each['schema_name']}.{each['alias']}" for each in relations)


def inputs_of(spec: Json) -> Iterator[Json]:
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


def unquoted(expression: str) -> str:
    """Return a column's name where an expression is no more than that name in quotes.

    >>> unquoted('"Order Date"'), unquoted("lower(a)")
    ('Order Date', 'lower(a)')
    """
    is_name = len(expression) > 2 and expression[0] == expression[-1] == '"'
    return expression[1:-1] if is_name and '"' not in expression[1:-1] else expression


def columns_in(expression: str | None) -> Iterable[str]:
    """Return the columns that an expression names, in order; none where it cannot be parsed."""
    if not expression:
        return ()
    from sqlglot import exp, parse_one
    from sqlglot.errors import SqlglotError

    try:
        tree = parse_one(expression, dialect="duckdb")
    except SqlglotError:
        return ()
    return dict.fromkeys(column.name for column in tree.find_all(exp.Column))


def meta_of(holder: Json) -> Json:
    """Return the `config.meta` of a metric or dimension."""
    return cast(Json, (holder.get("config") or {}).get("meta") or {})


def text_of(meta: Json, key: str) -> str | None:
    """Return one value of a `meta` as text."""
    value = meta.get(key)
    return None if value is None else str(value)


def texts_of(meta: Json, key: str) -> tuple[str, ...]:
    """Return a list of a `meta`; a single text is a list of one."""
    value = meta.get(key) or ()
    return (value,) if isinstance(value, str) else tuple(str(each) for each in value)
