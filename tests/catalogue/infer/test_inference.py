"""What is inferred of a bare warehouse: only what its names and its data both say."""

from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.catalogue import Catalogue
from catalogue.infer.inference import covered_tables, infer
from catalogue.infer.layer import InferredLayer
from catalogue.model import Metric, MetricQuery, Table
from catalogue.readers.duckdb import DuckDBWarehouse
from catalogue.store import from_json, to_json
from catalogue.values import ValueIndex
from tests.catalogue.infer.stores import inferred

Store = tuple[Catalogue, ValueIndex, Path]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = tmp_path_factory.mktemp("store") / "store.duckdb"
    return (*inferred(path), path)


def _layer(catalogue: Catalogue) -> InferredLayer:
    types = {f"{t.full_name}.{c.name}": c.data_type for t in catalogue.tables for c in t.columns}
    return InferredLayer(catalogue.inferred_manifest or "", column_types=types)


def _rows(store: Store, query: MetricQuery) -> list[dict[str, object]]:
    catalogue, _, path = store
    with DuckDBWarehouse(path) as warehouse:
        rows: list[dict[str, object]] = warehouse.query(
            _layer(catalogue).compile(query)
        ).to_pylist()
    return rows


def _of(catalogue: Catalogue, table: str) -> dict[str, Metric]:
    return {metric.name: metric for metric in catalogue.metrics if metric.tables == (table,)}


def test_joins_are_found_by_name_and_held_against_the_data(store: Store) -> None:
    found = {(j.from_table, j.from_column, j.to_table) for j in store[0].relationships}
    assert found == {
        ("mart.fct_orders", "cust_id", "mart.dim_customer"),
        ("mart.fct_orders", "origin_airport_code", "mart.dim_airport"),
        ("mart.fct_orders", "dest_airport_code", "mart.dim_airport"),
        ("mart.payments", "order_id", "mart.fct_orders"),
        ("mart.customer_history", "customer_no", "mart.dim_customer"),
    }
    assert all(j.origin == "inferred" and j.confidence for j in store[0].relationships)


def test_keys_layers_and_times_are_filled_in(store: Store) -> None:
    orders = store[0].table("mart.fct_orders")
    assert orders.primary_key == ("order_id",)
    assert (orders.event_time, orders.loaded_at) == ("order_dt", "etl_loaded_at")
    assert orders.layer == "mart"
    assert store[0].table("raw.customers").layer == "raw"


def test_what_does_not_add_up_is_never_summed(store: Store) -> None:
    summed = {m.columns[0] for m in store[0].metrics if m.aggregation == "sum"}
    assert summed == {
        "mart.fct_orders.ord_amt",
        "mart.fct_orders.qty",
        "mart.payments.paid_amount",
        "mart.customer_history.bonus_amount",  # of current rows only, see below
    }


def test_ids_codes_and_years_are_never_averaged(store: Store) -> None:
    averaged = {m.columns[0] for m in store[0].metrics if m.aggregation == "average"}
    assert not {name for name in averaged if name.endswith(("_id", "_code", "_year", "_key"))}
    assert "mart.fct_orders.tax_rate" in averaged


def test_rows_marked_as_deleted_are_not_counted(store: Store) -> None:
    assert _rows(store, MetricQuery(metrics=("order_count",))) == [{"order_count": 356}]
    assert "where is_deleted is not true" in store[0].metric("order_count").description


def test_a_history_is_counted_by_its_current_rows_alone(store: Store) -> None:
    found = _of(store[0], "mart.customer_history")
    query = MetricQuery(metrics=("customer_history_sum_bonus_amount",))
    assert _rows(store, query) == [{"customer_history_sum_bonus_amount": 4000}]
    assert "where valid_to has no value" in found["customer_history_count"].description


def test_states_kept_per_day_and_copies_have_no_sums(store: Store) -> None:
    states = _of(store[0], "mart.stock_snapshot")
    assert {m.aggregation for m in states.values()} <= {"count", "count_distinct"}
    assert not _of(store[0], "mart.fct_orders_bak")


def test_of_two_layers_the_nearer_one_has_the_noun(store: Store) -> None:
    nouns = {m.name: m.synonyms for m in store[0].metrics if "customers" in m.synonyms}
    assert list(nouns) == ["customer_count"]
    assert store[0].metric("customer_count").tables == ("mart.dim_customer",)


def test_two_keys_to_one_table_keep_their_roles(store: Store) -> None:
    accepted = store[0].metric("order_count").dimensions
    assert {"origin_airport__city", "destination_airport__city"} <= set(accepted)
    assert "airport__city" not in accepted


