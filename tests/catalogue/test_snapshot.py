"""The private copy: whole, checked, and never at the cost of the live file."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from catalogue.errors import WarehouseUnavailable
from catalogue.readers.duckdb import DuckDBWarehouse
from catalogue.snapshot import POINTER, current, last_good, read_pointer, take, write_pointer
from tests.catalogue.platforms import make_duckdb, set_age

_WRITER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("INSERT INTO t VALUES (2)")
print("written", flush=True)
sys.stdin.readline()
"""


def _live(directory: Path) -> Path:
    return make_duckdb(directory / "live.duckdb", "CREATE TABLE t AS SELECT 1 AS i")


def _rows(path: Path) -> int:
    with DuckDBWarehouse(path) as warehouse:
        return int(warehouse.query("SELECT count(*) AS n FROM t").to_pylist()[0]["n"])


def _add_row(live: Path) -> None:
    with duckdb.connect(str(live)) as connection:
        connection.execute("INSERT INTO t VALUES (2)")


def test_a_snapshot_holds_what_the_live_file_holds(tmp_path: Path) -> None:
    snapshot = take(_live(tmp_path), tmp_path / "state")
    assert _rows(snapshot.path) == 1
    assert snapshot.path.is_relative_to(tmp_path / "state")
    assert last_good(tmp_path / "state") == snapshot


