"""Builds: whole or not at all, once per state of the sources, and fast to load."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from catalogue.builder import Built, build, is_current, is_stale, load
from catalogue.catalogue import Catalogue
from catalogue.errors import BadArtifact, BadFile, IndexUnavailable, WarehouseUnavailable
from catalogue.sources import Sources
from tests.catalogue.platforms import (
    check,
    make_duckdb,
    model,
    set_age,
    shop,
    write_dbt,
    write_results,
)


def _no_index(directory: Path, catalogue: Catalogue, progress: object) -> None:
    """The search index is somebody else's room."""


def _built(sources: Sources) -> Built:
    return build(sources, index=_no_index)


def test_a_bare_file_becomes_a_catalogue(tmp_path: Path) -> None:
    built = _built(shop(tmp_path))
    catalogue = built.catalogue
    assert [table.full_name for table in catalogue.tables] == [
        "gold.big_orders",
        "gold.customer",
        "gold.orders",
    ]
    assert catalogue.table("orders").row_count == 3
    assert [each.to_table for each in catalogue.relationships] == ["gold.customer"]
    assert built.values.of_column("gold.customer.segment") == {"private": 2, "business": 1}
    assert catalogue.evidence["gold.orders"].health == "unknown"
    assert not any(metric.governed for metric in catalogue.metrics)
    assert catalogue.metric("order_sum_amount").description.startswith("Sum of gold.orders.amount")


def test_a_build_can_leave_statistics_for_later(tmp_path: Path) -> None:
    sources = shop(tmp_path)
    quick = build(sources, index=_no_index, profiled=False)
    assert quick.catalogue.table("orders").row_count is None
    assert _built(sources).catalogue.table("orders").row_count == 3


def test_what_was_built_loads_equal(tmp_path: Path) -> None:
    sources = shop(tmp_path)
    assert load(sources) is None
    built = _built(sources)
    assert load(sources) == built


def test_the_index_is_written_into_the_build(tmp_path: Path) -> None:
    seen: list[str] = []

    def index(directory: Path, catalogue: Catalogue, progress: object) -> None:
        (directory / "search.txt").write_text(catalogue.name)

    built = build(shop(tmp_path), index=index, progress=seen.append)
    assert (built.directory / "search.txt").read_text() == "Shop"
    assert seen[0] == "Copying the warehouse"
    assert "Profiling gold.customer (2 of 3)" in seen
    assert seen[-1] == "Ready"


def test_unchanged_sources_are_not_built_again(tmp_path: Path) -> None:
    sources = shop(tmp_path)
    first = _built(sources)

    def never(directory: Path, catalogue: Catalogue, progress: object) -> None:
        raise AssertionError("built again")

    assert build(sources, index=never) == first
    assert not is_stale(sources, first)


def test_any_changed_source_is_built_anew(tmp_path: Path) -> None:
    (tmp_path / "verified").mkdir()
    (tmp_path / "catalogue.yaml").write_text("")
    dbt = write_dbt(tmp_path / "target")
    sources = shop(
        tmp_path, overlay=tmp_path / "catalogue.yaml", verified=tmp_path / "verified", dbt=dbt
    )
    seen = {_built(sources).fingerprint}
    (tmp_path / "catalogue.yaml").write_text("terms: {a: b}")
    seen.add(_built(sources).fingerprint)
    (tmp_path / "verified" / "q.yaml").write_text("id: a\nquestions: [q]\nsql: SELECT 1\n")
    seen.add(_built(sources).fingerprint)
    write_results(dbt, [])
    seen.add(_built(sources).fingerprint)
    set_age(sources.warehouse, seconds=30)
    built = _built(sources)
    assert len({*seen, built.fingerprint}) == 5
    (tmp_path / "catalogue.yaml").write_text("terms: {a: c}")
    assert is_stale(sources, built)


def test_readers_notice_a_new_build(tmp_path: Path) -> None:
    sources = shop(tmp_path)
    first = _built(sources)
    assert is_current(sources, first)
    set_age(sources.warehouse, seconds=30)
    second = _built(sources)
    assert not is_current(sources, first)
    assert is_current(sources, second)
    assert first.directory.is_dir()