def test_columns_two_joins_away_can_be_cut_by(store: Store) -> None:
    query = MetricQuery(
        metrics=("payment_sum_paid_amount",),
        group_by=("order__customer__cust_city",),
        order_by=("-payment_sum_paid_amount",),
    )
    rows = _rows(store, query)
    assert {row["order__customer__cust_city"] for row in rows} == {"Paris", "Rome", "Oslo"}
    assert sum(float(str(row["payment_sum_paid_amount"])) for row in rows) == 800 * 801 / 2


def test_every_name_is_the_semantic_layers_own(store: Store) -> None:
    """What the catalogue lists is what MetricFlow accepts, table by table."""
    catalogue = store[0]
    layer = _layer(catalogue)
    for count in (m for m in catalogue.metrics if m.aggregation == "count"):
        listed = {m.name: m for m in layer.layer_of(MetricQuery(metrics=(count.name,))).metrics()}
        for metric in (m for m in catalogue.metrics if m.tables == count.tables):
            assert set(metric.dimensions) <= set(listed[metric.name].dimensions)
            assert metric.columns == listed[metric.name].columns


def test_values_of_a_dimension_are_those_of_its_column(store: Store) -> None:
    assert store[1].of_dimension("order__customer__cust_city")["Paris"] == 10
    assert set(store[1].of_dimension("order__status")) == {"cancelled", "shipped"}


def test_what_is_inferred_survives_the_index(store: Store) -> None:
    catalogue, values, _ = store
    assert from_json(Catalogue, to_json(catalogue)) == catalogue
    assert from_json(ValueIndex, to_json(values)) == values


def test_nothing_is_inferred_for_what_people_declared(store: Store) -> None:
    catalogue, _, path = store
    bare = replace(catalogue, metrics=(), dimensions=(), entities=(), inferred_manifest=None)
    every = frozenset(table.full_name for table in catalogue.tables)
    with DuckDBWarehouse(path) as warehouse:
        assert infer(bare, warehouse, every) == bare


def test_lineage_carries_a_declaration_both_ways() -> None:
    tables = (
        Table(schema="raw", name="a"),
        Table(schema="gold", name="b", upstream=("raw.a",)),
        Table(schema="gold", name="c", upstream=("gold.b",)),
        Table(schema="raw", name="d"),
    )
    assert covered_tables(tables, frozenset({"gold.b"})) == {"raw.a", "gold.b", "gold.c"}
    assert covered_tables(tables, frozenset()) == frozenset()


def test_a_far_side_that_is_not_unique_is_no_join(tmp_path: Path) -> None:
    catalogue, _ = inferred(
        tmp_path / "a.duckdb",
        "CREATE TABLE shops AS SELECT 1 + i % 9 AS shop_id FROM range(20) t(i);"
        "CREATE TABLE visits AS SELECT i AS visit_id, 1 + i % 9 AS shop_id FROM range(20) t(i);",
    )
    assert catalogue.relationships == ()


def test_a_near_side_with_strange_values_is_no_join(tmp_path: Path) -> None:
    catalogue, _ = inferred(
        tmp_path / "a.duckdb",
        "CREATE TABLE shops AS SELECT i AS shop_id FROM range(20) t(i);"
        "CREATE TABLE visits AS SELECT i AS visit_id, i + 15 AS shop_id FROM range(20) t(i);",
    )
    assert catalogue.relationships == ()


def test_two_tables_that_fit_equally_well_are_joined_to_neither(tmp_path: Path) -> None:
    catalogue, _ = inferred(
        tmp_path / "a.duckdb",
        "CREATE SCHEMA s1; CREATE SCHEMA s2; CREATE SCHEMA s3;"
        "CREATE TABLE s1.shop AS SELECT i AS shop_id FROM range(20) t(i);"
        "CREATE TABLE s2.shop AS SELECT i AS shop_id FROM range(20) t(i);"
        "CREATE TABLE s3.visits AS SELECT i AS visit_id, i AS shop_id FROM range(20) t(i);",
    )
    assert [j for j in catalogue.relationships if j.from_table == "s3.visits"] == []


def test_before_the_data_is_profiled_rows_are_counted_by_name_alone(store: Store) -> None:
    """What only the data can tell is left out: joins, and rows that a mark may exclude."""
    _, _, path = store
    with DuckDBWarehouse(path) as warehouse:
        bare = Catalogue(name="store", tables=warehouse.tables())
        brief = infer(bare, warehouse, frozenset())
    counts = {m.tables[0] for m in brief.metrics if m.aggregation == "count"}
    assert {"mart.dim_customer", "mart.fct_orders", "mart.payments"} <= counts
    assert not counts & {"mart.customer_history", "raw.customers", "mart.fct_orders_bak"}
    assert brief.relationships == ()
    known = {m.name for m in store[0].metrics}
    assert {m.name for m in brief.metrics if m.aggregation != "count_distinct"} <= known
