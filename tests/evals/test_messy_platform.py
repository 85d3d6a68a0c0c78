"""The messy warehouse: big, the same every time, and its people are where the manifest says."""

from pathlib import Path

import duckdb
import pytest

from evals.platforms.messy import WAREHOUSE, base_tables, build_messy, planted
from evals.platforms.people import people
from tests.newcomer_platforms import messy_directory


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(messy_directory() / WAREHOUSE), read_only=True)


def test_it_holds_three_hundred_tables_in_three_layers(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    tables = base_tables(connection)
    assert len(tables) == 300
    assert {name.split(".")[0] for name in tables} == {"raw", "clean", "mart"}


def test_the_manifest_names_columns_that_exist(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute(
        "SELECT schema_name || '.' || table_name || '.' || column_name FROM duckdb_columns()"
    )
    columns = {str(name) for (name,) in found.fetchall()}
    manifest = planted()
    assert manifest.personal | manifest.unsure <= columns
    assert len(manifest.personal) >= 70
    assert not manifest.personal & manifest.unsure


def test_history_repeats_customers_and_has_one_current_row_each(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = connection.execute(
        "SELECT count(*), count(*) FILTER (is_current), count(DISTINCT customer_id) "
        "FROM clean.customers_history"
    )
    rows, current, customers = found.fetchall()[0]
    assert rows > current == customers


def test_it_is_the_same_every_time(tmp_path: Path) -> None:
    again = build_messy(tmp_path)
    with duckdb.connect(str(again / WAREHOUSE), read_only=True) as fresh:
        fresh.execute(f"ATTACH '{messy_directory() / WAREHOUSE}' AS before (READ_ONLY)")
        for table in ("mart.fct_orders", "mart.dim_customer", "raw.support_mail"):
            differing = fresh.execute(f"FROM {table} EXCEPT ALL FROM before.{table}")
            assert differing.fetchall() == []


def test_invented_identifiers_pass_their_checks() -> None:
    for person in people(50).to_pylist():
        assert _is_luhn(person["card"])
        assert sum(int(d) * (10 - at) for at, d in enumerate(person["nhs"])) % 11 == 0
        iban = person["iban"]
        assert int(f"{iban[4:]}1314{iban[2:4]}") % 97 == 1


def _is_luhn(digits: str) -> bool:
    values = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in values) % 10 == 0