def test_only_two_builds_are_kept(tmp_path: Path) -> None:
    sources = shop(tmp_path)
    for seconds in (50, 40, 30, 20):
        set_age(sources.warehouse, seconds=seconds)
        newest = _built(sources)
    builds = [each for each in (sources.state / "index").iterdir() if each.is_dir()]
    assert len(builds) == 2
    assert newest.directory in builds


def test_a_failed_build_leaves_the_last_good_one(tmp_path: Path) -> None:
    (tmp_path / "catalogue.yaml").write_text("")
    sources = shop(tmp_path, overlay=tmp_path / "catalogue.yaml")
    good = _built(sources)
    (tmp_path / "catalogue.yaml").write_text("tabels: {}")
    with pytest.raises(BadFile, match="tabels"):
        _built(sources)
    assert load(sources) == good
    assert not list((sources.state / "index").glob(".part-*"))


_SLOW = """
import sys, time
from pathlib import Path
from catalogue.builder import build
from catalogue.sources import Sources

root = Path(sys.argv[1])
def index(directory, catalogue, progress):
    print("indexing", flush=True)
    time.sleep(60)
build(Sources(name="Shop", root=root, state=root / ".assistant", warehouse=root / "shop.duckdb"),
      index=index)
"""


def test_a_build_that_is_killed_leaves_the_last_good_one(tmp_path: Path) -> None:
    sources = shop(tmp_path)
    good = _built(sources)
    set_age(sources.warehouse, seconds=30)
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", _SLOW, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as builder:
        assert builder.stdout is not None
        assert builder.stdout.readline() == b"indexing\n"
        os.kill(builder.pid, signal.SIGKILL)
        builder.wait()
    found = load(sources)
    assert found is not None
    assert found.directory == good.directory
    assert _built(sources).fingerprint != good.fingerprint
    assert not list((sources.state / "index").glob(".part-*"))


def test_two_builders_do_not_build_at_once(tmp_path: Path) -> None:
    sources = shop(tmp_path)
    root = Path(__file__).parents[2]
    code = _SLOW.replace("time.sleep(60)", "time.sleep(1)")
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"indexing\n"

        def never(directory: Path, catalogue: Catalogue, progress: object) -> None:
            raise AssertionError("built twice")

        built = build(sources, index=never)
        assert other.wait() == 0
    assert built.catalogue.table("orders").row_count == 3


def test_a_damaged_build_is_none_and_is_made_again(tmp_path: Path) -> None:
    sources = shop(tmp_path)
    built = _built(sources)
    (built.directory / "catalogue.json").write_text('{"name": "Shop", "colour": "red"}')
    assert load(sources) is None
    assert _built(sources).catalogue == built.catalogue


def test_a_warehouse_that_is_gone_does_not_stop_what_was_built(tmp_path: Path) -> None:
    sources = shop(tmp_path)
    built = _built(sources)
    sources.warehouse.unlink()
    assert load(sources) == built
    with pytest.raises(WarehouseUnavailable, match="does not exist"):
        _built(sources)


def test_a_state_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexUnavailable, match=r"file/state cannot be written"):
        _built(shop(tmp_path, state=tmp_path / "file" / "state"))


def test_a_view_that_cannot_be_read_is_a_conflict(tmp_path: Path) -> None:
    sql = "CREATE TABLE a AS SELECT 1 AS i; CREATE TABLE b AS SELECT 1 AS i;"
    sql += "CREATE VIEW v AS SELECT i FROM b; DROP TABLE b"
    make_duckdb(tmp_path / "shop.duckdb", sql)
    catalogue = _built(shop(tmp_path)).catalogue
    assert catalogue.table("a").row_count == 1
    assert catalogue.conflicts == ("main.v cannot be read, so it is not profiled.",)


def test_evidence_of_earlier_runs_is_kept(tmp_path: Path) -> None:
    nodes = {
        "model.shop.orders": model("orders"),
        "test.shop.a": check("orders", column="amount"),
        "test.shop.b": check("orders"),
    }
    dbt = write_dbt(tmp_path / "target", nodes=nodes)
    sources = shop(tmp_path, dbt=dbt)
    write_results(dbt, [("test.shop.a", "fail"), ("test.shop.b", "pass")])
    assert _built(sources).catalogue.evidence["gold.orders"].health == "unhealthy"
    write_results(dbt, [("test.shop.b", "pass")], at="2024-03-07T00:00:00Z")
    catalogue = _built(sources).catalogue
    assert catalogue.evidence["gold.orders"].health == "unhealthy"
    assert len(catalogue.results) == 3
    write_results(dbt, [("test.shop.a", "pass")], at="2024-03-08T00:00:00Z")
    assert _built(sources).catalogue.evidence["gold.orders"].health == "healthy"


