"""Bombs in the sandbox, and sixteen users with one of them among them, beside the targets.

python -m evals.performance.sandbox [--seconds 10] [--timeout 5]
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from assistant.answer import SafeQuery
from assistant.engines.duckdb import DuckDBEngine, Limits
from assistant.errors import AssistantError

USERS = 16
GROWTH_MB, OVER_S, SLOWDOWN = 200.0, 1.0, 2.0
BOMBS = {
    "numbers": "SELECT sum(range) FROM range(1000000000000)",
    "list": "SELECT len(range(1000000000000))",
    "long list": "SELECT len(range(1000000000))",
    "string": "SELECT length(repeat('x', 3000000000))",
    "padding": "SELECT length(lpad('x', 2000000000, 'y'))",
    "strings": "SELECT list_transform(range(100000000), lambda x: repeat('a', 100))",
    "aggregate": "SELECT length(string_agg(repeat('x', 100000), '')) FROM range(1000000)",
    "cross join": "SELECT sum(a.range * b.range % 7) FROM range(1000000000) a, range(1000000000) b",
    "recursion": "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) "
    "SELECT sum(n) FROM r",
    "distance": "SELECT levenshtein(repeat('a', 500000), repeat('b', 500000))",
    "regex": "SELECT sum(length(regexp_replace(repeat('ab', 20000), '(a|b|ab)*c', 'x', 'g'))) "
    "FROM range(1000000)",
    "pivot": "PIVOT (SELECT range AS i, range AS v FROM range(200000)) ON i USING sum(v)",
    "sort": "SELECT * FROM range(10000000000) ORDER BY hash(range) LIMIT 20000000",
    "wide rows": "SELECT repeat('x', 1000000) FROM range(1000000)",
    "window": "SELECT sum(range) OVER (ORDER BY hash(range)) FROM range(10000000000)",
}
_QUERY = "SELECT k % 100 AS g, sum(v), count(*) FROM t WHERE v > {} GROUP BY g ORDER BY g"


def resident_mb() -> float:
    """Return the memory of this process now."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * 4096 / 1e6


def told(name: str, value: float, target: float, unit: str) -> bool:
    """Print a figure beside its target; return whether it holds."""
    holds = value <= target
    print(f"{name}: {value:.2f}{unit} (target {target}{unit}){'' if holds else '  MISSED'}")
    return holds


def bombs(engine: DuckDBEngine, timeout_s: float) -> bool:
    """Throw each bomb; measure how it ends, the memory here, and the query after it."""
    engine.run(_safe("SELECT 1"))
    before, worst, longest, broken = resident_mb(), 0.0, 0.0, []
    for name, sql in BOMBS.items():
        began = time.monotonic()
        try:
            result = engine.run(_safe(sql))
            how = f"{result.table.num_rows} rows, truncated {result.truncated}"
        except AssistantError as error:
            how = type(error).__name__
        took = time.monotonic() - began
        worst, longest = max(worst, resident_mb() - before), max(longest, took)
        if engine.run(_safe("SELECT 42 AS a")).table.to_pylist() != [{"a": 42}]:
            broken.append(name)
        print(f"  {name}: {how} after {took:.2f} s")
    holds = told("longest bomb", longest, timeout_s + OVER_S, " s")
    holds &= told("growth of this process", worst, GROWTH_MB, " MB")
    return told("bombs after which the next query failed", len(broken), 0, "") and holds


def users(engine: DuckDBEngine, seconds: float) -> bool:
    """Let sixteen ask, then fifteen with one who throws bombs; compare the others' p95."""
    alone = _p95(_ask_together(engine, seconds, bombers=0))
    beside = _p95(_ask_together(engine, seconds, bombers=1))
    print(f"  p95 without a bomb {alone * 1000:.0f} ms, with one {beside * 1000:.0f} ms")
    return told("p95 with a bomb over without", beside / alone, SLOWDOWN, "")


def _ask_together(engine: DuckDBEngine, seconds: float, *, bombers: int) -> list[float]:
    """Return how long each query of the others took."""
    end, took, failed = time.monotonic() + seconds, list[float](), list[str]()

    def ask(number: int) -> None:
        while time.monotonic() < end:
            began = time.monotonic()
            try:
                engine.run(_safe(_QUERY.format(number)))
            except AssistantError as error:
                failed.append(str(error))
            took.append(time.monotonic() - began)

    def bomb(number: int) -> None:
        while time.monotonic() < end:
            try:
                engine.run(_safe(BOMBS["numbers"]), stop=lambda: time.monotonic() > end)
            except AssistantError:
                continue

    _together([bomb] * bombers + [ask] * (USERS - bombers))
    if failed:
        print(f"  {len(failed)} of {len(took)} queries failed: {failed[0]}")
    return took


def _together(actions: Sequence[Callable[[int], None]]) -> None:
    threads = [
        threading.Thread(target=action, args=(number,)) for number, action in enumerate(actions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _safe(sql: str) -> SafeQuery:
    return SafeQuery(sql=sql, role="reader")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every figure and return 1 where one misses its target."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=10.0)
    options.add_argument("--timeout", type=float, default=5.0)
    given = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "data.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute(
                "CREATE TABLE t AS SELECT i AS k, i % 997 AS v FROM range(500000) r(i)"
            )
        limits = Limits(timeout_s=given.timeout, memory_bytes=1_000_000_000)
        engine = DuckDBEngine(database=lambda: path, timezone="UTC", limits=limits)
        try:
            holds = bombs(engine, given.timeout)
            holds &= users(engine, given.seconds)
        finally:
            engine.close()
    return int(not holds)


if __name__ == "__main__":
    sys.exit(main())
