"""Compiles queries over inferred metrics: for each, only the part of the manifest it can reach.

A warehouse of a thousand tables has thousands of starter metrics; MetricFlow is set up for the
few tables around one question in a twentieth of a second, and the last ones used are kept.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from functools import cached_property
from threading import RLock
from typing import Any

from catalogue.errors import BadMetricQuery
from catalogue.infer.manifest import part_for
from catalogue.metrics import SemanticLayer
from catalogue.model import Conventions, MetricQuery

_KEPT = 32


class InferredLayer:
    """Compiles what nobody declared. Safe to share between threads."""

    def __init__(
        self,
        manifest_json: str,
        *,
        column_types: Mapping[str, str],
        conventions: Conventions = Conventions(),
    ) -> None:
        self._json, self._conventions = manifest_json, conventions
        self._types = {_quoted_end(name): kind for name, kind in column_types.items()}
        self._layers: OrderedDict[tuple[str, ...], SemanticLayer] = OrderedDict()
        self._lock = RLock()

    @cached_property
    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._json)
        return content

    @cached_property
    def _models(self) -> dict[str, str]:
        return {
            metric["name"]: metric["type_params"]["metric_aggregation_params"]["semantic_model"]
            for metric in self._content["metrics"]
        }

    @cached_property
    def _metrics_of(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for metric, model in self._models.items():
            found.setdefault(model, []).append(metric)
        return found

    def layer_of(self, query: MetricQuery) -> SemanticLayer:
        """Return the semantic layer around the tables that a query measures."""
        named = [*query.metrics, *(each.metric for each in query.having)]
        named += [name.lstrip("-") for name in query.order_by if name.lstrip("-") in self._models]
        unknown = [name for name in named if name.lower() not in self._models]
        if unknown:
            raise BadMetricQuery(f"{unknown[0]!r} cannot be combined with an inferred metric.")
        models = tuple(sorted({self._models[name.lower()] for name in named}))
        with self._lock:
            if models not in self._layers:
                wanted = [name for model in models for name in self._metrics_of[model]]
                part = json.dumps(part_for(self._content, wanted))
                self._layers[models] = SemanticLayer(
                    part, column_types=self._types, conventions=self._conventions, kept=64
                )
            self._layers.move_to_end(models)
            while len(self._layers) > _KEPT:
                self._layers.popitem(last=False)
            return self._layers[models]

    def compile(self, query: MetricQuery) -> str:
        """Return DuckDB SQL for a query over inferred metrics."""
        return self.layer_of(query).compile(query)


def _quoted_end(name: str) -> str:
    """Inferred expressions are quoted names: the types are looked up by them."""
    table, _, column = name.rpartition(".")
    return f'{table}."{column}"'