def test_an_unchanged_file_is_not_copied_again(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    assert take(live, state) == take(live, state) == current(live, state)


def test_a_look_at_an_unchanged_file_is_cheap(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    current(live, state)
    start = time.perf_counter()
    for _ in range(100):
        current(live, state)
    assert (time.perf_counter() - start) / 100 < 0.005


def test_a_changed_file_at_rest_is_copied_anew(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    before = take(live, state)
    _add_row(live)
    assert current(live, state) == before
    set_age(live, seconds=5)
    after = current(live, state)
    assert (_rows(before.path), _rows(after.path)) == (1, 2)


def test_only_the_last_two_copies_are_kept(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    for seconds in (50, 40, 30, 20):
        set_age(live, seconds=seconds)
        newest = take(live, state)
    kept = sorted((state / "snapshots").glob("*.duckdb"))
    assert len(kept) == 2
    assert kept[-1] == newest.path


def test_what_stands_in_the_wal_is_in_the_copy(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    command = [sys.executable, "-c", _WRITER, str(live)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdin is not None
        writer.stdout.readline()
        wal = live.with_name("live.duckdb.wal")
        for path in (live, wal):
            set_age(path, seconds=30)
        snapshot = take(live, state)
        assert _rows(snapshot.path) == 2
        assert not snapshot.path.with_name(snapshot.path.name + ".wal").exists()
        writer.stdin.write(b"\n")
        writer.stdin.close()
        writer.wait()


def test_a_run_that_thinks_between_two_tables_is_not_copied_half_done(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    before = take(live, state)
    command = [sys.executable, "-c", _WRITER, str(live)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdin is not None
        writer.stdout.readline()
        for path in (live, live.with_name("live.duckdb.wal")):
            set_age(path, seconds=30)
        assert current(live, state) == before
        assert take(live, state, patience_s=0) == before
        set_age(live, seconds=3600)
        set_age(live.with_name("live.duckdb.wal"), seconds=3600)
        assert _rows(current(live, state).path) == 2, "a forgotten connection holds nothing up"
        writer.stdin.write(b"\n")
        writer.stdin.close()
        writer.wait()


def test_taking_a_snapshot_never_blocks_a_writer(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    snapshot = take(live, state)
    with DuckDBWarehouse(snapshot.path):
        _add_row(live)


_OPENS_FOR_WRITING = "import sys, duckdb; duckdb.connect(sys.argv[1])"


def test_a_connection_of_this_very_process_keeps_its_lock(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    with duckdb.connect(str(live)) as connection:
        connection.execute("INSERT INTO t VALUES (2)")
        for path in (live, live.with_name("live.duckdb.wal")):
            set_age(path, seconds=30)
        assert _rows(take(live, state).path) == 2
        command = [sys.executable, "-c", _OPENS_FOR_WRITING, str(live)]
        other = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "Conflicting lock" in other.stderr


def test_a_file_that_is_written_all_the_time_is_said_to_be(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    stop = threading.Event()

    def touch() -> None:
        while not stop.is_set():
            os.utime(live)
            time.sleep(0.02)

    os.utime(live)
    writer = threading.Thread(target=touch)
    writer.start()
    try:
        with pytest.raises(WarehouseUnavailable, match="is being written by another process"):
            take(live, state, patience_s=0.2)
        assert last_good(state) is None
    finally:
        stop.set()
        writer.join()


def test_a_clock_that_runs_ahead_does_not_keep_a_file_from_rest(tmp_path: Path) -> None:
    live = _live(tmp_path)
    set_age(live, seconds=-3600)
    assert _rows(take(live, tmp_path / "state", patience_s=0).path) == 1


def test_the_last_good_copy_outlives_a_live_file_that_breaks(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    good = take(live, state)
    live.write_bytes(live.read_bytes()[:5000])
    set_age(live, seconds=5)
    assert current(live, state) == good
    assert (state / "snapshots" / "failed").exists()
    assert current(live, state) == good
    live.unlink()
    assert current(live, state) == good


def test_a_broken_pointer_is_no_snapshot(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    take(live, state)
    (state / "snapshots" / "current").write_text("{")
    assert last_good(state) is None
    assert _rows(current(live, state).path) == 1


def test_nothing_unfinished_stays_behind(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    live.write_bytes(live.read_bytes()[:5000])
    set_age(live, seconds=5)
    with pytest.raises(WarehouseUnavailable):
        take(live, state)
    assert not list((state / "snapshots").glob(".*"))


def _encrypted(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET force_mbedtls_unsafe = 'true'")
        connection.execute(f"ATTACH '{path}' AS e (ENCRYPTION_KEY 'secret')")
        connection.execute("CREATE TABLE e.t AS SELECT 1 AS i")
        connection.execute("DETACH e")


def _cut_off(path: Path) -> None:
    make_duckdb(path, "CREATE TABLE t AS SELECT range AS i FROM range(100000)")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _damaged(path: Path) -> None:
    make_duckdb(path, "CREATE TABLE t AS SELECT 1 AS i")
    content = bytearray(path.read_bytes())
    content[12_300:20_000] = os.urandom(7_700)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda path: None, "does not exist."),
        (lambda path: path.mkdir(), "is not a file."),
        (lambda path: path.write_bytes(b""), "is empty, not a DuckDB file."),
        (lambda path: path.write_bytes(os.urandom(20_000)), "is not a DuckDB file."),
        (lambda path: path.write_text("id,name\n1,Ada\n" * 100), "is not a DuckDB file."),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(9000)), "is a SQLite file"),
        (_encrypted, "is encrypted."),
        (_cut_off, "is cut off."),
        (_damaged, "is damaged"),
    ],
    ids=[
        "missing", "directory", "empty", "noise", "csv", "sqlite", "encrypted", "cut off",
        "damaged",
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], object], problem: str
) -> None:
    live = tmp_path / "live.duckdb"
    make(live)
    if live.is_file():
        set_age(live, seconds=5)
    with pytest.raises(WarehouseUnavailable) as caught:
        take(live, tmp_path / "state")
    text = str(caught.value)
    assert text.startswith(str(live))
    assert problem in text
    assert "\n" not in text


def test_a_file_replaced_by_a_rename_is_copied_anew_whatever_its_date(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    take(live, state)
    other = make_duckdb(tmp_path / "other.duckdb", "CREATE TABLE t AS SELECT 2 AS i")
    looked = live.stat()
    os.utime(other, ns=(looked.st_atime_ns, looked.st_mtime_ns))
    other.replace(live)
    with DuckDBWarehouse(current(live, state).path) as warehouse:
        assert warehouse.query("SELECT i FROM t").to_pylist() == [{"i": 2}]


def test_the_shape_of_a_copy_tells_new_columns_from_new_rows(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    before = take(live, state)
    _add_row(live)
    set_age(live, seconds=20)
    more_rows = take(live, state)
    with duckdb.connect(str(live)) as connection:
        connection.execute("ALTER TABLE t ADD COLUMN j INTEGER")
    set_age(live, seconds=10)
    assert more_rows.path != before.path
    assert before.shape == more_rows.shape != take(live, state).shape


def test_the_copy_that_a_build_was_made_from_is_kept(tmp_path: Path) -> None:
    live, state = _live(tmp_path), tmp_path / "state"
    built_from = take(live, state)
    (state / "index" / "a").mkdir(parents=True)
    write_pointer(state / "index" / "a" / POINTER, built_from)
    for seconds in (50, 40, 30):
        set_age(live, seconds=seconds)
        take(live, state)
    assert read_pointer(state / "index" / "a" / POINTER, state) == built_from
