"""What a DuckDB file says of itself."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from catalogue.errors import WarehouseUnavailable
from catalogue.model import Relationship
from catalogue.readers.duckdb import DuckDBWarehouse, unavailable
from tests.catalogue.platforms import make_duckdb


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[DuckDBWarehouse]:
    with DuckDBWarehouse(make_duckdb(tmp_path / "shop.duckdb")) as opened:
        yield opened


def test_tables_carry_columns_types_keys_and_comments(warehouse: DuckDBWarehouse) -> None:
    customer, orders = [table for table in warehouse.tables() if table.kind == "table"]
    assert customer.full_name == "gold.customer"
    assert customer.description == "People who bought something."
    assert customer.primary_key == ("customer_id",)
    assert [(column.name, column.data_type) for column in orders.columns] == [
        ("order_id", "INTEGER"),
        ("customer_id", "INTEGER"),
        ("placed_at", "TIMESTAMP"),
        ("amount", "DECIMAL(10,2)"),
        ("tags", "VARCHAR[]"),
        ("is_gift", "BOOLEAN"),
    ]
    segment = customer.column("SEGMENT")
    assert segment is not None
    assert segment.description == "Kind of customer."


def test_a_view_carries_its_sql(warehouse: DuckDBWarehouse) -> None:
    view = next(table for table in warehouse.tables() if table.kind == "view")
    assert view.full_name == "gold.big_orders"
    assert view.definition is not None
    assert view.definition.startswith("CREATE VIEW gold.big_orders")
    assert [column.name for column in view.columns] == ["order_id", "amount"]


def test_a_foreign_key_is_a_declared_relationship(warehouse: DuckDBWarehouse) -> None:
    assert warehouse.relationships() == (
        Relationship(
            from_table="gold.orders",
            from_column="customer_id",
            to_table="gold.customer",
            to_column="customer_id",
        ),
    )


def test_a_foreign_key_in_the_main_schema_names_it(tmp_path: Path) -> None:
    sql = "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a INTEGER REFERENCES a (id))"
    with DuckDBWarehouse(make_duckdb(tmp_path / "x.duckdb", sql)) as opened:
        assert [each.to_table for each in opened.relationships()] == ["main.a"]


def test_trusted_sql_comes_back_as_arrow(warehouse: DuckDBWarehouse) -> None:
    assert warehouse.query("SELECT count(*) AS n FROM gold.orders").to_pylist() == [{"n": 3}]


def test_nothing_can_be_written(warehouse: DuckDBWarehouse) -> None:
    with pytest.raises(WarehouseUnavailable):
        warehouse.query("CREATE TABLE x AS SELECT 1")


def test_files_beside_the_warehouse_are_out_of_reach(
    warehouse: DuckDBWarehouse, tmp_path: Path
) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(WarehouseUnavailable):
        warehouse.query(f"SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')")


def test_names_that_need_quotes_are_read(tmp_path: Path) -> None:
    sql = 'CREATE SCHEMA "odd one"; CREATE TABLE "odd one"."select" ("a b" INTEGER)'
    with DuckDBWarehouse(make_duckdb(tmp_path / "odd.duckdb", sql)) as opened:
        assert [table.full_name for table in opened.tables()] == ["odd one.select"]


def test_times_follow_the_platforms_zone(tmp_path: Path) -> None:
    path = make_duckdb(tmp_path / "zone.duckdb")
    with DuckDBWarehouse(path, timezone="America/New_York") as opened:
        text = "CAST(TIMESTAMPTZ '2024-01-01 12:00:00+00' AS VARCHAR)"
        assert opened.query(f"SELECT {text} AS t").to_pylist() == [{"t": "2024-01-01 07:00:00-05"}]


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(WarehouseUnavailable, match=r"no\.duckdb does not exist\."):
        DuckDBWarehouse(tmp_path / "no.duckdb")


def test_two_databases_of_one_name_do_not_mix(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    make_duckdb(tmp_path / "x.duckdb", "CREATE TABLE here (i INTEGER)")
    make_duckdb(tmp_path / "a" / "x.duckdb", "CREATE TABLE there (i INTEGER)")
    with (
        DuckDBWarehouse(tmp_path / "x.duckdb") as here,
        DuckDBWarehouse(tmp_path / "a" / "x.duckdb") as there,
    ):
        assert [table.name for table in here.tables()] == ["here"]
        assert [table.name for table in there.tables()] == ["there"]


def test_the_file_is_free_again_after_close(tmp_path: Path) -> None:
    path = make_duckdb(tmp_path / "free.duckdb")
    DuckDBWarehouse(path).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE free (i INTEGER)")


def test_a_file_of_another_version_is_said_to_be() -> None:
    # DuckDB's own words; a header with a later number would need its checksum.
    words = "Trying to read a database file with version number 999, but we can only read"
    error = unavailable(Path("x.duckdb"), duckdb.IOException(words))
    assert str(error) == (
        "x.duckdb was written by another version of DuckDB. Upgrade or export it anew."
    )
