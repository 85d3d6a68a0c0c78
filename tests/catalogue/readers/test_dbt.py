"""dbt's artifacts become nouns, or one clear sentence."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import BadArtifact
from catalogue.model import Check, Relationship
from catalogue.readers.dbt import DbtProject, read_dbt
from catalogue.readers.dbt.artifacts import open_semantic_manifest
from tests.catalogue.platforms import check, model, schema, write_dbt, write_results
from tests.demo import demo_directory


@pytest.fixture(scope="module")
def demo() -> DbtProject:
    target = demo_directory() / "target"
    return read_dbt(target, as_of=date(2013, 12, 31), timezone="America/New_York")


def test_the_demos_tables_carry_what_its_authors_wrote(demo: DbtProject) -> None:
    flights = next(table for table in demo.tables if table.full_name == "gold.fct_flights")
    assert (flights.layer, flights.domain) == ("gold", "operations")
    assert flights.owner == "ops-analytics@example.org"
    assert flights.event_time == "flight_date"
    assert flights.primary_key == ("flight_id",)
    assert "silver.flights" in flights.upstream
    delay = flights.column("arr_delay")
    assert delay is not None
    assert (delay.label, delay.unit) == ("Arrival delay", "minutes")


def test_a_key_of_which_each_column_is_unique_alone_is_the_first(demo: DbtProject) -> None:
    airline = next(table for table in demo.tables if table.full_name == "gold.dim_airline")
    assert airline.primary_key == ("carrier",)


def test_the_demos_joins_are_those_its_tests_watch(demo: DbtProject) -> None:
    assert (
        Relationship(
            from_table="gold.fct_flights",
            from_column="carrier",
            to_table="gold.dim_airline",
            to_column="carrier",
            origin="tested",
        )
        in demo.relationships
    )


def test_the_demos_known_failures_are_results(demo: DbtProject) -> None:
    names = {check.id: check.name for check in demo.checks}
    failed = {names[each.check_id] for each in demo.results if each.status == "fail"}
    assert "tail_numbers_without_an_aircraft" in failed
    every = {each.check_id for each in demo.results}
    assert {check.id for check in demo.checks if check.kind == "freshness"} <= every


def test_the_demos_exposures_and_entities_are_read(demo: DbtProject) -> None:
    assert "morning_punctuality_report" in {each.name for each in demo.exposures}
    assert {"airline", "aircraft", "flight"} <= {each.name for each in demo.entities}


def test_notes_under_config_win_over_those_beside_it(tmp_path: Path) -> None:
    node = model(
        "orders",
        meta={"layer": "silver", "domain": "sales"},
        config={"meta": {"layer": "gold"}},
    )
    table = _only_table(tmp_path, node)
    assert (table.layer, table.domain) == ("gold", "sales")


def test_an_owner_comes_from_the_group_unless_named(tmp_path: Path) -> None:
    groups = {"group.shop.sales": {"name": "sales", "owner": {"name": "Sales", "email": "s@x.y"}}}
    nodes = {
        "model.shop.a": model("a", config={"group": "sales"}),
        "model.shop.b": model("b", config={"group": "sales", "meta": {"owner": "Ben"}}),
    }
    project = read_dbt(write_dbt(tmp_path, nodes=nodes, groups=groups))
    assert [table.owner for table in project.tables] == ["Sales", "Ben"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [("public", "public"), ("PII", "personal"), ("top secret", "restricted"), (None, None)],
)
def test_an_unknown_classification_is_never_public(
    tmp_path: Path, said: str | None, expected: str | None
) -> None:
    columns = {"email": {"name": "email", "meta": {"classification": said}}}
    table = _only_table(tmp_path, model("orders", columns=columns))
    assert table.columns[0].classification == expected


def test_a_tables_classification_is_its_columns_until_they_say_otherwise(tmp_path: Path) -> None:
    columns = {"a": {"name": "a"}, "b": {"name": "b", "meta": {"classification": "public"}}}
    node = model("orders", columns=columns, meta={"classification": "restricted"})
    found = [column.classification for column in _only_table(tmp_path, node).columns]
    assert found == ["restricted", "public"]


def test_lineage_looks_through_ephemeral_models(tmp_path: Path) -> None:
    nodes = {
        "model.shop.raw": model("raw"),
        "model.shop.mid": model(
            "mid", parents=["model.shop.raw"], config={"materialized": "ephemeral"}
        ),
        "model.shop.top": model("top", parents=["model.shop.mid"]),
    }
    project = read_dbt(write_dbt(tmp_path, nodes=nodes))
    assert {table.name: table.upstream for table in project.tables} == {
        "raw": (),
        "top": ("gold.raw",),
    }


def test_tests_carry_severity_and_column(tmp_path: Path) -> None:
    nodes = {
        "model.shop.orders": model("orders"),
        "test.shop.a": check("orders", column="id", severity="WARN"),
        "test.shop.b": check("orders"),
    }
    found = read_dbt(write_dbt(tmp_path, nodes=nodes)).checks
    assert [(each.id, each.column, each.severity) for each in found] == [
        ("test.shop.a", "id", "warn"),
        ("test.shop.b", None, "error"),
    ]


def test_a_test_of_several_tables_is_a_check_of_each(tmp_path: Path) -> None:
    nodes = {
        "model.shop.a": model("a"),
        "model.shop.b": model("b"),
        "test.shop.sum": {
            **model("sum", parents=["model.shop.a", "model.shop.b"]),
            "resource_type": "test",
        },
    }
    checks = read_dbt(write_dbt(tmp_path, nodes=nodes)).checks
    assert [each.table for each in checks] == ["gold.a", "gold.b"]


def test_a_test_on_a_source_knows_its_table_and_column(tmp_path: Path) -> None:
    source = {
        "resource_type": "source",
        "schema": "raw",
        "name": "x",
        "identifier": "orders_v2",
        "freshness": {"warn_after": {"count": 1, "period": "day"}},
    }
    node = check("x", column="id", attached_node=None)
    node["depends_on"] = {"nodes": ["source.shop.raw.x"]}
    directory = write_dbt(
        tmp_path, nodes={"test.shop.t": node}, sources={"source.shop.raw.x": source}
    )
    project = read_dbt(directory)
    assert [table.full_name for table in project.tables] == ["raw.orders_v2"]
    assert project.checks == (
        Check(id="test.shop.t", name="check_x_id", kind="test", table="raw.orders_v2", column="id"),
        Check(
            id="freshness:source.shop.raw.x",
            name="freshness",
            kind="freshness",
            table="raw.orders_v2",
        ),
    )


def test_only_runs_of_build_and_test_count(tmp_path: Path) -> None:
    directory = _with_a_test(tmp_path)
    write_results(directory, [("test.shop.t", "success")], which="generate")
    assert read_dbt(directory).results == ()
    write_results(directory, [("test.shop.t", "fail"), ("model.shop.orders", "success")])
    assert [each.status for each in read_dbt(directory).results] == ["fail"]


def test_results_of_several_runs_are_read_oldest_first(tmp_path: Path) -> None:
    directory = _with_a_test(tmp_path)
    write_results(
        directory, [("test.shop.t", "pass")], at="2024-03-09T00:00:00Z", name="run_results.json"
    )
    write_results(
        directory, [("test.shop.t", "fail")], at="2024-03-08T00:00:00Z", name="run_results_z.json"
    )
    assert [each.status for each in read_dbt(directory).results] == ["fail", "pass"]


@pytest.mark.parametrize(
    ("as_of", "loaded", "expected"),
    [
        (date(2024, 3, 1), "2024-03-01T10:00:00Z", "pass"),
        (date(2024, 3, 1), "2024-02-28T10:00:00Z", "warn"),
        (date(2024, 3, 1), "2024-02-01T10:00:00Z", "fail"),
        (date(2024, 3, 1), "2024-04-01T10:00:00Z", "pass"),
        (None, "2024-03-01T10:00:00Z", "fail"),
    ],
)
def test_freshness_is_judged_at_the_platforms_clock(
    tmp_path: Path, as_of: date | None, loaded: str, expected: str
) -> None:
    content = {
        "metadata": {**schema("sources", 3), "generated_at": "2026-11-23T00:00:00Z"},
        "results": [
            {
                "unique_id": "source.shop.raw.x",
                "max_loaded_at": loaded,
                "status": "fail",
                "criteria": {
                    "warn_after": {"count": 1, "period": "day"},
                    "error_after": {"count": 7, "period": "day"},
                },
            }
        ],
    }
    directory = write_dbt(tmp_path)
    (directory / "sources.json").write_text(json.dumps(content))
    (result,) = read_dbt(directory, as_of=as_of).results
    assert result.status == expected
    assert result.at.year == 2026


@pytest.mark.parametrize("file", ["manifest.json", "run_results.json", "sources.json"])
@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda text: text[: len(text) // 2], "is cut off, or not JSON"),
        (lambda text: "", "is cut off, or not JSON"),
        (lambda text: "[]", "is not a JSON object"),
        (lambda text: "{}", "does not say which version"),
        (lambda text: text.replace("/v", "/v9"), "is of schema version v9"),
        (lambda text: "[" * 100_000, "is cut off, or not JSON"),
    ],
    ids=["truncated", "empty", "list", "nothing", "version", "deep"],
)
def test_a_bad_artifact_is_named_with_a_way_out(
    tmp_path: Path, file: str, spoil: Callable[[str], str], problem: str
) -> None:
    directory = _with_a_test(tmp_path)
    write_results(directory, [("test.shop.t", "pass")])
    content = {"metadata": {**schema("sources", 3), "generated_at": "2026-11-23T00:00:00Z"}}
    (directory / "sources.json").write_text(json.dumps(content))
    path = directory / file
    path.write_text(spoil(path.read_text()))
    with pytest.raises(BadArtifact, match=problem) as caught:
        read_dbt(directory)
    assert caught.value.path == path
    assert "dbt" in str(caught.value).removeprefix(str(path))


@pytest.mark.parametrize(
    "nodes",
    [[], {"model.shop.a": 1}, {"model.shop.a": {"resource_type": "model"}}],
    ids=["list", "number", "without a schema"],
)
def test_a_manifest_of_another_shape_is_refused(tmp_path: Path, nodes: Any) -> None:
    directory = write_dbt(tmp_path, nodes=nodes or {"model.shop.a": {"resource_type": "model"}})
    with pytest.raises(BadArtifact, match=r"manifest\.json"):
        read_dbt(directory)


def test_columns_of_another_shape_are_refused(tmp_path: Path) -> None:
    directory = write_dbt(tmp_path, nodes={"model.shop.a": model("a", columns=[1])})
    with pytest.raises(BadArtifact, match="unexpected shape"):
        read_dbt(directory)


def test_no_artifacts_at_all_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadArtifact, match=r"manifest\.json: does not exist\. Run `dbt build`"):
        read_dbt(tmp_path)


def test_a_project_that_declares_no_metrics_has_no_semantic_manifest(tmp_path: Path) -> None:
    path = tmp_path / "semantic_manifest.json"
    path.write_text('{"semantic_models": [], "metrics": [], "project_configuration": {}}')
    assert open_semantic_manifest(path) is None


def test_a_semantic_manifest_without_models_is_refused(tmp_path: Path) -> None:
    directory = write_dbt(tmp_path)
    (directory / "semantic_manifest.json").write_text("{}")
    with pytest.raises(BadArtifact, match="no list of semantic models"):
        read_dbt(directory)


def _only_table(directory: Path, node: dict[str, Any]) -> Any:
    (table,) = read_dbt(write_dbt(directory, nodes={"model.shop.orders": node})).tables
    return table


def _with_a_test(directory: Path) -> Path:
    nodes = {"model.shop.orders": model("orders"), "test.shop.t": check("orders")}
    return write_dbt(directory, nodes=nodes)
