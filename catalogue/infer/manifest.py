"""Inferred definitions as a semantic manifest, and the part of it that one query needs.

No time spine exists in a warehouse that is only read: none is needed, because no inferred metric
is cumulative, offset or filled by days. The manifest names one that no query ever reads. A table
without an event time gets a time dimension that is always NULL, and no metric of it takes a period.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.infer.definitions import Measure, condition, elements, expression
from catalogue.infer.links import Link
from catalogue.infer.subjects import Subject
from catalogue.warehouse import quoted

Json = dict[str, Any]
NO_TIME = "no_time"
CONDITION = "counted_row"
_SPINE = {
    "node_relation": {
        "schema_name": "no_schema",
        "alias": "no_spine",
        "relation_name": '"no_schema"."no_spine"',
    },
    "primary_column": {"name": "day", "time_granularity": "day"},
}


@dataclass(frozen=True, kw_only=True)
class Model:
    """One table with its measures and its joins."""

    subject: Subject
    measures: tuple[Measure, ...] = ()
    links: tuple[Link, ...] = ()
    roles: tuple[str, ...] = field(default=())
    """Every role by which other tables lead here, besides its own name."""


def manifest_json(models: Sequence[Model]) -> str:
    """Return the semantic manifest of these tables as JSON text."""
    return json.dumps(
        {
            "semantic_models": [_semantic_model(model) for model in models],
            "metrics": [
                _metric(model.subject, measure) for model in models for measure in model.measures
            ],
            "project_configuration": {"time_spines": [_SPINE]},
        },
        ensure_ascii=False,
    )


def _semantic_model(model: Model) -> Json:
    subject = model.subject
    table = subject.table
    key = subject.key
    own = [{"name": subject.named.slug, "type": "primary", "expr": quoted(key)}] if key else []
    others = [
        {"name": role, "type": "unique", "expr": quoted(key or "")} for role in model.roles if key
    ]
    foreign = [
        {"name": link.role, "type": "foreign", "expr": quoted(link.column)} for link in model.links
    ]
    return {
        "name": subject.named.slug,
        "node_relation": {
            "schema_name": table.schema,
            "alias": table.name,
            "relation_name": quoted(table.schema, table.name),
        },
        "primary_entity": None if key else subject.named.slug,
        "defaults": {"agg_time_dimension": time_element(subject)},
        "entities": [*own, *others, *foreign],
        "dimensions": [_time(subject), *_categorical(subject)],
        "measures": [],
    }


def time_element(subject: Subject) -> str:
    """Return the name of the time dimension that a table's metrics go by."""
    return elements(subject)[subject.event_time] if subject.event_time else NO_TIME


def _time(subject: Subject) -> Json:
    column = subject.event_time
    return {
        "name": time_element(subject),
        "type": "time",
        "expr": quoted(column) if column else "CAST(NULL AS DATE)",
        "type_params": {"time_granularity": "day"},
    }


def _categorical(subject: Subject) -> list[Json]:
    names = elements(subject)
    found: list[Json] = [
        {
            "name": names[each.column.name],
            "type": "categorical",
            "expr": quoted(each.column.name),
        }
        for each in subject.kinds
    ]
    if (where := condition(subject)) is not None:
        found.append({"name": CONDITION, "type": "categorical", "expr": f"({where})"})
    return found


def _metric(subject: Subject, measure: Measure) -> Json:
    where = f"{{{{ Dimension('{subject.named.slug}__{CONDITION}') }}}}"
    return {
        "name": measure.name,
        "label": measure.label,
        "description": measure.definition,
        "type": "simple",
        "type_params": {
            "expr": expression(measure.column),
            "metric_aggregation_params": {
                "semantic_model": subject.named.slug,
                "agg": measure.aggregation,
                "agg_time_dimension": time_element(subject),
            },
            **({"fill_nulls_with": 0} if measure.aggregation == "count" else {}),
        },
        "filter": {"where_filters": [{"where_sql_template": where}]}
        if condition(subject)
        else None,
        "config": {"meta": {"inferred": True}},
    }


def part_for(content: Mapping[str, Any], metrics: Iterable[str]) -> Json:
    """Return the part of a manifest that these metrics can reach: their tables and two joins on."""
    wanted = set(metrics)
    kept = [metric for metric in content["metrics"] if metric["name"] in wanted]
    models = {model["name"]: model for model in content["semantic_models"]}
    holder = {
        entity["name"]: model["name"]
        for model in content["semantic_models"]
        for entity in model["entities"]
        if entity["type"] in ("primary", "unique")
    }
    names = dict.fromkeys(
        metric["type_params"]["metric_aggregation_params"]["semantic_model"] for metric in kept
    )
    reached = list(names)
    for _ in range(2):
        reached = [
            holder[entity["name"]]
            for name in reached
            for entity in models[name]["entities"]
            if entity["type"] == "foreign" and entity["name"] in holder
        ]
        names.update(dict.fromkeys(reached))
    return {
        "semantic_models": [models[name] for name in names],
        "metrics": kept,
        "project_configuration": content["project_configuration"],
    }
