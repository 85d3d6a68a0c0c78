"""The engine runs checked queries in processes of its own and survives whatever they do."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from assistant.answer import Result, SafeQuery
from assistant.engines.duckdb import DuckDBEngine, Limits
from assistant.errors import BadSettings, Cancelled, EngineBusy, LimitHit, QueryFailed
from catalogue.errors import WarehouseUnavailable

MEGABYTE = 1_000_000
TIMEOUT_S = 1.5


def query(sql: str, rows: int = 1000) -> SafeQuery:
    return SafeQuery(sql=sql, role="reader", row_limit=rows)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("engine") / "data.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT i, 'CANARY ' || i AS s FROM range(5000) r(i)")
        connection.execute(
            "CREATE TABLE times AS SELECT TIMESTAMPTZ '2024-06-01 12:00:00+00' AS noon"
        )
    return path


@pytest.fixture(scope="module")
def engine(database: Path) -> Iterator[DuckDBEngine]:
    limits = Limits(timeout_s=TIMEOUT_S, memory_bytes=600 * MEGABYTE, rows=2000)
    engine = DuckDBEngine(database=lambda: database, timezone="America/New_York", limits=limits)
    engine.run(query("SELECT 1"))
    yield engine
    engine.close()


def single(database: Path, **limits: float) -> DuckDBEngine:
    given = Limits(timeout_s=limits.pop("timeout_s", 10.0), workers=1, **limits)  # type: ignore[arg-type]
    return DuckDBEngine(database=lambda: database, timezone="UTC", limits=given)


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_rows_come_back_as_arrow_with_duckdb_types(engine: DuckDBEngine) -> None:
    result = engine.run(query("SELECT i, s FROM t ORDER BY i LIMIT 2"))
    assert isinstance(result.table, pa.Table)
    assert result.table.to_pylist() == [{"i": 0, "s": "CANARY 0"}, {"i": 1, "s": "CANARY 1"}]
    assert result.duckdb_types == ("BIGINT", "VARCHAR")
    assert not result.truncated
    assert result.ms > 0
    assert result.as_of is not None


def test_sums_of_integers_come_back_exact(engine: DuckDBEngine) -> None:
    result = engine.run(
        query("SELECT sum(i) AS n, sum(i)::HUGEINT * 1000000000000000000 AS h FROM t")
    )
    assert result.duckdb_types == ("HUGEINT", "HUGEINT")
    assert [int(value) for value in result.table.to_pylist()[0].values()] == [
        12497500,
        12497500 * 10**18,
    ]


@pytest.mark.parametrize(
    ("rows", "limit", "truncated"), [(1000, 1000, False), (1001, 1000, True), (3000, 9999, True)]
)
def test_a_cut_result_says_so(engine: DuckDBEngine, rows: int, limit: int, truncated: bool) -> None:
    result = engine.run(query(f"SELECT i FROM t ORDER BY i LIMIT {rows}", rows=limit))
    assert result.truncated is truncated
    assert result.table.num_rows == min(rows, limit, 2000)


def test_an_empty_result_keeps_its_columns(engine: DuckDBEngine) -> None:
    result = engine.run(query("SELECT i, s FROM t WHERE false"))
    assert result.table.column_names == ["i", "s"]
    assert result.table.num_rows == 0


def test_columns_may_share_a_name(engine: DuckDBEngine) -> None:
    assert engine.run(query("SELECT 1 AS a, 2 AS a")).table.column_names == ["a", "a"]


def test_the_time_zone_of_the_platform_applies(engine: DuckDBEngine) -> None:
    result = engine.run(query("SELECT hour(noon) AS h FROM times"))
    assert result.table.to_pylist() == [{"h": 8}]


def test_a_time_zone_that_is_none_is_a_setting_error(database: Path) -> None:
    with pytest.raises(BadSettings):
        DuckDBEngine(database=lambda: database, timezone="x'; DROP", limits=Limits())


def test_wide_rows_are_cut_at_the_byte_limit(database: Path) -> None:
    engine = single(database, result_bytes=5 * MEGABYTE)
    try:
        result = engine.run(query("SELECT repeat('x', 1000) AS s FROM range(9000)", rows=9999))
        assert result.truncated
        assert 0 < result.table.nbytes < 5 * MEGABYTE
        with pytest.raises(LimitHit):
            engine.run(query("SELECT repeat('x', 9000000) AS s"))
    finally:
        engine.close()


BOMBS = {
    "list": "SELECT len(range(1000000000000))",
    "long list": "SELECT len(range(1000000000))",
    "string": "SELECT length(repeat('x', 3000000000))",
    "list of strings": "SELECT list_transform(range(100000000), lambda x: repeat('a', 100))",
    "padding": "SELECT length(lpad('x', 2000000000, 'y'))",
    "cross join": "SELECT sum(a.range * b.range % 7) FROM range(1000000000) a, range(1000000000) b",
    "recursion": "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) "
    "SELECT sum(n) FROM r",
    "distance": "SELECT levenshtein(repeat('a', 500000), repeat('b', 500000))",
    "aggregate": "SELECT length(string_agg(repeat('x', 100000), '')) FROM range(1000000)",
    "list aggregate": "SELECT len(list(range)) FROM range(10000000000)",
    "sort": "SELECT * FROM range(10000000000) ORDER BY hash(range) LIMIT 20000000",
    "map": "SELECT cardinality(map(range(300000000), range(300000000)))",
    "printf": "SELECT length(printf('%2000000000d', 1))",
    "nested lists": "SELECT len(flatten(list_transform(range(100000), lambda x: range(100000))))",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_ends_within_its_limit_and_the_next_query_works(
    engine: DuckDBEngine, bomb: str
) -> None:
    started = time.monotonic()
    with pytest.raises(QueryFailed) as caught:
        engine.run(query(BOMBS[bomb]))
    assert time.monotonic() - started < TIMEOUT_S + 1
    assert str(caught.value)
    assert engine.run(query("SELECT 42 AS a")).table.to_pylist() == [{"a": 42}]


def test_a_bomb_leaves_its_memory_to_the_next_query(database: Path) -> None:
    """What allocators keep after one would fail any query that needs some memory itself."""
    engine = single(database, memory_bytes=600 * MEGABYTE)
    useful = query("SELECT count(DISTINCT range * 7) AS n FROM range(1500000)")
    try:
        for bomb in ("list aggregate", "map"):
            with pytest.raises(LimitHit):
                engine.run(query(BOMBS[bomb]))
            assert engine.run(useful).table.to_pylist() == [{"n": 1_500_000}]
    finally:
        engine.close()


def test_stopping_takes_at_most_200_ms(engine: DuckDBEngine) -> None:
    stopped_at = time.monotonic() + 0.3
    with pytest.raises(Cancelled):
        engine.run(query(BOMBS["distance"]), stop=lambda: time.monotonic() > stopped_at)
    assert time.monotonic() - stopped_at < 0.2
    assert engine.run(query("SELECT 1 AS a")).table.num_rows == 1


def test_stopping_while_waiting_for_a_worker(database: Path) -> None:
    engine = single(database, timeout_s=3.0)
    engine.run(query("SELECT 1"))
    stop = threading.Event()
    bomb = threading.Thread(target=_run_until, args=(engine, stop))
    bomb.start()
    try:
        time.sleep(0.2)
        stopped_at = time.monotonic() + 0.2
        with pytest.raises(Cancelled):
            engine.run(query("SELECT 1"), stop=lambda: time.monotonic() > stopped_at)
        assert time.monotonic() - stopped_at < 0.2
    finally:
        stop.set()
        bomb.join()
        engine.close()


def _run_until(engine: DuckDBEngine, stop: threading.Event) -> None:
    with pytest.raises(Cancelled):
        engine.run(query(BOMBS["cross join"]), stop=stop.is_set)


def test_too_many_waiting_are_told_that_the_engine_is_busy(database: Path) -> None:
    engine = single(database, timeout_s=3.0, waiting=0)
    engine.run(query("SELECT 1"))
    stop = threading.Event()
    bomb = threading.Thread(target=_run_until, args=(engine, stop))
    bomb.start()
    try:
        time.sleep(0.2)
        with pytest.raises(EngineBusy):
            engine.run(query("SELECT 1"))
    finally:
        stop.set()
        bomb.join()
        engine.close()


def test_many_threads_share_the_workers(engine: DuckDBEngine) -> None:
    results: dict[int, Result] = {}

    def ask(number: int) -> None:
        results[number] = engine.run(query(f"SELECT {number} AS n, count(*) AS c FROM t"))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {number: result.table.to_pylist()[0]["n"] for number, result in results.items()}
    assert found == {number: number for number in range(24)}


def test_a_worker_outlives_the_thread_that_started_it(database: Path) -> None:
    engine = single(database)
    thread = threading.Thread(target=engine.run, args=(query("SELECT 1"),))
    thread.start()
    thread.join()
    time.sleep(0.2)
    pids = engine.worker_pids
    assert engine.run(query("SELECT 2 AS a")).table.to_pylist() == [{"a": 2}]
    assert engine.worker_pids == pids
    engine.close()


def test_a_killed_worker_loses_only_its_own_query(database: Path) -> None:
    engine = single(database)
    engine.run(query("SELECT 1"))
    (pid,) = engine.worker_pids
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(LimitHit):
        engine.run(query("SELECT 1"))
    assert engine.run(query("SELECT 2 AS a")).table.to_pylist() == [{"a": 2}]
    engine.close()


def test_closing_ends_the_workers(database: Path) -> None:
    engine = single(database)
    engine.run(query("SELECT 1"))
    (pid,) = engine.worker_pids
    engine.close()
    wait_for(lambda: not Path(f"/proc/{pid}").exists())
    with pytest.raises(QueryFailed):
        engine.run(query("SELECT 1"))


LONELY = """
import sys
from pathlib import Path
from assistant.answer import SafeQuery
from assistant.engines.duckdb import DuckDBEngine, Limits
engine = DuckDBEngine(
    database=lambda: Path(sys.argv[1]), timezone="UTC", limits=Limits(timeout_s=60, workers=1)
)
engine.run(SafeQuery(sql="SELECT 1", role="reader"))
print(*engine.worker_pids, flush=True)
engine.run(SafeQuery(sql=sys.argv[2], role="reader"))
"""


def test_a_worker_dies_with_its_parent_in_the_middle_of_a_query(database: Path) -> None:
    command = [sys.executable, "-c", LONELY, str(database), BOMBS["distance"]]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.getcwd()}
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        parent.kill()
    wait_for(lambda: not Path(f"/proc/{pid}/cmdline").exists() or not _command(pid))


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_little_memory_is_enough_for_little(database: Path) -> None:
    engine = single(database, memory_bytes=150 * MEGABYTE)
    assert engine.run(query("SELECT count(*) AS n FROM t")).table.to_pylist() == [{"n": 5000}]
    engine.close()


def test_a_file_damaged_in_the_middle_is_one_clear_sentence(tmp_path: Path) -> None:
    path = tmp_path / "damaged.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT hash(i) AS h FROM range(200000) r(i)")
    content = bytearray(path.read_bytes())
    for at in range(300_000, len(content) - 300_000, 5_000):
        content[at] ^= 255
    path.write_bytes(content)
    engine = single(path)
    for _ in range(2):
        with pytest.raises((WarehouseUnavailable, QueryFailed)) as caught:
            engine.run(query("SELECT sum(h) FROM t"))
        assert "memory" not in str(caught.value)
        assert "\n" not in str(caught.value)
    engine.close()


def test_a_new_snapshot_is_read_at_once(tmp_path: Path) -> None:
    paths = [tmp_path / "a.duckdb", tmp_path / "b.duckdb"]
    for path in paths:
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"CREATE TABLE t AS SELECT '{path.stem}' AS name")
    current = iter((paths[0], paths[0], paths[1]))
    engine = DuckDBEngine(database=lambda: next(current), timezone="UTC", limits=Limits(workers=1))
    names = [engine.run(query("SELECT name FROM t")).table.to_pylist()[0]["name"] for _ in range(3)]
    engine.close()
    assert names == ["a", "a", "b"]


def test_a_writer_can_open_nothing_less_than_the_file_it_wants(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a")
    engine = single(path)
    for sql in (
        f"SELECT * FROM read_blob('{path}')",
        f"SELECT * FROM read_text('{path}')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM read_csv('/etc/passwd')",
        f"COPY (SELECT 1) TO '{path}' (USE_TMP_FILE false)",
        f"ATTACH '{path}' AS again",
        "SET memory_limit = '100GB'",
        "SET disabled_filesystems = ''",
        "CREATE TABLE main.x AS SELECT 1",
        "INSTALL httpfs",
    ):
        with pytest.raises(QueryFailed):
            engine.run(query(sql))
    engine.close()


def _text(path: Path) -> None:
    path.write_text("not a database", encoding="utf-8")


def _truncated(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT * FROM range(100000)")
    path.write_bytes(path.read_bytes()[:5000])


BROKEN: dict[str, Callable[[Path], None]] = {
    "missing": lambda path: None,
    "text": _text,
    "truncated": _truncated,
    "a directory": Path.mkdir,
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_file_is_one_clear_sentence(tmp_path: Path, how: str) -> None:
    path = tmp_path / "broken.duckdb"
    BROKEN[how](path)
    engine = single(path)
    with pytest.raises(WarehouseUnavailable) as caught:
        engine.run(query("SELECT count(*) FROM t"))
    engine.close()
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_macro_called_like_a_function_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "macro.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE MACRO upper(x) AS 'HACKED'")
    engine = single(path)
    with pytest.raises(WarehouseUnavailable, match="upper"):
        engine.run(query("SELECT upper('a')"))
    engine.close()


FAILURES = {
    "conversion": "SELECT CAST(s AS INTEGER) FROM t",
    "date": "SELECT CAST(s AS DATE) FROM t",
    "strptime": "SELECT strptime(s, '%Y') FROM t",
    "raise": "SELECT error(s) FROM t",
    "overflow": "SELECT CAST(i + 1000 AS TINYINT) FROM t",
    "unknown column": "SELECT no_such FROM t",
    "unknown table": "SELECT * FROM tt",
    "subquery": "SELECT (SELECT s FROM t)",
    "json": "SELECT CAST(s AS JSON) FROM t",
    "enum": "SELECT CAST(s AS ENUM('a', 'b')) FROM t",
    "struct": "SELECT CAST(s AS STRUCT(a INTEGER)) FROM t",
    "regex": "SELECT regexp_matches('a', s || '(') FROM t",
    "group": "SELECT s, i FROM t GROUP BY i",
    "types": "SELECT s + 1 FROM t",
    "bits": "SELECT CAST(s AS BIT) FROM t",
    "format": "SELECT format(s || '{', i) FROM t",
    "plan": "SELECT unnest((SELECT {'a': max(s)} FROM t))",
}


@pytest.mark.parametrize("kind", FAILURES)
def test_no_failure_tells_a_value(engine: DuckDBEngine, kind: str) -> None:
    with pytest.raises(QueryFailed) as caught:
        engine.run(query(FAILURES[kind]))
    told = f"{caught.value} {caught.value.repair} {caught.value.__cause__}"
    assert "CANARY" not in told
    assert "\n" not in told


def test_a_binder_error_helps_without_listing_candidates(engine: DuckDBEngine) -> None:
    with pytest.raises(QueryFailed) as caught:
        engine.run(query("SELECT no_such FROM t"))
    assert "no_such" in str(caught.value)
    assert "Candidate" not in str(caught.value.repair)


def test_workers_see_no_keys(engine: DuckDBEngine, database: Path) -> None:
    os.environ["OPENAI_API_KEY"] = "CANARY KEY"
    try:
        fresh = single(database)
        fresh.run(query("SELECT 1"))
        (pid,) = fresh.worker_pids
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        fresh.close()
    finally:
        del os.environ["OPENAI_API_KEY"]
    assert b"CANARY" not in environment
