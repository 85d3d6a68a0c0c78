"""Workers are lent in fair turns, and a slow query keeps nobody from them."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from assistant.answer import SafeQuery
from assistant.engines.duckdb import DuckDBEngine, Limits
from assistant.errors import Cancelled, EngineBusy

BOMB = "SELECT sum(range) FROM range(1000000000000)"
QUICK = "SELECT count(*) FROM t"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckDBEngine]:
    path = tmp_path / "data.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT * FROM range(1000)")
    limits = Limits(timeout_s=20.0, workers=1, waiting=4)
    opened = DuckDBEngine(database=lambda: path, timezone="UTC", limits=limits)
    opened.run(query(QUICK))
    yield opened
    opened.close()


def query(sql: str, asker: str = "") -> SafeQuery:
    return SafeQuery(sql=sql, role="reader", asker=asker)


class Bomb:
    """A query that runs until it is stopped."""

    def __init__(self, engine: DuckDBEngine, asker: str = "", sql: str = BOMB) -> None:
        self._stop = threading.Event()
        self.ended: list[str] = []
        self._thread = threading.Thread(target=self._run, args=(engine, query(sql, asker)))
        self._thread.start()

    def _run(self, engine: DuckDBEngine, sql: SafeQuery) -> None:
        try:
            engine.run(sql, stop=self._stop.is_set)
            self.ended.append("ran")
        except (Cancelled, EngineBusy) as error:
            self.ended.append(type(error).__name__)

    def end(self) -> None:
        self._stop.set()
        self._thread.join()


@pytest.fixture
def bomb(engine: DuckDBEngine) -> Iterator[Callable[..., Bomb]]:
    thrown: list[Bomb] = []

    def throw(asker: str = "", sql: str = BOMB) -> Bomb:
        thrown.append(Bomb(engine, asker, sql))
        time.sleep(0.1)
        return thrown[-1]

    yield throw
    for each in thrown:
        each.end()


def test_a_slow_query_steps_aside_for_one_that_waits(
    engine: DuckDBEngine, bomb: Callable[..., Bomb]
) -> None:
    slow = bomb()
    assert engine.run(query(QUICK)).table.num_rows == 1
    assert slow.ended == []
    slow.end()
    assert slow.ended == ["Cancelled"]
    assert engine.run(query(QUICK)).table.num_rows == 1
    assert len(engine.worker_pids) == 1


def test_a_named_asker_never_has_more_queries_under_way_than_there_are_places(
    engine: DuckDBEngine, bomb: Callable[..., Bomb]
) -> None:
    bomb("mallory")
    bomb("mallory")
    began = time.monotonic()
    for _ in range(3):
        engine.run(query(QUICK, "anna"))
    assert time.monotonic() - began < 15
    assert len(engine.worker_pids) == 2


def test_who_has_nothing_under_way_comes_before_who_has(
    engine: DuckDBEngine, bomb: Callable[..., Bomb]
) -> None:
    bomb("mallory")
    waiting = bomb("mallory", sql=QUICK)
    engine.run(query(QUICK, "anna"))
    assert waiting.ended == []


def test_one_asker_cannot_fill_the_queue(engine: DuckDBEngine, bomb: Callable[..., Bomb]) -> None:
    thrown = [bomb("mallory") for _ in range(5)]
    assert [each.ended for each in thrown] == [[], [], [], [], ["EngineBusy"]]
    assert engine.run(query(QUICK, "anna")).table.num_rows == 1
