"""What a metric is computed by, as one SQL expression over its own table.

Read from the semantic manifest as dbt wrote it, or from an inferred metric itself.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catalogue.model import Metric

Json = Mapping[str, Any]
_AGGREGATIONS = {
    "sum": "SUM({})",
    "sum_boolean": "SUM(CASE WHEN {} THEN 1 ELSE 0 END)",
    "average": "AVG({})",
    "avg": "AVG({})",
    "min": "MIN({})",
    "max": "MAX({})",
    "count": "COUNT({})",
    "count_distinct": "COUNT(DISTINCT {})",
    "median": "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY {})",
}


@dataclass(frozen=True)
class Definitions:
    """The definitions of a platform's metrics; `manifest` is None where it declares none."""

    manifest: str | None

    def expression(self, metric: Metric) -> str | None:
        """Return the metric as SQL, or None where a single expression cannot say it."""
        if metric.aggregation is not None:
            column = metric.columns[0].rpartition(".")[2] if metric.columns else "*"
            return _AGGREGATIONS[metric.aggregation].format(column)
        return self._of_spec(self._specs.get(metric.name))

    @cached_property
    def _content(self) -> Json:
        empty: Json = {"semantic_models": [], "metrics": []}
        return empty if self.manifest is None else json.loads(self.manifest)

    @cached_property
    def _specs(self) -> dict[str, Json]:
        return {spec["name"]: spec for spec in self._content["metrics"]}

    @cached_property
    def _measures(self) -> dict[str, Json]:
        models = self._content["semantic_models"]
        return {measure["name"]: measure for model in models for measure in model["measures"]}

    def _of_spec(self, spec: Json | None) -> str | None:
        if spec is None or spec.get("filter"):
            return None
        params = spec["type_params"]
        if spec["type"] == "simple":
            return self._of_measure(params.get("measure"))
        if spec["type"] == "ratio":
            above, below = (self._of_input(params[part]) for part in ("numerator", "denominator"))
            return f"{above} * 1.0 / NULLIF({below}, 0)" if above and below else None
        if spec["type"] == "derived":
            return self._of_derived(params)
        return None

    def _of_measure(self, used: Json | None) -> str | None:
        measure = self._measures.get(used["name"]) if used and not used.get("filter") else None
        if measure is None or measure.get("non_additive_dimension"):
            return None
        form = _AGGREGATIONS.get(measure["agg"])
        share = (measure.get("agg_params") or {}).get("percentile")
        if measure["agg"] == "percentile" and share is not None:
            form = f"PERCENTILE_CONT({share}) WITHIN GROUP (ORDER BY {{}})"
        return form.format(measure.get("expr") or measure["name"]) if form else None

    def _of_input(self, used: Json) -> str | None:
        """An input that is filtered, or looks at another period, is no plain expression."""
        if used.get("filter") or used.get("offset_window") or used.get("offset_to_grain"):
            return None
        return self._of_spec(self._specs.get(used["name"]))

    def _of_derived(self, params: Json) -> str | None:
        parts = {
            each.get("alias") or each["name"]: self._of_input(each) for each in params["metrics"]
        }
        if any(part is None for part in parts.values()):
            return None
        names = "|".join(re.escape(name) for name in parts)
        return re.sub(rf"\b({names})\b", lambda found: f"({parts[found[1]]})", params["expr"])
