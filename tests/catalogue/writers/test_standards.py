"""What the demo holds, in the words of two open standards."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from assistant import Assistant
from catalogue.catalogue import Catalogue
from catalogue.writers.expressions import Definitions
from catalogue.writers.odcs import contract
from catalogue.writers.ossie import semantic_model
from catalogue.writers.yaml_file import written
from tests.demo import demo_directory


@pytest.fixture(scope="module")
def demo() -> Iterator[Assistant]:
    with Assistant.open(demo_directory()) as opened:
        yield opened


def _read(content: dict[str, Any]) -> Any:
    return yaml.safe_load(written(content))


def _catalogue(demo: Assistant, role: str) -> Catalogue:
    return demo.catalogue(role=role)


def test_a_contract_holds_every_table_with_types_keys_and_rules(demo: Assistant) -> None:
    catalogue = _catalogue(demo, "analyst")
    read = _read(contract(catalogue))
    assert {key: read[key] for key in ("apiVersion", "kind", "status")} == {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "status": "active",
    }
    tables = {table["name"]: table for table in read["schema"]}
    assert set(tables) == {table.full_name for table in catalogue.tables}
    flights = {each["name"]: each for each in tables["gold.fct_flights"]["properties"]}
    assert flights["carrier"]["logicalType"] == "string"
    assert flights["distance"]["logicalType"] in ("integer", "number")
    assert {"type": "foreignKey", "to": "gold.dim_airline.carrier"} in flights["carrier"][
        "relationships"
    ]
    assert any(
        "tail number" in rule["description"] for rule in tables["gold.fct_flights"]["quality"]
    )


def test_what_a_role_does_not_see_is_in_no_contract(demo: Assistant) -> None:
    text = written(contract(_catalogue(demo, "analyst")))
    hidden = {table.full_name for table in demo.parts.state.built.catalogue.tables} - {
        table.full_name for table in _catalogue(demo, "analyst").tables
    }
    assert hidden
    assert not [name for name in hidden if name in text]


def test_a_semantic_model_computes_what_the_metrics_say(demo: Assistant) -> None:
    catalogue = _catalogue(demo, "analyst")
    definitions = Definitions(demo.parts.state.built.catalogue.semantic_manifest)
    content, left_out = semantic_model(catalogue, definitions)
    (model,) = _read(content)["semantic_model"]
    metrics = {each["name"]: each["expression"]["dialects"][0] for each in model["metrics"]}
    assert set(left_out) == {"cumulative_flights", "flights_month_over_month"}
    assert set(metrics) | set(left_out) == {metric.name for metric in catalogue.metrics}
    datasets = {each["name"]: each["source"] for each in model["datasets"]}
    for name in ("flights", "cancellation_rate", "average_departure_delay", "p90_arrival_delay"):
        (table,) = catalogue.metric(name).tables
        assert table in datasets.values()
        sql = f"SELECT {metrics[name]['expression']} AS value FROM {table}"
        stated = demo.run(sql, role="analyst").table.to_pylist()[0]["value"]
        answered = demo.ask(f"{name.replace('_', ' ')}", role="analyst").table
        assert answered is not None
        assert float(stated) == pytest.approx(float(answered.to_pylist()[0][name]))


def test_relationships_name_datasets_of_the_model(demo: Assistant) -> None:
    content, _ = semantic_model(_catalogue(demo, "analyst"), Definitions(None))
    (model,) = _read(content)["semantic_model"]
    names = {each["name"] for each in model["datasets"]}
    assert model["relationships"]
    assert all({each["from"], each["to"]} <= names for each in model["relationships"])
    assert "metrics" not in model