def test_the_overlay_wins_over_dbt_and_says_so(tmp_path: Path) -> None:
    nodes = {"model.shop.orders": model("orders", meta={"owner": "Ben", "layer": "gold"})}
    overlay = tmp_path / "catalogue.yaml"
    overlay.write_text(
        "tables: {gold.orders: {owner: Ada}}\n"
        "joins: [{from: gold.orders.order_id, to: gold.gone.id}]\n"
        "synonyms: {metric.revenue: [turnover], table.gold.orders: [purchases],"
        " column.gold.orders.amount: [price]}\n"
    )
    sources = shop(tmp_path, dbt=write_dbt(tmp_path / "target", nodes=nodes), overlay=overlay)
    catalogue = _built(sources).catalogue
    orders = catalogue.table("orders")
    assert (orders.owner, orders.layer, orders.synonyms) == ("Ada", "gold", ("purchases",))
    amount = orders.column("amount")
    assert amount is not None
    assert amount.synonyms == ("price",)
    assert catalogue.conflicts == (
        "gold.orders: dbt and catalogue.yaml give a different owner; catalogue.yaml wins.",
        "catalogue.yaml gives synonyms for the metric revenue, which does not exist.",
        "catalogue.yaml joins gold.gone.id, which the warehouse does not hold.",
    )


def test_a_bad_artifact_stops_the_build_by_name(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    with pytest.raises(BadArtifact, match=r"manifest\.json: does not exist"):
        _built(shop(tmp_path, dbt=tmp_path / "target"))


def test_a_semantic_manifest_that_is_none_is_named(tmp_path: Path) -> None:
    dbt = write_dbt(tmp_path / "target")
    (dbt / "semantic_manifest.json").write_text('{"semantic_models": [{"name": "x"}]}')
    with pytest.raises(BadArtifact, match=r"target/semantic_manifest\.json: .*`dbt parse`"):
        _built(shop(tmp_path, dbt=dbt))


def test_metrics_over_tables_that_are_gone_are_left_out(
    tmp_path: Path, demo_sources: Sources
) -> None:
    root = demo_sources.root
    sources = shop(tmp_path, dbt=root / "target", overlay=root / "catalogue.yaml")
    catalogue = build(sources, index=_no_index, profiled=False).catalogue
    assert not any(metric.governed for metric in catalogue.metrics)
    assert (
        "The metric flights reads gold.fct_flights, which the warehouse does not hold."
        in catalogue.conflicts
    )


def test_the_demo_is_whole(demo: Built) -> None:
    catalogue = demo.catalogue
    assert len(catalogue.metrics) >= 25
    assert all(metric.owner and metric.unit and metric.label for metric in catalogue.metrics)
    assert catalogue.conflicts == ()
    flights = catalogue.table("gold.fct_flights")
    assert (flights.row_count, flights.as_of) == (336_776, "2013-12-31")
    assert flights.certification.status == "verified"
    health = {name: evidence.health for name, evidence in catalogue.evidence.items()}
    assert {"healthy", "caution", "unhealthy"} <= set(health.values())
    gold_and_silver = [each for each in catalogue.tables if each.schema in ("gold", "silver")]
    assert all(table.owner and table.description and table.layer for table in gold_and_silver)


def test_the_demo_loads_fast(demo: Built, demo_sources: Sources) -> None:
    start = time.perf_counter()
    assert load(demo_sources) is not None
    assert time.perf_counter() - start < 0.3


def test_what_is_written_is_plain_json(demo: Built) -> None:
    for path in demo.directory.glob("*.json"):
        json.loads(path.read_text())


@pytest.mark.parametrize(
    "module", ["catalogue.catalogue", "catalogue.builder", "catalogue.snapshot", "catalogue.health"]
)
def test_importing_the_catalogue_loads_nothing_heavy(module: str) -> None:
    code = (
        f"import sys, {module}; heavy = {{'duckdb', 'pyarrow', 'pydantic', 'yaml', 'metricflow',"
        " 'chromadb', 'pandas', 'numpy', 'sqlglot'}; print(*(heavy & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
