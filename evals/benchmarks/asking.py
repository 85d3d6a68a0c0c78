"""Asks a public set in two configurations, on platforms made of nothing but its databases.

(a) bare: the whole schema in the prompt, one shot; SQL that the guard rejects or the engine cannot
run is an error, and nothing is fed back. (b) ours: the whole pipeline on the same files. Both run
in the same locked-down workers. Building a platform is not counted as answering.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Literal

from assistant import Assistant
from assistant.errors import AssistantError, QueryRejected
from assistant.ports import ChatModel, Message
from catalogue.builder import build
from evals.benchmarks.benchmark import Benchmark, Golds, Item
from evals.record import Failure, Outcome, Record
from evals.rows import Rows
from evals.score.exec_match import best_match
from evals.score.marked import Marked

if TYPE_CHECKING:
    import pyarrow as pa

    from catalogue.catalogue import Catalogue

Way = Literal["bare", "ours"]
# No question depends on the day; a fixed one keeps prompts the same for a replay.
_SETTINGS = """[platform]
name = "{name}"
as_of = 2024-01-01
[warehouse]
path = "{name}.duckdb"
[access]
policy = "policy.yaml"
"""
# People in a public set are invented, and its questions ask for them.
_POLICY = "default_role: reader\nroles: {reader: {classification: {allow: [suspected]}}}\n"
_BARE = (
    "You write one DuckDB SQL query that answers the question. Use only these tables:\n{schema}\n"
    'Reply as JSON: {{"sql": "..."}}'
)
_BARE_SCHEMA: dict[str, object] = {
    "title": "query",
    "type": "object",
    "properties": {"sql": {"type": "string"}},
    "required": ["sql"],
    "additionalProperties": False,
}


@contextmanager
def platforms(benchmark: Benchmark) -> Iterator[Path]:
    """Copy every database into a platform of its own and build it."""
    with tempfile.TemporaryDirectory(prefix="evals-public-") as place:
        for name, source in benchmark.databases.items():
            home = Path(place) / name
            home.mkdir()
            shutil.copyfile(source, home / f"{name}.duckdb")
            (home / "platform.toml").write_text(_SETTINGS.format(name=name), encoding="utf-8")
            (home / "policy.yaml").write_text(_POLICY, encoding="utf-8")
            with Assistant.open(home) as assistant:
                build(assistant.parts.settings.sources())
        yield Path(place)


def ask_all(benchmark: Benchmark, opened: Path, way: Way, chat: ChatModel) -> Iterator[Record]:
    """Ask every question in one configuration, database by database."""
    ask = ask_bare if way == "bare" else ask_ours
    for database, source in benchmark.databases.items():
        items = [item for item in benchmark.items if item.database == database]
        if not items:
            continue
        with Golds(source) as golds, Assistant.open(opened / database, model=chat) as assistant:
            assistant.run("SELECT 1 AS warm")  # workers and libraries start before the clock does
            assistant.search("warm")
            for item in items:
                marked = golds.marked(item)
                began = perf_counter()
                found = ask(assistant, chat, item, marked)
                ms = (perf_counter() - began) * 1000
                print(f"  {way} {item.id}: {found.outcome} ({ms / 1000:.1f} s)", file=sys.stderr)
                yield replace(found, ms=ms, configuration=way, suite=benchmark.name)


def ask_bare(assistant: Assistant, chat: ChatModel, item: Item, golds: Sequence[Marked]) -> Record:
    """Show the model the schema, take its SQL once, run it."""
    prompt = _BARE.format(schema=schema_text(assistant.catalogue()))
    messages = (
        Message(role="system", content=prompt),
        Message(role="user", content=item.question),
    )
    record = _blank(item, golds)
    try:
        reply = chat.reply(messages, _BARE_SCHEMA)
        record = replace(record, usage=reply.usage, kind="generated")
        sql = str(json.loads(reply.content).get("sql", ""))
        record = replace(record, sql=sql)
        table = assistant.run(sql).table
    except AssistantError as error:
        return _broke(record, error)
    return judged(record, item, table, golds)


def ask_ours(assistant: Assistant, chat: ChatModel, item: Item, golds: Sequence[Marked]) -> Record:
    """Ask the assistant as a user does."""
    record = _blank(item, golds)
    try:
        answer = assistant.ask(item.question)
    except AssistantError as error:
        return _broke(record, error)
    record = replace(record, usage=answer.usage, kind=answer.kind, sql=answer.sql, text=answer.text)
    if answer.kind == "refused" and answer.error is None:
        return replace(record, outcome="refused wrongly", why=answer.text)
    if answer.kind == "clarify":
        return replace(record, outcome="clarified wrongly", why=answer.text)
    if answer.error is not None:
        return _broke(record, answer.error)
    return judged(record, item, answer.table, golds)


def judged(record: Record, item: Item, table: "pa.Table | None", golds: Sequence[Marked]) -> Record:
    """Judge rows against the gold results."""
    if table is None:
        return replace(record, why="an answer without rows")
    found = best_match(table, golds, order_matters=item.order_matters)
    outcome: Outcome = "right" if found.is_equal else "wrong"
    return replace(record, outcome=outcome, why=found.why, answer=Rows.of(table))


def schema_text(catalogue: "Catalogue") -> str:
    """Return every table and column with its type, one table a line."""
    return "\n".join(
        f"{table.full_name}({', '.join(f'{each.name} {each.data_type}' for each in table.columns)})"
        for table in catalogue.tables
    )


def _blank(item: Item, golds: Sequence[Marked]) -> Record:
    return Record(
        case=item.id,
        question=item.question,
        tags=item.tags,
        expect=("answer",),
        outcome="error",
        why="",
        golds=tuple(Rows.of(gold.table) for gold in golds),
    )


def _broke(record: Record, error: Exception) -> Record:
    rule = error.rule if isinstance(error, QueryRejected) else None
    failure = Failure(type=type(error).__name__, message=str(error), rule=rule)
    return replace(record, outcome="error", why=f"{failure.type}: {error}", error=failure)
