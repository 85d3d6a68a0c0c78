"""Filters are proposed where the data speaks for them, and only there."""

import tomllib
from pathlib import Path

import duckdb
import pytest

from assistant import Assistant
from catalogue.proposals import as_toml, proposed_filters

TABLES = {
    "orders": "i AS id, CASE WHEN i < 3 THEN TIMESTAMP '2026-01-01' END AS deleted_at, i * 2 AS n",
    "accounts": "i AS id, i = 1 AS is_test, 'a' || i AS label",
    "customer_history": "i % 5 AS customer, i > 4 AS is_current, DATE '2020-01-01' AS valid_from",
    "prices": (
        "i AS id, DATE '2021-01-01' + CAST(i // 5 * 2000000 AS INTEGER) AS valid_to"
    ),
    "plain": "i AS id, 'open' AS status, DATE '2026-01-01' AS end_date",
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        for name, columns in TABLES.items():
            connection.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM range(10) AS t(i)")
    (tmp_path / "platform.toml").write_text('[warehouse]\npath = "shop.duckdb"\n')
    return tmp_path


def test_what_the_data_speaks_for_is_proposed_and_can_be_declared(shop: Path) -> None:
    with Assistant.open(shop) as assistant:
        found = proposed_filters(assistant.catalogue())
    assert {each.table: each.condition for each in found} == {
        "main.orders": '"deleted_at" IS NULL',
        "main.accounts": '("is_test" = FALSE OR "is_test" IS NULL)',
        "main.customer_history": '"is_current" = TRUE',
        "main.prices": "\"valid_to\" >= DATE '2900-01-01'",
    }
    whys = {each.table: each.why for each in found}
    assert whys["main.orders"] == "deleted_at has a value in 3 of 10 rows."
    assert whys["main.accounts"] == "is_test is false in 9, true in 1 of 10 rows."
    section = as_toml(found)
    assert set(tomllib.loads(section)["conventions"]["filters"]) == set(whys)
    (shop / "platform.toml").write_text(f'[warehouse]\npath = "shop.duckdb"\n{section}')
    with Assistant.open(shop) as assistant:
        counted = {
            table: assistant.run(f"SELECT count(*) FROM {table}").table.column(0)[0].as_py()
            for table in whys
        }
        assert proposed_filters(assistant.catalogue()) == []
    assert counted == {
        "main.orders": 7,
        "main.accounts": 9,
        "main.customer_history": 5,
        "main.prices": 5,
    }
