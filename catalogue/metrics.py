"""The semantic layer: which metrics there are, and a metric query as SQL.

The only room that knows MetricFlow, which loads when first needed (about a second). Compiling
holds a lock: MetricFlow numbers its sub-queries in state that threads share.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

from catalogue.errors import BadArtifact, BadMetricQuery, UnknownDimension, UnknownMetric
from catalogue.metric_query import check_metric_query, whole_periods
from catalogue.metric_sql import Literals, Outer, OutputColumn, condition, literal, surround
from catalogue.model import Dimension, Filter, Metric, MetricQuery, Period
from catalogue.semantic_manifest import (
    DimensionRef,
    SemanticManifest,
    dimension_noun,
    direct_names,
    metric_noun,
)

if TYPE_CHECKING:
    from metricflow.engine.metricflow_engine import MetricFlowEngine

METRIC_TIME = "metric_time"
DAY_GRAINS = ("day", "week", "month", "quarter", "year")
_GRAINS = (*DAY_GRAINS, "hour", "minute", "second")
_KEPT_COMPILATIONS = 512


@dataclass(frozen=True, kw_only=True)
class _GroupBy:
    """A group-by or filter name, resolved."""

    name: str
    """As the query says it."""
    base: str
    """Group-by name without grain, lower case."""
    grain: str | None = None
    ref: DimensionRef | None = None

    @property
    def request(self) -> str:
        return f"{self.base}__{self.grain}" if self.grain else self.base


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """A query split into what MetricFlow computes and what surrounds it."""

    metrics: tuple[str, ...]
    group_by: tuple[_GroupBy, ...]
    where: tuple[str, ...]
    period: Period | None
    latest_by: str | None = None


class SemanticLayer:
    """Lists and compiles the metrics of one semantic manifest. Safe to share between threads.

    `column_types` gives warehouse types by `schema.table.column`; with them a filter's values
    are written as the column's type, without them as they come.
    """

    def __init__(
        self,
        manifest_json: str,
        *,
        column_types: Mapping[str, str] | None = None,
        kept: int = _KEPT_COMPILATIONS,
    ) -> None:
        self._json = manifest_json
        self._types = {name.lower(): kind for name, kind in (column_types or {}).items()}
        self._lock = RLock()
        self._started: tuple[MetricFlowEngine, SemanticManifest] | None = None
        self._dimensions: dict[str, dict[str, DimensionRef]] = {}
        self._compiled: OrderedDict[str, str] = OrderedDict()
        self._kept = kept

    def warm(self) -> None:
        """Load MetricFlow and compile one query, so that the first question does not wait."""
        with self._lock:
            if names := self._manifest.public_names:
                self._refs(names[0])

    def metrics(self) -> tuple[Metric, ...]:
        """Return every public metric with the dimensions it accepts, in the manifest's order."""
        with self._lock:
            names = self._manifest.public_names
            return tuple(metric_noun(self._manifest, name, self._refs(name)) for name in names)

    def dimensions(self) -> tuple[Dimension, ...]:
        """Return every dimension that some metric accepts, by group-by name."""
        with self._lock:
            found: dict[str, DimensionRef] = {}
            for metric in self._manifest.public_names:
                refs = self._refs(metric)
                found.update({name: refs[name] for name in direct_names(refs)})
            refs_in_order = [found[name] for name in sorted(found)]
            elements = [ref.element for ref in refs_in_order]
            return tuple(
                dimension_noun(self._manifest, ref, is_shared=elements.count(ref.element) > 1)
                for ref in refs_in_order
            )

    def compile(self, query: MetricQuery) -> str:
        """Return DuckDB SQL whose columns are the query's group-by names, then its metrics.

        Raises UnknownMetric, UnknownDimension or BadMetricQuery; none names anything that the
        query does not (`metric_query.check_names` suggests names within a grant).
        """
        check_metric_query(query)
        key = repr(query)
        with self._lock:
            if key not in self._compiled:
                self._compiled[key] = self._compile(query)
            self._compiled.move_to_end(key)
            compiled = self._compiled[key]
            while len(self._compiled) > self._kept:
                self._compiled.popitem(last=False)
        return compiled

    @property
    def _engine(self) -> "MetricFlowEngine":
        return self._start()[0]

    @property
    def _manifest(self) -> SemanticManifest:
        return self._start()[1]

    def _start(self) -> "tuple[MetricFlowEngine, SemanticManifest]":
        with self._lock:
            if self._started is None:
                self._started = _start(self._json, self._types)
            return self._started

    def _refs(self, metric: str) -> dict[str, DimensionRef]:
        """Return the dimensions a metric accepts, detours included, by group-by name."""
        if metric not in self._dimensions:
            listed = self._engine.simple_dimensions_for_metrics([metric])
            self._dimensions[metric] = {
                each.dunder_name: DimensionRef(
                    name=each.dunder_name,
                    model=each.semantic_model_reference.semantic_model_name,
                    element=each.name,
                    entity=each.entity_links[-1].element_name,
                    hops=len(each.entity_links),
                )
                for each in listed
                if each.semantic_model_reference is not None and each.entity_links
            }
        return self._dimensions[metric]

    def _compile(self, query: MetricQuery) -> str:
        literals = Literals()
        plan = self._plan(query, literals)
        shown = len(query.group_by)
        columns = [
            OutputColumn(name=each.name, inner=each.request, is_day=each.grain in DAY_GRAINS)
            for each in plan.group_by[:shown]
        ]
        asked = {name.lower() for name in query.metrics}
        columns += [
            OutputColumn(name=name, inner=name.lower(), is_shown=name.lower() in asked)
            for name in plan.metrics
        ]
        outer = Outer(
            columns=tuple(columns),
            group_by=query.group_by,
            having=query.having,
            order_by=query.order_by,
            limit=query.limit,
            latest_by=plan.latest_by,
        )
        return surround(literals.fill(self._explain(plan)), outer)

    def _plan(self, query: MetricQuery, literals: Literals) -> _Plan:
        metrics = self._metrics_of(query)
        plan = _Plan(
            metrics=metrics,
            group_by=tuple(self._resolve(name, metrics) for name in query.group_by),
            where=tuple(self._where(each, metrics, literals) for each in query.where),
            period=query.period,
        )
        looking_back = [name for name in metrics if self._manifest.looks_back(name.lower())]
        running = [name for name in metrics if self._manifest.accumulates(name.lower())]
        if looking_back or running:
            self._refuse_time_cuts(query, plan, (looking_back or running)[0])
        if looking_back:
            return self._by_period(plan, looking_back)
        return self._at_the_end(plan, running) if running else plan

    def _metrics_of(self, query: MetricQuery) -> tuple[str, ...]:
        """Return the metrics asked for, then those only ordered or filtered by."""
        group_by = {name.lower() for name in query.group_by}
        ordered = [name.lstrip("-") for name in query.order_by]
        behind = [name for name in ordered if name.lower() not in group_by]
        behind += [each.metric for each in query.having]
        named = {name.lower(): name for name in reversed([*query.metrics, *behind])}
        order = dict.fromkeys(name.lower() for name in [*query.metrics, *behind])
        for name in order:
            if name not in self._manifest.public_names:
                raise self._unknown(named[name], query)
        return tuple(named[name] for name in order)

    def _unknown(self, name: str, query: MetricQuery) -> BadMetricQuery | UnknownMetric:
        known = {ref for metric in self._manifest.public_names for ref in self._refs(metric)}
        if name.lower() in known or name.lower().startswith(METRIC_TIME):
            return BadMetricQuery(f"order_by names {name!r}, which is not in group_by.")
        return UnknownMetric(name)

    def _resolve(self, name: str, metrics: tuple[str, ...]) -> _GroupBy:
        """Find a group-by name that every metric of the query accepts."""
        base, grain = _split_grain(name.lower())
        if base == METRIC_TIME:
            return _GroupBy(name=name, base=base, grain=grain or "day")
        refs = [self._refs(metric.lower()) for metric in metrics]
        for metric, accepted in zip(metrics, refs, strict=True):
            if base not in accepted:
                raise self._not_accepted(name, base, metric)
        ref = refs[0][base]
        element = self._manifest.element(ref.model, ref.element)
        if element["type"] == "time":
            grain = grain or str(element["type_params"]["time_granularity"])
        elif grain:
            raise UnknownDimension(name)
        return _GroupBy(name=name, base=base, grain=grain, ref=ref)

    def _not_accepted(self, name: str, base: str, metric: str) -> UnknownDimension | BadMetricQuery:
        if any(base in self._refs(each) for each in self._manifest.public_names):
            return BadMetricQuery(f"{metric!r} cannot be grouped or filtered by {name!r}.")
        return UnknownDimension(name)

    def _where(self, where: Filter, metrics: tuple[str, ...], literals: Literals) -> str:
        found = self._resolve(where.dimension, metrics)
        data_type = ""
        if found.ref and not found.grain:
            element = self._manifest.element(found.ref.model, found.ref.element)
            column = (
                f"{self._manifest.table(found.ref.model)}.{element.get('expr') or element['name']}"
            )
            data_type = self._types.get(column.lower(), "")
        marks = [
            literals.mark(literal(value, data_type=data_type, is_time=found.grain is not None))
            for value in where.values
        ]
        reference = (
            f"TimeDimension('{found.base}', '{found.grain}')"
            if found.grain
            else f"Dimension('{found.base}')"
        )
        return condition(f"{{{{ {reference} }}}}", where, marks)

    def _refuse_time_cuts(self, query: MetricQuery, plan: _Plan, metric: str) -> None:
        """A condition on time would cut away the history that this metric needs."""
        cuts = [_split_grain(each.dimension.lower()) for each in query.where]
        timed = [each for each in plan.group_by if each.grain and each.base != METRIC_TIME]
        if timed or any(base == METRIC_TIME or self._is_time(base, metric) for base, _ in cuts):
            raise BadMetricQuery(
                f"{metric!r} needs earlier days too: limit it by period and group it by "
                "metric_time, not by another time dimension."
            )

    def _is_time(self, base: str, metric: str) -> bool:
        ref = self._refs(metric.lower())[base]
        return bool(self._manifest.element(ref.model, ref.element)["type"] == "time")

    def _by_period(self, plan: _Plan, looking_back: list[str]) -> _Plan:
        """Group by the one grain that a metric with an offset has a value for."""
        metric = looking_back[0]
        spec = self._manifest.specs[metric.lower()]
        meta = (spec.get("config") or {}).get("meta") or {}
        grain = str(meta.get("period_grain") or self._manifest.offset_grain(metric.lower()) or "")
        grains = [each.grain for each in plan.group_by if each.base == METRIC_TIME]
        if grain and any(each != grain for each in grains):
            raise BadMetricQuery(
                f"{metric!r} has a value per {grain} only: use metric_time__{grain}."
            )
        count = whole_periods(plan.period, grain) if plan.period and grain else None
        if plan.period and grain and count is None:
            raise BadMetricQuery(f"{metric!r} has a value per whole {grain} only.")
        if grains:
            return plan
        if count != 1:
            raise BadMetricQuery(
                f"{metric!r} has a value per {grain or 'period'}: name one as the period, or "
                f"group by {METRIC_TIME}{f'__{grain}' if grain else ''}."
            )
        added = _GroupBy(name=f"{METRIC_TIME}__{grain}", base=METRIC_TIME, grain=grain)
        return replace(plan, group_by=(*plan.group_by, added))

    def _at_the_end(self, plan: _Plan, running: list[str]) -> _Plan:
        """Without a grouping by time, a running total is its value on the last day."""
        if any(each.base == METRIC_TIME for each in plan.group_by):
            return plan
        if len(running) < len(plan.metrics):
            raise BadMetricQuery(
                f"{running[0]!r} is a running total: ask for it alone, or group by {METRIC_TIME}."
            )
        added = _GroupBy(name=f"{METRIC_TIME}__day", base=METRIC_TIME, grain="day")
        last = plan.period and Period(start=plan.period.end, end=plan.period.end)
        return replace(plan, group_by=(*plan.group_by, added), period=last, latest_by=added.request)

    def _explain(self, plan: _Plan) -> str:
        from metricflow.engine.metricflow_engine import MetricFlowQueryRequest
        from metricflow_semantics.errors.error_classes import MetricFlowException

        period = plan.period
        request = MetricFlowQueryRequest.create(
            metric_names=[name.lower() for name in plan.metrics],
            group_by_names=[each.request for each in plan.group_by],
            where_constraints=list(plan.where) or None,
            time_constraint_start=datetime.combine(period.start, time.min) if period else None,
            time_constraint_end=datetime.combine(period.end, time.min) if period else None,
        )
        try:
            return self._engine.explain(request).sql_statement.sql
        except MetricFlowException as error:
            names = ", ".join(plan.metrics)
            cuts = ", ".join(each.name for each in plan.group_by)
            raise BadMetricQuery(
                f"The semantic layer cannot compute {names}{f' by {cuts}' if cuts else ''}."
            ) from error


