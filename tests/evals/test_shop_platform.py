"""The tea shop: real artifacts of the real dbt, no metrics, its tests green."""

import json
from typing import Any

from tests.newcomer_platforms import shop_directory


def artifact(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((shop_directory() / "target" / name).read_bytes())
    return content


def test_it_has_documented_models_and_an_exposure_and_no_metrics() -> None:
    manifest = artifact("manifest.json")
    assert manifest["metrics"] == manifest["semantic_models"] == {}
    (exposure,) = manifest["exposures"].values()
    assert exposure["owner"]["name"] == "Shop operations"
    described = [node for node in manifest["nodes"].values() if node["description"]]
    assert len(described) >= 6


def test_the_tests_it_keeps_are_its_own_and_passed() -> None:
    results = artifact("run_results.json")
    assert results["args"]["which"] == "test"
    assert {each["status"] for each in results["results"]} == {"pass"}
    assert len(results["results"]) >= 30
