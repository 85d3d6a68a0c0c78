"""Reads of unchanged tables come from the build before; any change of content is seen."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.builder import build
from catalogue.readers.duckdb import DuckDBWarehouse
from catalogue.remembered_reads import FILE, RememberingWarehouse
from tests.catalogue.platforms import make_duckdb, set_age, shop

TWO = """
CREATE TABLE orders AS SELECT i, i * 1.5 AS amount FROM range(10) r(i);
CREATE TABLE customers AS SELECT i, 'c' || i AS name FROM range(5) r(i);
CREATE VIEW big AS SELECT * FROM orders WHERE i > 5;
"""
READS = (
    'SELECT count(*) AS n FROM "main"."orders"',
    'SELECT max(name) AS m FROM "main"."customers"',
    'SELECT count(*) AS n FROM "main"."big"',
)


class Watched(DuckDBWarehouse):
    """Tells what was really read."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.asked: list[str] = []

    def query(self, sql: str) -> pa.Table:
        self.asked.append(sql)
        return super().query(sql)


def _read_all(path: Path, kept: Path, before: Path | None) -> tuple[list[object], list[str]]:
    warehouse = Watched(path)
    reads = RememberingWarehouse(warehouse, warehouse.tables(), before)
    found = [reads.query(sql).to_pylist() for sql in READS]
    kept.mkdir()
    reads.save(kept)
    reads.close()
    return found, warehouse.asked


@pytest.mark.parametrize(
    ("change", "read_again"),
    [
        ("SELECT 1", []),
        ("UPDATE orders SET amount = 2 WHERE i = 3", [READS[0], READS[2]]),
        ("UPDATE customers SET name = 'x' WHERE i = 1", [READS[1], READS[2]]),
        ("DELETE FROM customers; INSERT INTO customers VALUES (1, 'a'), (1, 'a')", list(READS[1:])),
        ("CREATE OR REPLACE VIEW big AS SELECT * FROM orders WHERE i > 8", [READS[2]]),
    ],
    ids=["nothing", "a value", "another table", "duplicates", "a view"],
)
def test_only_what_has_changed_is_read_again(
    tmp_path: Path, change: str, read_again: list[str]
) -> None:
    path = make_duckdb(tmp_path / "x.duckdb", TWO)
    first, asked = _read_all(path, tmp_path / "first", None)
    assert asked == list(READS)
    with duckdb.connect(str(path)) as connection:
        connection.execute(change)
    again, asked = _read_all(path, tmp_path / "second", tmp_path / "first")
    assert asked == read_again
    afresh, _ = _read_all(path, tmp_path / "third", None)
    assert again == afresh
    assert (again == first) is (change == "SELECT 1") or read_again


def test_a_damaged_memory_is_as_good_as_none(tmp_path: Path) -> None:
    path = make_duckdb(tmp_path / "x.duckdb", TWO)
    (tmp_path / "before").mkdir()
    (tmp_path / "before" / FILE).write_bytes(b"SQLite format 3\0 and then nothing")
    _, asked = _read_all(path, tmp_path / "kept", tmp_path / "before")
    assert asked == list(READS)


ROWS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["a", "b", None])), max_size=5)


@settings(max_examples=60, deadline=None)
@given(one=ROWS, other=ROWS)
def test_equal_keys_mean_equal_rows(
    tmp_path_factory: pytest.TempPathFactory,
    one: list[tuple[int, str | None]],
    other: list[tuple[int, str | None]],
) -> None:
    path = tmp_path_factory.mktemp("keys") / "x.duckdb"
    with duckdb.connect(str(path)) as connection:
        for schema, rows in (("one", one), ("other", other)):
            connection.execute(
                f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.t (i INTEGER, s VARCHAR)"
            )
            for row in rows:
                connection.execute(f"INSERT INTO {schema}.t VALUES (?, ?)", row)
    with DuckDBWarehouse(path) as warehouse:
        keys = [warehouse.content_key(each).partition("|")[2] for each in warehouse.tables()]
    assert (keys[0] == keys[1]) is (sorted(map(str, one)) == sorted(map(str, other)))


def test_a_build_profiles_only_what_has_changed(tmp_path: Path) -> None:
    sources = shop(tmp_path)
    first = build(sources)
    with duckdb.connect(str(sources.warehouse)) as connection:
        connection.execute("INSERT INTO gold.customer VALUES (4, 'Dan', NULL, 'business')")
    set_age(sources.warehouse, seconds=5)
    second = build(sources)
    assert second.catalogue.table("gold.customer").row_count == 4
    assert second.catalogue.table("gold.orders") == first.catalogue.table("gold.orders")
    (sources.state / "index" / "current").unlink()
    afresh = build(sources, profiled=True)
    assert afresh.catalogue == second.catalogue
    assert afresh.values == second.values
