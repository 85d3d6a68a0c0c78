"""A live file is read in place, keeps no writer out, and is waited for while somebody writes it."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from assistant.answer import SafeQuery
from assistant.engines.duckdb import DuckDBEngine, Limits
from catalogue.errors import WarehouseLocked, WarehouseUnavailable
from catalogue.readers.duckdb_live import LiveWarehouse
from tests.catalogue.platforms import make_duckdb

_WRITER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("UPDATE t SET i = 2")
print("writing", flush=True)
sys.stdin.readline()
"""
QUERY = SafeQuery(sql="SELECT i FROM t", role="reader")


@pytest.fixture
def live(tmp_path: Path) -> Path:
    return make_duckdb(tmp_path / "live.duckdb", "CREATE TABLE t AS SELECT 1 AS i")


@pytest.fixture
def engine(live: Path) -> Iterator[DuckDBEngine]:
    limits = Limits(timeout_s=10.0, workers=1)
    engine = DuckDBEngine(database=lambda: live, timezone="UTC", limits=limits, hold_s=60)
    yield engine
    engine.close()


@contextmanager
def _writing(live: Path) -> Iterator["subprocess.Popen[str]"]:
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(live)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "writing\n"
    try:
        yield writer
    finally:
        writer.communicate("\n")


def _write(live: Path, value: int) -> None:
    """As any pipeline does: it opens the file once, and fails where that is refused."""
    with duckdb.connect(str(live)) as connection:
        connection.execute(f"UPDATE t SET i = {value}")


def test_a_worker_keeps_no_writer_out_and_then_reads_what_was_written(
    engine: DuckDBEngine, live: Path
) -> None:
    for value in range(2, 8):
        engine.run(QUERY)
        _write(live, value)
        assert engine.run(QUERY).table.to_pylist() == [{"i": value}]


def _slow_sql(run: Callable[[str], object], *, seconds: float) -> str:
    """Return a query that takes so long here, however many cores there are."""
    rows = 100_000_000
    while True:
        sql = f"SELECT i, (SELECT count(*) FROM range({rows}) r(x) WHERE x % 7 = i) > 0 AS s FROM t"
        began = time.monotonic()
        run(sql)
        if time.monotonic() - began >= seconds:
            return sql
        rows *= 2


def test_a_query_that_a_writer_overtakes_runs_again(engine: DuckDBEngine, live: Path) -> None:
    def run(sql: str) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = engine.run(
            SafeQuery(sql=sql, role="reader")
        ).table.to_pylist()
        return rows

    slow = _slow_sql(run, seconds=1)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(run, slow)
        time.sleep(0.3)
        _write(live, 3)
        assert asked.result() == [{"i": 3, "s": True}]


def test_no_question_reads_two_states(engine: DuckDBEngine, live: Path) -> None:
    pinned = engine.reading(live)
    pinned.run(QUERY)
    pinned.run(QUERY)
    _write(live, 4)
    with pytest.raises(WarehouseUnavailable, match="is being written by another"):
        pinned.run(QUERY)


def test_commits_that_a_killed_writer_left_beside_the_file_are_read(
    engine: DuckDBEngine, live: Path
) -> None:
    engine.run(QUERY)
    with _writing(live) as writer:
        assert engine.run(QUERY).table.to_pylist() == [{"i": 1}], "as before the run"
        writer.kill()
        writer.wait()
    assert live.with_name("live.duckdb.wal").exists()
    assert engine.run(QUERY).table.to_pylist() == [{"i": 2}]


def test_a_file_replaced_by_a_rename_is_read_at_once(
    engine: DuckDBEngine, live: Path, tmp_path: Path
) -> None:
    engine.run(QUERY)
    make_duckdb(tmp_path / "next.duckdb", "CREATE TABLE t AS SELECT 9 AS i").replace(live)
    assert engine.run(QUERY).table.to_pylist() == [{"i": 9}]


def test_a_question_waits_for_a_writer_that_is_soon_done(engine: DuckDBEngine, live: Path) -> None:
    with _writing(live) as writer:
        assert writer.stdin is not None
        done = threading.Timer(0.6, lambda: (writer.stdin.write("\n"), writer.stdin.flush()))  # type: ignore[union-attr]
        done.start()
        assert engine.run(QUERY).table.to_pylist() == [{"i": 2}]
        done.join()


def test_a_question_that_waited_in_vain_says_that_the_file_is_being_written(
    engine: DuckDBEngine, live: Path
) -> None:
    with _writing(live), pytest.raises(WarehouseUnavailable, match="is being written by another"):
        engine.run(QUERY)


def test_a_build_reads_a_live_file_without_keeping_writers_out(live: Path, tmp_path: Path) -> None:
    with LiveWarehouse(live, spill=tmp_path / "spill", patience_s=0) as warehouse:
        assert [table.full_name for table in warehouse.tables()] == ["main.t"]
        assert warehouse.relationships() == ()
        _write(live, 5)
        assert warehouse.query("SELECT i FROM t").to_pylist() == [{"i": 5}]
        with _writing(live), pytest.raises(WarehouseLocked):
            warehouse.tables()


def test_a_build_reads_again_what_a_writer_overtook(live: Path, tmp_path: Path) -> None:
    write = f"import duckdb; duckdb.connect({str(live)!r}).execute('UPDATE t SET i = 6')"
    with (
        LiveWarehouse(live, spill=tmp_path / "spill", patience_s=30) as warehouse,
        ThreadPoolExecutor(1) as pool,
    ):
        slow = _slow_sql(warehouse.query, seconds=2)
        asked = pool.submit(warehouse.query, slow)
        subprocess.run([sys.executable, "-c", write], check=True)
        assert asked.result().to_pylist() == [{"i": 6, "s": True}]