def _split_grain(name: str) -> tuple[str, str | None]:
    base, separator, last = name.rpartition("__")
    return (base, last) if separator and last in _GRAINS else (name, None)


def _start(
    manifest_json: str, column_types: Mapping[str, str]
) -> "tuple[MetricFlowEngine, SemanticManifest]":
    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow.protocols.sql_client import SqlClient
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantic_interfaces.transformations.semantic_manifest_transformer import (
        PydanticSemanticManifestTransformer,
    )
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

    try:
        parsed = PydanticSemanticManifest.parse_obj(_without_database(json.loads(manifest_json)))
        manifest = PydanticSemanticManifestTransformer.transform(parsed)
        lookup = SemanticManifestLookup(manifest)
        engine = MetricFlowEngine(lookup, cast(SqlClient, _RendersOnly()))
    except Exception as error:
        # The parser, the transformations and the look-up each raise their own kinds.
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise BadArtifact(
            Path("semantic_manifest.json"), f"is no usable semantic manifest: {reason}"
        ) from error
    return engine, SemanticManifest(json.loads(manifest.json()), column_types)


class _RendersOnly:
    """As much of a SQL client as explaining a query needs: nothing can be run through it."""

    @property
    def sql_engine_type(self) -> object:
        from metricflow.protocols.sql_client import SqlEngine

        return SqlEngine.DUCKDB

    @cached_property
    def sql_plan_renderer(self) -> object:
        from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer

        return DuckDbSqlPlanRenderer()

    def render_bind_parameter_key(self, bind_parameter_key: str) -> str:
        return f"${bind_parameter_key}"

    def close(self) -> None:
        return None


def _without_database(content: Any) -> Any:
    """Name relations by schema and table: a snapshot is served under another database name."""
    if isinstance(content, list):
        return [_without_database(each) for each in content]
    if not isinstance(content, dict):
        return content
    cleaned = {key: _without_database(value) for key, value in content.items()}
    if "alias" in content and "schema_name" in content:
        relation = f'"{content["schema_name"]}"."{content["alias"]}"'
        cleaned.update({"database": None, "relation_name": relation})
    return cleaned
