"""Rows that a view leaves out tell nothing: no error speaks of them, and no stored statistic."""

from pathlib import Path

import duckdb
import pytest

from assistant.errors import QueryRejected
from assistant.guard import check
from catalogue.access import Grant
from catalogue.catalogue import Catalogue
from catalogue.readers.duckdb import DuckDBWarehouse
from tests.security.platform import Platform, build

ORACLE = "SELECT count(*) FROM gold.{} WHERE CASE WHEN note = 'ok' THEN 1 ELSE note::INT END = 1"
"""Raises on a row of another region, and on no other."""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return build(tmp_path_factory.mktemp("screens"), "warehouse.sql", "screens.sql")


RULES = {
    "beneath a table that is not allowed": (
        'tables: {allow: ["gold.s*", "gold.j*", "gold.regions"]}'
    ),
    "beneath a table that is denied": (
        'tables: {allow: ["gold.screened", "gold.screened_twice", "gold.j*", "gold.regions"],'
        ' deny: ["gold.orders"]}'
    ),
    "beneath a table that is filtered": (
        'tables: {allow: ["gold.screened", "gold.screened_twice", "gold.j*", "gold.regions",'
        ' "gold.orders"]}\n    rows: {"gold.orders": "region = \'EU\'"}'
    ),
}


@pytest.fixture(params=RULES)
def grant(platform: Platform, tmp_path: Path, request: pytest.FixtureRequest) -> Grant:
    return platform.grant(RULES[request.param], tmp_path)


@pytest.mark.parametrize("view", ["screened", "screened_twice"])
def test_no_error_tells_of_a_row_that_a_view_leaves_out(
    platform: Platform, grant: Grant, view: str
) -> None:
    sql = ORACLE.format(view)
    safe = check(sql, catalogue=platform.catalogue, grant=grant, row_limit=10)
    with duckdb.connect(str(platform.path), read_only=True) as connection:
        with pytest.raises(duckdb.ConversionException):
            connection.execute(sql).fetchall()
        assert connection.execute(safe.sql).fetchall() == [(4,)]


def test_a_view_over_withheld_rows_tells_no_range(platform: Platform, grant: Grant) -> None:
    sql = "SELECT bitstring_agg(id) FROM gold.screened"
    with pytest.raises(QueryRejected) as caught:
        check(sql, catalogue=platform.catalogue, grant=grant, row_limit=10)
    assert caught.value.rule == "column_ranges"


@pytest.mark.parametrize(
    "item",
    [
        "(SELECT max(id) FROM (SELECT * FROM gold.orders))",
        "EXISTS(FROM gold.orders)",
        "unnest((SELECT list(id) FROM gold.orders))",
        "(SELECT count(*) FROM (PIVOT gold.orders ON id USING count(*)))",
        "coalesce(*COLUMNS(['id']), (SELECT max(id) FROM gold.orders))",
    ],
)
def test_no_column_is_named_after_the_policy(platform: Platform, tmp_path: Path, item: str) -> None:
    grant = platform.grant(
        'columns: {deny: ["orders.note"]}\n    rows: {"orders": "note = \'ok\'"}', tmp_path
    )
    sql = f"SELECT {item} FROM gold.orders"
    safe = check(sql, catalogue=platform.catalogue, grant=grant, row_limit=10)
    with duckdb.connect(str(platform.path), read_only=True) as connection:
        names = connection.execute(safe.sql).description
    assert "orders" in str(names)
    assert "note" not in str(names)


def test_a_view_of_what_is_wholly_seen_needs_no_barrier(platform: Platform, grant: Grant) -> None:
    assert not grant.tables["gold.joined_in_the_open"].is_screen


def test_a_role_that_sees_everything_needs_no_barrier(platform: Platform, tmp_path: Path) -> None:
    everything = platform.grant("{}", tmp_path)
    assert [name for name, seen in everything.tables.items() if seen.withholds_rows] == []


def test_a_query_is_not_written_out_at_any_length(tmp_path: Path) -> None:
    """A wide table read often is short to write and huge to read back."""
    columns = ", ".join(f"1 AS c{number}" for number in range(500))
    path = tmp_path / "wide.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE TABLE wide AS SELECT {columns}")
    with DuckDBWarehouse(path) as reader:
        wide = Platform(path=path, catalogue=Catalogue(name="wide", tables=reader.tables()))
    everything = wide.grant("{}", tmp_path)
    sql = " UNION ALL ".join(["SELECT c1 FROM wide"] * 17)
    with pytest.raises(QueryRejected) as caught:
        check(sql, catalogue=wide.catalogue, grant=everything, row_limit=10)
    assert caught.value.rule == "size"
