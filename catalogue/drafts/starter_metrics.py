"""The part of an inferred manifest that speaks only of what one asker sees."""

import json
import re
from collections.abc import Mapping
from typing import Any

from catalogue.catalogue import Catalogue
from catalogue.infer.manifest import CONDITION
from catalogue.model import Dimension, Metric, Table
from catalogue.warehouse import quoted

Json = Mapping[str, Any]
MOST_WORDS = 6
_PLAIN = re.compile(r'"[a-z_][a-z0-9_]*"')


def visible_manifest(manifest: str | None, catalogue: Catalogue) -> str | None:
    """Return the metrics, dimensions and keys of a catalogue within a grant, with their words.

    None where there are none.

    A condition on rows is kept with the metrics that it belongs to: whoever sees these sees the
    columns that it names.
    """
    if manifest is None:
        return None
    content: Json = json.loads(manifest)
    named = {metric.name: metric for metric in catalogue.metrics if not metric.governed}
    metrics = [
        _with_words(each, named[each["name"]])
        for each in content["metrics"]
        if each["name"] in named
    ]
    models = [
        _model(model, table, catalogue)
        for model in content["semantic_models"]
        if (table := _table(model, catalogue)) is not None
    ]
    held = {model["name"] for model in models}
    kept = [each for each in metrics if model_of(each) in held]
    if not kept:
        return None
    return json.dumps({**content, "semantic_models": models, "metrics": kept}, ensure_ascii=False)


def model_of(metric: Json) -> str:
    """Return the semantic model that an inferred metric is computed from."""
    return str(metric["type_params"]["metric_aggregation_params"]["semantic_model"])


def _with_words(written: Json, noun: Metric | Dimension) -> Json:
    """Add the words by which people ask for a thing, where a semantic layer keeps them."""
    unit = noun.unit if isinstance(noun, Metric) else None
    said = {"unit": unit, "synonyms": list(noun.synonyms[:MOST_WORDS])}
    meta = {key: value for key, value in said.items() if value}
    return {**written, "label": noun.label, "config": {"meta": meta}} if meta else written


def _table(model: Json, catalogue: Catalogue) -> Table | None:
    relation = model["node_relation"]
    name = f"{relation['schema_name']}.{relation['alias']}".lower()
    return catalogue.tables_by_name.get(name)


def _model(model: Json, table: Table, catalogue: Catalogue) -> Json:
    own = {each.name: each for each in catalogue.dimensions}
    seen = {quoted(column.name).lower() for column in table.columns}
    return {
        **model,
        "entities": [each for each in model["entities"] if _expression(each) in seen],
        "dimensions": [
            _with_words(each, noun)
            if (noun := own.get(f"{model['name']}__{each['name']}"))
            else each
            for each in model["dimensions"]
            if each["name"] == CONDITION or each["type"] == "time" or _expression(each) in seen
        ],
    }


def plain_names(content: Any) -> Any:
    """Return a manifest's content with quotes only around names that need them."""
    if isinstance(content, Mapping):
        return {key: plain_names(value) for key, value in content.items()}
    if isinstance(content, list):
        return [plain_names(each) for each in content]
    is_plain = isinstance(content, str) and _PLAIN.fullmatch(content)
    return content[1:-1] if is_plain else content


def _expression(element: Json) -> str:
    return str(element["expr"]).lower()
