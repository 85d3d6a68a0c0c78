"""Our own time per question on the demo, model time excluded, beside the floor of the same parts.

200 distinct questions, so that no cache of answers, compilations or embeddings can serve any. The
floor calls the same parts bare, in the same run: embed the question, query Chroma, compile with
MetricFlow, parse and qualify with sqlglot, execute on DuckDB in this process.

    python -m evals.performance.overhead [--platform .assistant/demo] [--questions 200]
"""

import argparse
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from assistant import Assistant
from catalogue.model import MetricQuery

TARGET = 2.0
"""Times the floor that the pipeline aims to stay within."""
_MONTHS = ("January", "March", "April", "June", "July", "August", "September", "October")
_METRICS = (
    "flights",
    "cancelled flights",
    "cancellation rate",
    "on-time rate",
    "average departure delay",
    "average arrival delay",
    "distance flown",
    "seats offered",
    "average air time",
)
_AIRLINES = ("United", "Delta", "JetBlue", "American Airlines", "Southwest", "Envoy", "US Airways")
_AIRPORTS = ("JFK", "LGA", "EWR")
_SHAPES = (
    "{metric} of {airline} in {month}",
    "{metric} by airline from {airport} in {month}",
    "{metric} by month from {airport} excluding {airline}",
    "Which airline had the highest {metric} in {month}?",
    "top 5 destinations by {metric} from {airport} in {month}",
)


@dataclass
class Timings:
    """Milliseconds by name."""

    ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def time(self, name: str, call: Callable[..., Any], *arguments: Any) -> Any:
        """Call and keep how long it took."""
        began = time.perf_counter()
        value = call(*arguments)
        self.ms[name].append((time.perf_counter() - began) * 1000)
        return value

    def total(self, name: str, parts: Sequence[str]) -> None:
        """Add, question by question, the named parts up under a name of their own."""
        columns = [self.ms[part] for part in parts]
        self.ms[name] = [sum(values) for values in zip(*columns, strict=True)]


def questions(count: int, *, seed: int = 13) -> list[str]:
    """Return distinct questions that the planner answers, shuffled the same way every time."""
    every = {
        shape.format(metric=metric, airline=airline, airport=airport, month=month)
        for shape, metric, airline, airport, month in product(
            _SHAPES, _METRICS, _AIRLINES, _AIRPORTS, _MONTHS
        )
    }
    chosen = sorted(every)
    random.Random(seed).shuffle(chosen)
    return chosen[:count]


def ours(assistant: Assistant, asked: Sequence[str]) -> tuple[Timings, list[MetricQuery]]:
    """Ask each question and take its time, by stage and in whole."""
    timings, queries = Timings(), []
    for question in asked:
        answer = timings.time("whole", assistant.ask, question)
        if answer.metric_query is None:
            raise SystemExit(f"Not answered: {question}: {answer.text}")
        queries.append(answer.metric_query)
        for stage in ("search", "draft", "guard", "run", "verify"):
            timings.ms[stage].append(answer.ms.get(stage, 0.0))
    return timings, queries


def floor(assistant: Assistant, asked: Sequence[str], queries: Sequence[MetricQuery]) -> Timings:
    """Call the same parts bare for the same questions."""
    import duckdb
    import sqlglot
    from sqlglot.optimizer.qualify import qualify

    from catalogue.embeddings import MiniLM
    from catalogue.metrics import SemanticLayer
    from catalogue.search.index import VectorIndex

    state = assistant.parts.state
    embedder = MiniLM()
    index = VectorIndex(state.built.directory, embedder)
    layer = SemanticLayer(state.built.catalogue.semantic_manifest or "")
    schema: dict[str, object] = {
        table.schema: {table.name: {column.name: column.data_type for column in table.columns}}
        for table in state.built.catalogue.tables
    }

    def parse(sql: str) -> object:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
        return qualify(tree, dialect="duckdb", schema=schema, validate_qualify_columns=False)

    connection = duckdb.connect(str(state.built.snapshot.path), read_only=True)

    def execute(sql: str) -> object:
        return connection.sql(sql).to_arrow_table()

    layer.compile(queries[0])
    index.nearest(embedder.embed(["warm"])[0], 10)
    timings = Timings()
    for question, query in zip(asked, queries, strict=True):
        vector = timings.time("embed", embedder.embed, [question])[0]
        timings.time("chroma", index.nearest, vector, 10)
        sql = timings.time("compile", layer.compile, query)
        timings.time("parse", parse, sql)
        timings.time("execute", execute, sql)
    timings.total("whole", ("embed", "chroma", "compile", "parse", "execute"))
    connection.close()
    index.close()
    return timings


def show(title: str, timings: Timings) -> None:
    """Print p50 and p95 of every part."""
    print(f"\n{title}")
    for name, values in timings.ms.items():
        cuts = statistics.quantiles(values, n=20)
        print(f"  {name:<8} p50 {statistics.median(values):7.1f} ms   p95 {cuts[18]:7.1f} ms")


def main() -> int:
    """Measure and print; the ratio is printed, not asserted, since machines differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--platform", type=Path, default=Path(".assistant/demo"))
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    asked = questions(options.questions)
    with Assistant.open(options.platform) as assistant:
        began = time.perf_counter()
        assistant.ask("flights by month")
        print(f"first answer after {time.perf_counter() - began:.1f} s")
        cold, queries = ours(assistant, asked)
        bare = floor(assistant, asked, queries)
        warm, _ = ours(assistant, asked)
    show(f"ours, {len(asked)} distinct questions", cold)
    show("floor, the same parts bare", bare)
    show("ours again, compilations cached", warm)
    ratio = statistics.median(cold.ms["whole"]) / statistics.median(bare.ms["whole"])
    print(f"\np50 ours / floor: {ratio:.2f} (target {TARGET:.1f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
