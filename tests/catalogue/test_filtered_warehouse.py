"""Trusted SQL reads the rows that count, whatever shape it has."""

from pathlib import Path

import duckdb
import pytest

from catalogue.filtered_warehouse import FilteredWarehouse
from catalogue.readers.duckdb import DuckDBWarehouse


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ('SELECT sum(a) AS n FROM "main"."t"', 6),
        ("SELECT sum(x.a) AS n FROM main.t AS x", 6),
        ("SELECT sum(t.a) AS n FROM main.t", 6),
        ("WITH v AS (SELECT a FROM main.t) SELECT sum(a) AS n FROM v", 6),
        ("SELECT sum(a) AS n FROM (SELECT a FROM main.t UNION ALL SELECT a FROM main.u)", 16),
        ("SELECT sum(l.a * r.a) AS n FROM main.t AS l JOIN main.u AS r ON l.a = r.a", 14),
    ],
)
def test_tables_are_filtered_under_their_names(tmp_path: Path, sql: str, expected: int) -> None:
    path = tmp_path / "t.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS FROM range(5) AS r(a)")
        connection.execute("CREATE TABLE u AS FROM range(5) AS r(a)")
    with DuckDBWarehouse(path) as plain:
        filtered = FilteredWarehouse(plain, {"main.t": "a < 4"})
        assert filtered.query(sql).to_pylist() == [{"n": expected}]
        assert FilteredWarehouse(plain, {}).query("SELECT sum(a) AS n FROM main.t").to_pylist() == [
            {"n": 10}
        ]
