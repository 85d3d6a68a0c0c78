"""Statistics of tables: right, and silent on classified columns."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.errors import WarehouseUnavailable
from catalogue.model import Classification, Column, ColumnProfile, Suspicion, Table
from catalogue.profile import MOST_VALUES, iso, profile
from catalogue.readers.duckdb import DuckDBWarehouse
from catalogue.store import to_json
from tests.catalogue.platforms import make_duckdb


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[DuckDBWarehouse]:
    with DuckDBWarehouse(make_duckdb(tmp_path / "shop.duckdb")) as opened:
        yield opened


def _table(warehouse: DuckDBWarehouse, name: str) -> Table:
    return next(table for table in warehouse.tables() if table.name == name)


def _of(table: Table, column: str) -> ColumnProfile:
    found = table.column(column)
    assert found is not None
    assert found.profile is not None
    return found.profile


def test_columns_carry_nulls_ranges_and_top_values(warehouse: DuckDBWarehouse) -> None:
    found = profile(_table(warehouse, "customer"), warehouse)
    assert found.table.row_count == 3
    assert _of(found.table, "segment") == ColumnProfile(
        nulls=0,
        distinct=2,
        minimum="business",
        maximum="private",
        top_values=(("private", 2), ("business", 1)),
    )
    assert _of(found.table, "email").nulls == 1
    assert _of(found.table, "email").distinct == 2
    assert found.values["segment"] == {"private": 2, "business": 1}


def test_ranges_are_text_of_any_type(warehouse: DuckDBWarehouse) -> None:
    found = profile(_table(warehouse, "orders"), warehouse).table
    assert (_of(found, "amount").minimum, _of(found, "amount").maximum) == ("1.00", "99.00")
    assert _of(found, "placed_at").maximum == "2024-03-05 12:30:00"
    assert _of(found, "is_gift").top_values == (("false", 2), ("true", 1))
    assert _of(found, "tags") == ColumnProfile(nulls=1)


def test_as_of_and_last_load_are_the_latest_of_their_columns(warehouse: DuckDBWarehouse) -> None:
    orders = replace(_table(warehouse, "orders"), event_time="PLACED_AT", loaded_at="placed_at")
    found = profile(orders, warehouse).table
    assert found.as_of == found.last_loaded == "2024-03-05T12:30:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2013-12-31", "2013-12-31"),
        ("2013-12-31 23:59:00", "2013-12-31T23:59:00"),
        ("2013-12-31 23:59:00-05", "2013-12-31T23:59:00-05:00"),
        ("2013-W52", "2013-W52"),
    ],
)
def test_times_become_iso(text: str, expected: str) -> None:
    assert iso(text) == expected


@pytest.mark.parametrize("classification", ["personal", "restricted", None])
def test_no_value_of_a_sensitive_column_leaves(
    warehouse: DuckDBWarehouse, classification: Classification | None
) -> None:
    suspicion = Suspicion(kind="name", why="it looks like one", confidence=0.5)
    customer = _table(warehouse, "customer")
    columns = tuple(
        replace(each, classification=classification, suspicion=suspicion)
        for each in customer.columns
    )
    found = profile(replace(customer, columns=columns, event_time="name"), warehouse)
    assert found.values == {}
    assert "Ada" not in str(to_json(found.table))
    assert "Cleo" not in str(to_json(found.table))
    assert _of(found.table, "email").nulls == 1


def test_an_empty_table_and_a_table_of_nulls_have_profiles(tmp_path: Path) -> None:
    sql = "CREATE TABLE e (a VARCHAR, b INTEGER); CREATE TABLE n AS SELECT NULL::VARCHAR AS a"
    with DuckDBWarehouse(make_duckdb(tmp_path / "x.duckdb", sql)) as warehouse:
        empty = profile(_table(warehouse, "e"), warehouse).table
        nulls = profile(_table(warehouse, "n"), warehouse).table
    assert empty.row_count == 0
    assert _of(empty, "a") == ColumnProfile(nulls=0, distinct=0)
    assert _of(nulls, "a") == ColumnProfile(nulls=1, distinct=0)


def test_a_column_of_many_values_or_long_texts_has_no_values(tmp_path: Path) -> None:
    sql = f"""
    CREATE TABLE t AS SELECT 'v' || range AS many, repeat('x', 500) AS long, range % 300 AS number
    FROM range({MOST_VALUES * 2})
    """
    with DuckDBWarehouse(make_duckdb(tmp_path / "x.duckdb", sql)) as warehouse:
        found = profile(_table(warehouse, "t"), warehouse)
    assert found.values == {}
    longest = _of(found.table, "long").maximum
    assert longest is not None
    assert len(longest) < 500
    assert _of(found.table, "many").distinct == pytest.approx(MOST_VALUES * 2, rel=0.1)


def test_every_type_of_the_warehouse_can_be_profiled(tmp_path: Path) -> None:
    sql = """
    CREATE TYPE mood AS ENUM ('sad', 'glad');
    CREATE TABLE t AS SELECT 'glad'::mood AS e, uuid() AS u, '{"a": 1}'::JSON AS j,
        {'a': 1} AS s, MAP {'k': 1} AS m, 'x'::BLOB AS b, '101'::BIT AS bits, 1::HUGEINT AS h,
        TIME '10:00' AS t, INTERVAL 1 DAY AS i, now() AS tz, 1.5::DOUBLE AS d, 'nan'::DOUBLE AS n,
        DATE 'infinity' AS inf, [[1]] AS ll, ['a', 'b']::VARCHAR[2] AS arr, 1 AS "a ""b"" c"
    """
    with DuckDBWarehouse(make_duckdb(tmp_path / "x.duckdb", sql)) as warehouse:
        found = profile(_table(warehouse, "t"), warehouse)
    assert found.table.row_count == 1
    assert found.values["e"] == {"glad": 1}


def test_a_view_over_something_gone_is_an_error(tmp_path: Path) -> None:
    sql = "CREATE TABLE a (i INTEGER); CREATE VIEW v AS SELECT i FROM a; DROP TABLE a"
    table = Table(schema="main", name="v", columns=(Column(name="i", data_type="INTEGER"),))
    with (
        DuckDBWarehouse(make_duckdb(tmp_path / "x.duckdb", sql)) as warehouse,
        pytest.raises(WarehouseUnavailable),
    ):
        profile(table, warehouse)


def test_a_wide_table_needs_no_more_memory_than_others(tmp_path: Path) -> None:
    columns = ", ".join(f"'v' || (range % {i + 2}) AS c{i}" for i in range(120))
    sql = f"CREATE TABLE t AS SELECT {columns} FROM range(5000)"
    with DuckDBWarehouse(make_duckdb(tmp_path / "x.duckdb", sql)) as warehouse:
        found = profile(_table(warehouse, "t"), warehouse)
    assert len(found.values) == 120
    assert sum(found.values["c119"].values()) == 5_000


def test_a_view_is_profiled_like_a_table(warehouse: DuckDBWarehouse) -> None:
    found = profile(_table(warehouse, "big_orders"), warehouse)
    assert found.table.row_count == 1
    assert found.values["order_id"] == {"2": 1}
