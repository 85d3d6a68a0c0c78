"""No view, name or generated column shows what the rules of a role hide beneath it."""

from pathlib import Path

import duckdb
import pytest

from catalogue.live_file import shape_of
from catalogue.readers.duckdb import DuckDBWarehouse
from tests.security.platform import Platform, build


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return build(
        tmp_path_factory.mktemp("views"),
        "warehouse.sql",
        "views_of_columns.sql",
        "views_of_tables.sql",
        "views_of_rows.sql",
    )


def secrets(platform: Platform, body: str, directory: Path, *tables: str) -> list[str]:
    """Return the tables that show a secret, of those whose name starts so."""
    shown = platform.shown(platform.grant(body, directory))
    return [n for n, text in shown.items() if n.startswith(tables) and "SECRET" in text]


COLUMN_RULES = {
    "deny": 'columns: {deny: ["customers.email"]}',
    "deny by wildcard": 'columns: {deny: ["*.*.email"]}',
    "deny without case": 'columns: {deny: ["GOLD.Customers.EMail"]}',
    "deny with an allow list": (
        'tables: {allow: ["gold.*"]}\n    columns: {deny: ["gold.customers.email"]}'
    ),
    "mask": 'columns: {mask: {"customers.email": "\'x\'"}}',
}


@pytest.mark.parametrize("rule", COLUMN_RULES)
def test_no_view_shows_a_column_hidden_beneath_it(
    platform: Platform, tmp_path: Path, rule: str
) -> None:
    assert secrets(platform, COLUMN_RULES[rule], tmp_path, "gold.v", "gold.customers") == []


def test_a_view_keeps_its_columns_that_nothing_hidden_reaches(
    platform: Platform, tmp_path: Path
) -> None:
    tables = platform.grant(COLUMN_RULES["deny"], tmp_path).tables
    kept = {name: set(tables[name].columns) for name in ("gold.v1", "gold.v3", "gold.v11")}
    assert kept == {
        "gold.v1": {"a", "b", "d"},
        "gold.v3": {"id", "name", "city"},
        "gold.v11": {"id", "name", "city", "name_1", "city_1"},
    }


TABLE_RULES = {
    "deny a schema": 'tables: {deny: ["hr.*"]}',
    "deny a schema of those allowed": 'tables: {allow: ["gold.*"], deny: ["hr.*"]}',
    "deny a name": 'tables: {allow: ["gold.*", "silver.*"], deny: ["*.salaries*"]}',
    "deny without case": r'tables: {allow: ["*"], deny: ["Salaries", "hr.\"SALARIES.2024\""]}',
}


@pytest.mark.parametrize("rule", TABLE_RULES)
def test_no_view_shows_a_table_denied_beneath_it(
    platform: Platform, tmp_path: Path, rule: str
) -> None:
    tables = [f"gold.p{number}" for number in range(1, 10)]
    tables += ["gold.dotted_table", "hr.", "silver.s"]
    assert secrets(platform, TABLE_RULES[rule], tmp_path, *tables) == []


ROW_RULES = {
    "rows": 'rows: {"orders": "region = \'EU\'"}',
    "rows of those allowed": (
        'tables: {allow: ["gold.*"]}\n    rows: {"gold.orders": "region = \'EU\'"}'
    ),
    "rows of a table that is not allowed": (
        'tables: {allow: ["gold.o*"], deny: ["gold.orders"]}\n    rows: {"orders": "id < 0"}'
    ),
    "rows by wildcard": 'rows: {"gold.*rders": "region = \'EU\'"}',
}


@pytest.mark.parametrize("rule", ROW_RULES)
def test_no_view_shows_rows_filtered_beneath_it(
    platform: Platform, tmp_path: Path, rule: str
) -> None:
    found = secrets(platform, ROW_RULES[rule], tmp_path, "gold.o")
    # A table that merely holds a copy is bound by no rule of another one; gold.o8 reads it.
    assert [name for name in found if name not in ("gold.o8", "gold.over_computed")] == []


def test_a_name_with_a_dot_is_one_segment(platform: Platform, tmp_path: Path) -> None:
    body = 'columns: {deny: ["gold.*.email", "gold.*.e*mail"]}'
    assert secrets(platform, body, tmp_path, "gold.people.x", "gold.dotted") == [
        "gold.dotted_table"
    ]


def test_a_generated_column_is_hidden_with_what_it_is_made_of(
    platform: Platform, tmp_path: Path
) -> None:
    body = 'columns: {deny: ["computed.email"]}'
    assert secrets(platform, body, tmp_path, "gold.computed", "gold.over_computed") == []


@pytest.mark.parametrize(
    "later",
    [
        "CREATE OR REPLACE VIEW v AS SELECT a, secret AS b FROM t",
        "DROP TABLE c; CREATE TABLE c (a INT, b VARCHAR GENERATED ALWAYS AS (upper(a::VARCHAR)))",
    ],
    ids=["view", "generated column"],
)
def test_rows_made_otherwise_than_the_grant_was_are_another_shape(
    tmp_path: Path, later: str
) -> None:
    """A snapshot of another shape is not read before a build has looked at it."""
    path = tmp_path / "w.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT 1 AS a, 'b' AS b, 's' AS secret;"
            "CREATE TABLE c (a INT, b VARCHAR GENERATED ALWAYS AS (a::VARCHAR));"
            "CREATE VIEW v AS SELECT a, b FROM t"
        )
    before = shape(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(later)
    assert shape(path) != before


def shape(path: Path) -> str:
    with DuckDBWarehouse(path) as reader:
        return shape_of(reader.tables())


def test_tables_that_read_alike_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    alike = build(tmp_path / "a", "alike.sql")
    body = r'tables: {allow: ["gold.*"], deny: ["\"gold.x\".*"]}'
    grant = alike.grant(body, tmp_path)
    assert [n for n, text in alike.shown(grant).items() if "SECRET" in text] == []
