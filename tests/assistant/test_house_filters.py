"""Declared filters hold on every path, for every role, in statistics too, and are said."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assistant import Assistant
from assistant.cli import main

TOML = """\
[warehouse]
path = "shop.duckdb"
[access]
policy = "policy.yaml"
[conventions]
filters = {"sales.orders" = "deleted_at IS NULL AND NOT is_test"}
"""
POLICY = """\
default_role: analyst
users: {"sam@example.org": [steward], "eve@example.org": [eu], "bo@example.org": [blind]}
roles:
  steward: {}
  analyst: {}
  eu: {rows: {"sales.orders": "region = 'EU'"}}
  blind: {columns: {deny: ["orders.is_test", "orders.deleted_at"]}}
"""
SAM, EVE, BO = ({"user": f"{name}@example.org"} for name in ("sam", "eve", "bo"))


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    """Ten orders: two deleted, one a test; of the seven left four are in the EU."""
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE SCHEMA sales")
        connection.execute(
            "CREATE TABLE sales.orders AS SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'EU' ELSE 'US' "
            "END AS region, CASE WHEN i < 2 THEN DATE '2026-01-01' END AS deleted_at, "
            "i = 9 AS is_test, CASE WHEN i < 2 THEN 'gone' WHEN i = 9 THEN 'try' ELSE 'paid' END "
            "AS state FROM range(10) AS t(i)"
        )
        connection.execute("CREATE VIEW sales.every AS SELECT id FROM sales.orders")
    (tmp_path / "platform.toml").write_text(TOML)
    (tmp_path / "policy.yaml").write_text(POLICY)
    return tmp_path


@pytest.fixture
def shop(platform: Path) -> Iterator[Assistant]:
    with Assistant.open(platform) as assistant:
        yield assistant


def number(assistant: Assistant, sql: str, **who: Any) -> object:
    return assistant.run(sql, **who).table.to_pylist()[0]["n"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) AS n FROM sales.orders",
        "SELECT count(*) AS n FROM (SELECT * FROM sales.orders AS o WHERE o.id >= 0)",
        "WITH x AS (FROM sales.orders) SELECT count(*) AS n FROM x",
        "SELECT count(DISTINCT a.id) AS n FROM sales.orders a LEFT JOIN sales.orders b USING (id)",
        "SELECT count(*) AS n FROM sales.orders WHERE is_test OR deleted_at IS NULL",
    ],
)
def test_every_query_counts_the_rows_that_count(shop: Assistant, sql: str) -> None:
    assert number(shop, sql) == 7
    assert number(shop, sql, **SAM) == 7, "a steward too"


def test_a_row_filter_of_a_role_comes_on_top(shop: Assistant) -> None:
    assert number(shop, "SELECT count(*) AS n FROM sales.orders", **EVE) == 4
    assert number(shop, "SELECT count(*) AS n FROM sales.orders", **BO) == 7


def test_statistics_are_taken_of_the_rows_that_count(shop: Assistant) -> None:
    orders = shop.catalogue().table("sales.orders")
    assert orders.row_count == 7
    state = orders.column("state")
    assert state is not None
    assert state.profile is not None
    assert dict(state.profile.top_values) == {"paid": 7}
    assert dict(shop.parts.state.built.values.of_column("sales.orders.state")) == {"paid": 7}


def test_the_receipt_says_which_rows_count(shop: Assistant) -> None:
    safe = shop.check("SELECT id FROM sales.orders")
    assert safe.house_filtered == ("sales.orders",)
    rules = shop.catalogue().conventions
    assert rules.filters == {"sales.orders": "deleted_at IS NULL AND NOT is_test"}
    assert shop.catalogue(**BO).conventions.filters == {}, "it speaks of columns that bo lacks"


def test_a_view_past_the_filter_is_told_of(shop: Assistant) -> None:
    assert number(shop, "SELECT count(*) AS n FROM sales.every") == 10
    assert any("sales.every reads sales.orders" in text for text in shop.catalogue().conflicts)


@pytest.mark.parametrize(
    ("table", "condition", "said"),
    [
        ("sales.order", "TRUE", "Did you mean 'sales.orders'?"),
        ("orders", "deleted IS NULL", "names 'deleted'"),
        ("orders", "id", "must be a condition"),
        ("orders", "region = {user}", "holds for everybody"),
        ("orders", "id IN (SELECT 1)", "pure scalar expression"),
        ("orders", "id >", "cannot be read"),
    ],
)
def test_a_filter_that_does_not_hold_stops_the_build_in_one_sentence(
    platform: Path, capsys: pytest.CaptureFixture[str], table: str, condition: str, said: str
) -> None:
    (platform / "platform.toml").write_text(
        f'[warehouse]\npath = "shop.duckdb"\n[conventions.filters]\n"{table}" = "{condition}"\n'
    )
    assert main(["--platform", str(platform), "build"]) == 2
    told = capsys.readouterr().err
    assert "conventions.filters" in told
    assert said in told
