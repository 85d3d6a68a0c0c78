"""Starter metrics into a dbt project: semantic models with their measures, and a table of days.

From the inferred manifest, in the form that dbt reads from 1.6 on. A table without a time column is
left out: dbt needs one for every measure.
"""

import json
from collections.abc import Mapping
from typing import Any

from catalogue.drafts.starter_metrics import model_of, plain_names
from catalogue.writers.dbt_project import ProjectFiles
from catalogue.writers.yaml_file import YamlFile, without_blanks

FILE = "_starter_metrics.yml"
SPINE = "metricflow_time_spine"
_SPINE_SQL = """\
-- One row per day, for metrics over time.
select cast(day as date) as date_day
from generate_series(date '2000-01-01', date '2049-12-31', interval 1 day) as days(day)
"""
STARTERS = ("count", "sum", "average")
"""What a business asks first; the extremes and distinct counts are easily added."""
Json = Mapping[str, Any]


def starter_metrics(project: ProjectFiles, manifest: str) -> dict[str, str]:
    """Return new files by their path in the project: semantic models, and a time spine."""
    content: Json = plain_names(json.loads(manifest))
    metrics = [metric for metric in content["metrics"] if _aggregation(metric) in STARTERS]
    models = [
        written
        for model in content["semantic_models"]
        if (written := _semantic_model(project, model, metrics)) is not None
    ]
    if not models:
        return {}
    folder = (project.manifest["metadata"].get("model_paths") or ["models"])[0]
    file = YamlFile(project.root / folder / FILE)
    file.content["semantic_models"] = models
    file.content["metrics"] = [
        _metric(metric)
        for metric in metrics
        if model_of(metric) in {model["name"] for model in models}
    ]
    files = {f"{folder}/{FILE}": file.text()}
    if not project.has_time_spine:
        files[f"{folder}/{SPINE}.sql"] = _SPINE_SQL
        files[f"{folder}/_{SPINE}.yml"] = _spine_yaml(project)
    return files


def _semantic_model(project: ProjectFiles, model: Json, metrics: list[Json]) -> Any:
    relation = model["node_relation"]
    place = project.places.get(f"{relation['schema_name']}.{relation['alias']}".lower())
    time = model["defaults"]["agg_time_dimension"]
    measures = [_measure(metric) for metric in metrics if model_of(metric) == model["name"]]
    if place is None or place.section != "models" or time == "no_time" or not measures:
        return None
    return without_blanks(
        {
            "name": model["name"],
            "model": f"ref('{place.name}')",
            "defaults": {"agg_time_dimension": time},
            "primary_entity": model["primary_entity"],
            "entities": [dict(entity) for entity in model["entities"]],
            "dimensions": [dict(dimension) for dimension in model["dimensions"]],
            "measures": measures,
        }
    )


def _measure(metric: Json) -> dict[str, Any]:
    params = metric["type_params"]
    return {
        "name": metric["name"],
        "agg": _aggregation(metric),
        "expr": params["expr"],
    }


def _aggregation(metric: Json) -> str:
    return str(metric["type_params"]["metric_aggregation_params"]["agg"])


def _metric(metric: Json) -> dict[str, Any]:
    filters = [
        each["where_sql_template"] for each in (metric["filter"] or {}).get("where_filters", ())
    ]
    return without_blanks(
        {
            "name": metric["name"],
            "label": metric["label"],
            "description": metric["description"],
            "type": "simple",
            "type_params": {"measure": metric["name"]},
            "filter": " and ".join(filters),
            "config": metric.get("config"),
        }
    )


def _spine_yaml(project: ProjectFiles) -> str:
    file = YamlFile(project.root / f"_{SPINE}.yml")
    file.content["models"] = [
        {
            "name": SPINE,
            "description": "One row per day.",
            "time_spine": {"standard_granularity_column": "date_day"},
            "columns": [{"name": "date_day", "granularity": "day"}],
        }
    ]
    return file.text()
