"""A live file is read in place, let go of when idle, and waited for while somebody writes it."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
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
    engine = DuckDBEngine(database=lambda: live, timezone="UTC", limits=limits, hold_s=0.2)
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


def _write_when_free(live: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            with duckdb.connect(str(live)) as connection:
                connection.execute("UPDATE t SET i = 3")
                return
        except duckdb.IOException:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_an_idle_worker_lets_others_write_and_then_reads_what_they_wrote(
    engine: DuckDBEngine, live: Path
) -> None:
    assert engine.run(QUERY).table.to_pylist() == [{"i": 1}]
    _write_when_free(live)
    assert engine.run(QUERY).table.to_pylist() == [{"i": 3}]


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
        with duckdb.connect(str(live)) as connection:
            connection.execute("UPDATE t SET i = 5")
        assert warehouse.query("SELECT i FROM t").to_pylist() == [{"i": 5}]
        with _writing(live), pytest.raises(WarehouseLocked):
            warehouse.tables()
