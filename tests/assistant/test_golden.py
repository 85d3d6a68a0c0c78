"""An entity is counted in its golden table; the answer says by how much its rivals differ."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from assistant import Answer, Assistant

POLICY = """\
default_role: reader
users: {"eve@example.org": [mart]}
roles:
  reader: {}
  mart: {tables: {deny: ["raw.*"]}}
"""
OVERLAY = """\
entities: {customer: {key: customer_id, golden: mart.crm_accounts}}
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty golden customers; 25 raw ones, and a copy that lost four."""
    root = tmp_path_factory.mktemp("golden")
    with duckdb.connect(str(root / "shop.duckdb")) as connection:
        for schema in ("raw", "mart"):
            connection.execute(f"CREATE SCHEMA {schema}")
        columns = "i AS customer_id, 'DE' || i AS code, i % 3 AS tier"
        connection.execute(
            f"CREATE TABLE mart.crm_accounts AS SELECT {columns} FROM range(20) AS t(i)"
        )
        connection.execute(f"CREATE TABLE raw.customers AS SELECT {columns} FROM range(25) AS t(i)")
        connection.execute(
            f"CREATE TABLE mart.dim_customer AS SELECT {columns} FROM range(16) AS t(i)"
        )
        connection.execute(
            "CREATE TABLE mart.fct_orders AS SELECT i AS order_id, i % 20 AS customer_id, "
            "i * 1.5 AS amount FROM range(100) AS t(i)"
        )
        connection.execute(
            "CREATE TABLE raw.suppliers AS SELECT 1000 + i AS customer_id, 'x' AS code, 1 AS tier "
            "FROM range(9) AS t(i)"
        )
    (root / "platform.toml").write_text(
        '[warehouse]\npath = "shop.duckdb"\n[catalogue]\noverlay = "catalogue.yaml"\n'
        '[access]\npolicy = "policy.yaml"\n'
    )
    (root / "catalogue.yaml").write_text(OVERLAY)
    (root / "policy.yaml").write_text(POLICY)
    return root


@pytest.fixture(scope="module")
def shop(platform: Path) -> Iterator[Assistant]:
    with Assistant.open(platform) as assistant:
        assistant.ask("How many customers are there?")
        yield assistant


def told(answer: Answer) -> list[str]:
    return [each.message for each in answer.receipt.findings if each.code == "rival"]


def test_rivals_are_found_by_key_and_overlap(shop: Assistant) -> None:
    found = {rival.table: rival.overlap for rival in shop.parts.state.built.catalogue.rivals}
    assert found == {"mart.dim_customer": 1.0, "raw.customers": 0.8}


def test_the_golden_table_counts_and_the_rivals_are_named(shop: Assistant) -> None:
    answer = shop.ask("How many customers are there?")
    assert answer.receipt.tables[0].name == "mart.crm_accounts"
    assert answer.table is not None
    assert answer.table.column(0)[0].as_py() == 20
    assert told(answer) == [
        "mart.dim_customer holds 16 by customer_id, 4 (20.0%) fewer than mart.crm_accounts, "
        "which is the one that counts.",
        "raw.customers holds 25 by customer_id, 5 (25.0%) more than mart.crm_accounts, "
        "which is the one that counts.",
    ]


def test_a_rival_outside_the_grant_does_not_exist(shop: Assistant) -> None:
    answer = shop.ask("How many customers are there?", user="eve@example.org")
    assert len(told(answer)) == 1
    assert "raw" not in str(answer.to_dict())


@pytest.mark.parametrize("question", ["How many orders are there?", "customers by tier"])
def test_other_questions_have_no_rivals(shop: Assistant, question: str) -> None:
    assert told(shop.ask(question)) == []
