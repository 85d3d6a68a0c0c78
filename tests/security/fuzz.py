"""Mutated queries against the guard and the engine: none may show a canary, crash or hang.

    python -m tests.security.fuzz --count 50000 --seed 1

Each query is made from those of tests/fixtures/guard: tokens swapped, dropped and doubled, two
queries spliced, one put inside another, hidden names put in the place of others.
"""

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from assistant.answer import SafeQuery
from assistant.engines.duckdb import GRACE_S, DuckDBEngine, Limits
from assistant.errors import AssistantError, LimitHit, QueryRejected
from tests.assistant.guard.shop import FIXTURES, Shop, build

TIMEOUT_S = 1.0
SLACK_S = 5.0
"""A machine at work elsewhere delays an answer; a hang does not end by itself."""
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[A-Za-z_]\w*|\d+(?:\.\d+)?|\s+|[^\w\s]+?")
_HIDDEN = (
    "email", "ssn", "hr.salaries", "salaries", "kpi", "main.kpi", "gold.pay", "reveal()", "rowid",
    "secret_kind", "customers", "orders", "c", "_t", "query_table('kpi')", "duckdb_tables()",
    "'shop.duckdb'", "read_blob('shop.duckdb')", "current_user", "COLUMNS(*)", "#1", "*", "kind",
)  # fmt: skip
_FRAMES = (
    "SELECT * FROM ({}) AS q",
    "SELECT to_json(q) FROM ({}) AS q",
    "WITH kpi AS ({}) SELECT * FROM kpi",
    "WITH RECURSIVE r AS ({} UNION ALL SELECT * FROM r WHERE false) FROM r",
    "SUMMARIZE ({})",
    "SELECT ({}) AS x",
    "SELECT EXISTS ({}), ARRAY({})",
    "({}) UNION ALL BY NAME ({})",
    "PIVOT ({}) ON id USING count(*)",
    "UNPIVOT ({}) ON COLUMNS(*) INTO NAME n VALUE v",
    "SELECT * FROM gold.customers c, LATERAL ({}) l",
    "SELECT COLUMNS(*)::VARCHAR FROM ({})",
    "SELECT * FROM gold.orders WHERE note IN ({})",
    "SELECT max(COLUMNS(*)) FROM ({})",
    "EXPLAIN {}",
    "DESCRIBE {}",
    "CREATE TEMP TABLE x AS {}",
    "{}; {}",
)


def corpus() -> list[str]:
    """Return the queries of the fixtures, without the canaries that some of them spell."""
    texts = [
        block.split("\n", 1)[-1]
        for name in ("attacks.sql", "benign.sql")
        for block in re.split(r"^-- ", (FIXTURES / name).read_text(encoding="utf-8"), flags=re.M)
    ]
    texts += (FIXTURES / "idioms.sql").read_text(encoding="utf-8").splitlines()
    return [re.sub("canary", "plain", text.strip(), flags=re.I) for text in texts if text.strip()]


def mutants(seed: int) -> Iterator[str]:
    """Yield mutated queries without end; equal seeds give equal queries."""
    draw = random.Random(seed)
    queries = [_TOKEN.findall(text) for text in corpus()]
    pool = sorted({token for query in queries for token in query if not token.isspace()})
    while True:
        query = list(draw.choice(queries))
        for _ in range(draw.choice((0, 1, 1, 1, 2, 3))):
            _mutate(query, draw, pool, queries)
        text = "".join(query)
        if draw.random() < 0.25:
            text = draw.choice(_FRAMES).replace("{}", text)
        yield text


def _mutate(
    query: list[str], draw: random.Random, pool: list[str], queries: list[list[str]]
) -> None:
    at = draw.randrange(len(query) or 1)
    kind = draw.choice((0, 1, 2, 2, 3, 4, 4, 4, 5, 6))
    if kind == 0:
        query[at : at + 1] = []
    elif kind == 1:
        query[at : at + 1] = query[at : at + 1] * 2
    elif kind == 2:
        query[at : at + 1] = [draw.choice(pool)]
    elif kind == 3:
        query[at:at] = [" ", draw.choice(pool), " "]
    elif kind == 4:
        names = [i for i, token in enumerate(query) if token[0].isalpha() or token[0] == '"']
        if names:
            query[draw.choice(names)] = draw.choice(_HIDDEN)
    elif kind == 5:
        other = draw.choice(queries)
        query[at:] = [" ", *other[draw.randrange(len(other)) :]]
    else:
        other = draw.choice(queries)
        query[at : at + 1] = ["(", *other, ")"]


class Fuzzer:
    """Runs queries as an analyst of the shop and counts what became of them."""

    def __init__(self, shop: Shop) -> None:
        limits = Limits(timeout_s=TIMEOUT_S, memory_bytes=600_000_000, rows=200)
        self.shop = shop
        self.engine = DuckDBEngine(database=lambda: shop.path, timezone="UTC", limits=limits)
        self.counts: Counter[str] = Counter()
        self.bad: list[str] = []

    def run(self, sql: str) -> None:
        """Check and run one query; note it where it shows a canary, crashes or hangs."""
        started = time.monotonic()
        try:
            kind, shown = self._outcome(sql)
        except Exception as error:  # a crash is what is looked for
            kind, shown = "crashed", ""
            self.bad.append(f"{type(error).__name__}: {error}: {sql}")
        self.counts[kind] += 1
        if "canary" in shown.lower():
            self.bad.append(f"shown: {sql}")
        if time.monotonic() - started > TIMEOUT_S + GRACE_S + SLACK_S:
            self.bad.append(f"hung: {sql}")

    def _outcome(self, sql: str) -> tuple[str, str]:
        try:
            safe: SafeQuery = self.shop.check(sql, self.shop.analyst)
            table = self.engine.run(safe).table
        except QueryRejected as error:
            return "rejected", f"{error} {error.repair}"
        except LimitHit as error:
            return "limit", f"{error} {error.repair}"
        except AssistantError as error:
            return "failed", f"{error} {getattr(error, 'repair', '')}"
        return "ran", f"{table.schema} {table.to_pylist()}"

    def close(self) -> None:
        self.engine.close()
        self.shop.whole.close()
        self.shop.seen.close()


def main() -> int:
    """Fuzz for a number of queries; print the counts and return 1 where anything is bad."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=50_000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        fuzzer = Fuzzer(build(Path(directory)))
        source = mutants(given.seed)
        for number in range(1, given.count + 1):
            fuzzer.run(next(source))
            if number % 5000 == 0:
                print(f"{number}: {dict(fuzzer.counts)}, bad {len(fuzzer.bad)}", flush=True)
        fuzzer.close()
    print(f"{given.count} queries, seed {given.seed}: {dict(fuzzer.counts)}")
    print(*fuzzer.bad, sep="\n")
    return int(bool(fuzzer.bad))


if __name__ == "__main__":
    sys.exit(main())
