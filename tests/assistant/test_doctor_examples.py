"""What a newcomer is shown first: plain questions that are answered, and filters to paste."""

import json
import tomllib
from pathlib import Path

import duckdb
import pytest

from assistant.cli import main

TABLES = """
CREATE SCHEMA landing; CREATE SCHEMA mart;
CREATE TABLE landing.salaries_frs AS SELECT i AS id FROM range(9) t(i);
CREATE TABLE landing.x47_abc AS SELECT i AS id, DATE '2024-01-01' AS event_date FROM range(9) t(i);
CREATE TABLE mart.fct_orders AS SELECT i AS order_id, DATE '2024-01-01' + CAST(i AS INTEGER)
    AS order_date, CAST(i AS DECIMAL(10, 2)) AS amount, 'r' || (i % 3) AS region
  FROM range(99) t(i);
CREATE TABLE mart.customers AS SELECT i AS customer_id, i % 9 = 0 AS is_test FROM range(50) t(i);
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("shop")
    with duckdb.connect(str(found / "shop.duckdb")) as connection:
        connection.execute(TABLES)
    (found / "platform.toml").write_text('[warehouse]\npath = "shop.duckdb"\n')
    return found


def test_plain_questions_about_what_matters_come_first_and_filters_are_proposed(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--platform", str(place), "doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["examples"][0] == "Total amount by region"
    assert not {"frs", "x47"} & set(" ".join(report["examples"]).lower().split())
    filters = tomllib.loads(report["proposed_filters"])["conventions"]["filters"]
    assert filters == {"mart.customers": '("is_test" = FALSE OR "is_test" IS NULL)'}
    assert any("1 table holds deleted rows" in line for line in report["blocks"])
    assert main(["--platform", str(place), "doctor"]) == 0
    assert report["proposed_filters"] in capsys.readouterr().out


def test_a_draft_proposes_filters_beside_its_patch(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--platform", str(place), "catalogue", "draft"]) == 0
    said = capsys.readouterr()
    assert "[conventions.filters]" in said.err
    assert "[conventions.filters]" not in said.out
