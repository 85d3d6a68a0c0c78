"""The semantic layer: which metrics there are, and a metric query as SQL.

The only room that knows MetricFlow, which loads when first needed (about a second). Compiling
holds a lock: MetricFlow numbers its sub-queries in state that threads share.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, time
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

from catalogue.errors import BadArtifact, BadMetricQuery
from catalogue.house_time import recut
from catalogue.metric_nouns import dimension_noun, direct_names, metric_noun
from catalogue.metric_plan import DAY_GRAINS, Plan, Planner
from catalogue.metric_query import check_metric_query
from catalogue.metric_sql import Literals, Outer, OutputColumn, surround
from catalogue.model import Conventions, Dimension, Metric, MetricQuery
from catalogue.semantic_manifest import DimensionRef, SemanticManifest

if TYPE_CHECKING:
    from metricflow.engine.metricflow_engine import MetricFlowEngine

_KEPT_COMPILATIONS = 512
_COMPILATIONS_PER_ENGINE = 1_000
"""MetricFlow keeps about 80 kB of every distinct query: a new engine costs far less than that."""


class SemanticLayer:
    """Lists and compiles the metrics of one semantic manifest. Safe to share between threads.

    `column_types` gives warehouse types by `schema.table.column`; with them a filter's values
    are written as the column's type, without them as they come. Quarters, years and weeks are cut
    as the `conventions` say. The last `kept` queries are
    remembered; after `renew_after` others MetricFlow is set up anew.
    """

    def __init__(
        self,
        manifest_json: str,
        *,
        column_types: Mapping[str, str] | None = None,
        conventions: Conventions = Conventions(),
        kept: int = _KEPT_COMPILATIONS,
        renew_after: int = _COMPILATIONS_PER_ENGINE,
    ) -> None:
        self._json = manifest_json
        self._types = {name.lower(): kind for name, kind in (column_types or {}).items()}
        self._conventions = conventions
        self._lock = RLock()
        self._started: tuple[MetricFlowEngine, SemanticManifest] | None = None
        self._compilations = 0
        self._dimensions: dict[str, dict[str, DimensionRef]] = {}
        self._compiled: OrderedDict[str, str] = OrderedDict()
        self._kept = kept
        self._renew_after = renew_after

    def warm(self) -> None:
        """Load MetricFlow and compile one query, so that the first question does not wait."""
        with self._lock:
            plain = (name for name in self._manifest.public_names if self._is_plain(name))
            if name := next(plain, None):
                self.compile(MetricQuery(metrics=(name,)))

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

    def tables(self) -> frozenset[str]:
        """Return the tables that its models and time spines are; none where it has no metric."""
        with self._lock:
            manifest = self._manifest
            if not manifest.public_names:
                return frozenset()
            return frozenset([*map(manifest.table, manifest.models), *manifest.time_spines])

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

    def _is_plain(self, metric: str) -> bool:
        return not (self._manifest.looks_back(metric) or self._manifest.accumulates(metric))

    @property
    def _planner(self) -> Planner:
        return Planner(manifest=self._manifest, accepted=self._refs, conventions=self._conventions)

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
        self._compilations += 1
        if self._compilations % self._renew_after == 0:
            self._started = None
        literals = Literals()
        plan = self._planner.plan(query, literals)
        asked = {name.lower() for name in query.metrics}
        grouped = plan.group_by[: len(query.group_by)]
        columns = (
            *(
                OutputColumn(name=each.name, inner=each.request, is_day=each.grain in DAY_GRAINS)
                for each in grouped
            ),
            *(
                OutputColumn(name=name, inner=name.lower(), is_shown=name.lower() in asked)
                for name in plan.metrics
            ),
        )
        outer = Outer(
            columns=columns,
            group_by=query.group_by,
            having=query.having,
            order_by=query.order_by,
            limit=query.limit,
            latest_by=plan.latest_by,
        )
        inner = recut(literals.fill(self._explain(plan)), self._conventions)
        return surround(inner, outer)

    def _explain(self, plan: Plan) -> str:
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
