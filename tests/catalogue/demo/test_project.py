"""What the demo's dbt project promises to its readers: words, owners, classifications."""

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest

from catalogue.metrics import SemanticLayer
from catalogue.model import Metric
from tests.demo import demo_directory

pytestmark = pytest.mark.timeout(300)

_LAYERS = ("silver", "gold")
_DOMAINS = ("operations", "fleet", "weather")
# Of a day or of an aircraft, not of an event, or kept by hand.
_WITHOUT_EVENT_TIME = (
    "airlines",
    "airports",
    "aircraft",
    "dim_airline",
    "dim_airport",
    "dim_aircraft",
)


@cache
def _artifact(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((demo_directory() / "target" / name).read_text())
    return content


def _models() -> list[dict[str, Any]]:
    nodes = _artifact("manifest.json")["nodes"].values()
    return [node for node in nodes if node["resource_type"] == "model"]


def _built_columns(model: dict[str, Any]) -> set[str]:
    return set(_artifact("catalog.json")["nodes"][model["unique_id"]]["columns"])


@cache
def _metrics() -> tuple[Metric, ...]:
    return SemanticLayer(json.dumps(_artifact("semantic_manifest.json"))).metrics()


def test_tables_lie_in_plainly_named_layers() -> None:
    assert {model["schema"] for model in _models()} == set(_LAYERS)


def test_every_table_and_column_is_documented() -> None:
    silent = [
        f"{model['name']}.{column}"
        for model in _models()
        for column in _built_columns(model)
        if not model["columns"].get(column, {}).get("description", "").strip()
    ]
    assert silent == []
    assert [model["name"] for model in _models() if not model["description"].strip()] == []


def test_no_column_is_documented_that_does_not_exist() -> None:
    ghosts = [
        f"{model['name']}.{column}"
        for model in _models()
        for column in model["columns"]
        if column not in _built_columns(model)
    ]
    assert ghosts == []


def test_every_table_says_owner_domain_layer_and_times() -> None:
    for model in _models():
        meta = model["config"]["meta"]
        assert meta["owner"].endswith("@example.org"), model["name"]
        assert meta["domain"] in _DOMAINS, model["name"]
        assert meta["layer"] == model["schema"], model["name"]
        assert model["group"] == meta["domain"], model["name"]
        columns = _built_columns(model)
        assert "loaded_at" not in columns or meta["loaded_at"] == "loaded_at", model["name"]
        assert ("event_time" in meta) == (model["name"] not in _WITHOUT_EVENT_TIME), model["name"]
        assert meta.get("event_time") in {None, *columns}, model["name"]


def test_every_gold_column_has_a_label_and_a_classification() -> None:
    bare = [
        f"{model['name']}.{name}"
        for model in _models()
        if model["schema"] == "gold"
        for name, column in model["columns"].items()
        if not {"label", "classification"} <= column["config"]["meta"].keys()
    ]
    assert bare == []


def test_every_metric_says_what_it_is() -> None:
    names = {metric.name for metric in _metrics()}
    for metric in _metrics():
        assert metric.label, metric.name
        assert metric.description.endswith("."), metric.name
        assert metric.unit, metric.name
        assert metric.synonyms, metric.name
        assert metric.owner, metric.name
        assert metric.domain in _DOMAINS, metric.name
        assert metric.basis in {None, *names}, metric.name
    assert len(names) == 25


def test_no_name_label_or_synonym_means_two_metrics() -> None:
    words = [
        word
        for metric in _metrics()
        for word in {_plain(word) for word in (metric.name, metric.label, *metric.synonyms)}
    ]
    assert [word for word, times in Counter(words).items() if times > 1] == []


def test_only_an_airport_and_its_code_share_a_synonym() -> None:
    layer = SemanticLayer(json.dumps(_artifact("semantic_manifest.json")))
    words = [
        word
        for dimension in layer.dimensions()
        for word in {_plain(word) for word in (dimension.label, *dimension.synonyms)}
    ]
    shared = {word for word, times in Counter(words).items() if times > 1}
    assert shared == {"origin airport", "destination airport", "destination"}


def test_plain_delay_is_nobodys_synonym() -> None:
    assert "delay" not in {_plain(word) for metric in _metrics() for word in metric.synonyms}


def test_exposures_name_what_they_read() -> None:
    exposures = _artifact("manifest.json")["exposures"].values()
    assert len(exposures) >= 2
    assert all(exposure["depends_on"]["nodes"] for exposure in exposures)


def _plain(word: str) -> str:
    return word.lower().replace("-", " ").replace("_", " ")
