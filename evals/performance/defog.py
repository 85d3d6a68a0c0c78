"""A public set asked live in two configurations, recorded, replayed, and compared with itself.

(a) bare: the whole schema in the prompt, one shot; SQL that the guard rejects or the engine cannot
run is an error, and nothing is fed back. (b) ours: the whole pipeline on the same bare files. Both
run in the same locked-down workers. Building a platform is not counted as answering.

    python -m evals.performance.defog --data DIR --model-url http://127.0.0.1:8094/v1 [--out DIR]
    python -m evals.performance.defog --data DIR --out DIR        # replay only, nothing is asked
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from assistant import Assistant
from assistant.answer import Usage
from assistant.drafting.chat import LangChainChat
from assistant.drafting.recording import Cassette, RecordingChat, ReplayingChat
from assistant.errors import AssistantError, QueryRejected
from assistant.ports import ChatModel, Message
from catalogue.builder import build
from evals.benchmarks.benchmark import Benchmark, Golds, Item
from evals.benchmarks.defog import read_defog
from evals.record import Failure, Outcome, Record, count_outcomes
from evals.rows import Rows
from evals.score.exec_match import best_match
from evals.score.marked import Marked

if TYPE_CHECKING:
    import pyarrow as pa

    from catalogue.catalogue import Catalogue

CONFIGURATIONS = ("bare", "ours")
TARGET = 20.0
"""Times faster than live that a replay is to be."""
_MODEL = "openai:qwen2.5-coder-1.5b"
# No question of the set depends on the day; a fixed one keeps prompts the same for a replay.
_SETTINGS = """[platform]
name = "{name}"
as_of = 2024-01-01
[warehouse]
engine = "duckdb"
path = "{name}.duckdb"
"""
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


def main() -> int:
    """Ask live where a model is given, then replay; exit code 1 where the verdicts differ."""
    options = _options()
    benchmark = read_defog(options.data, name="defog_basic")
    print(benchmark)
    if options.limit:
        benchmark = replace(benchmark, items=benchmark.items[: options.limit])
    with platforms(benchmark) as opened:
        if options.model_url:
            options.out.mkdir(parents=True, exist_ok=True)
            for name in CONFIGURATIONS:
                model = LangChainChat(options.model, options.model_url, timeout_s=180, retries=0)
                ask_live(benchmark, opened, name, model, options.out)
        same = [replayed(benchmark, opened, name, options.out) for name in CONFIGURATIONS]
    return 0 if all(same) else 1


def ask_live(benchmark: Benchmark, opened: Path, name: str, model: ChatModel, out: Path) -> None:
    """Ask what has no result yet and write each result down at once, so that a kill loses none."""
    chat = RecordingChat(model=model, cassette=Cassette(out / f"{name}.jsonl"))
    file = out / f"{name}.results.jsonl"
    done = {each.case for each in _read(file)} if file.exists() else set()
    left = tuple(item for item in benchmark.items if item.id not in done)
    with file.open("a", encoding="utf-8") as results:
        for record in ask_all(replace(benchmark, items=left), opened, name, chat):
            results.write(json.dumps(record.to_dict(), ensure_ascii=False) + "\n")
            results.flush()


def replayed(benchmark: Benchmark, opened: Path, name: str, out: Path) -> bool:
    """Ask again from the recording; print the speed-up and return whether the verdicts agree."""
    live = {each.case: each for each in _read(out / f"{name}.results.jsonl")}
    cassette = Cassette(out / f"{name}.jsonl")
    chat = ReplayingChat(name=cassette.models[0], cassette=cassette)
    asked = tuple(item for item in benchmark.items if item.id in live)
    print(f"\n{name}: {len(asked)} of {len(benchmark.items)} questions were asked live")
    records = list(ask_all(replace(benchmark, items=asked), opened, name, chat))
    show("  live", [live[item.id] for item in asked])
    show("  replayed", records)
    differing = [each.case for each in records if verdict(each) != verdict(live[each.case])]
    before = sum(live[each.case].ms for each in records)
    after = sum(each.ms for each in records)
    print(f"  identical verdicts: {len(records) - len(differing)} of {len(records)}")
    print(f"  replay is {before / after:.0f} times faster (target {TARGET:.0f})")
    for case in differing:
        print(f"  differs: {case}")
    return not differing


def verdict(record: Record) -> tuple[object, ...]:
    """Return what a replay must give again."""
    return (record.outcome, record.why, record.sql, record.answer, record.usage.output_tokens)


@contextmanager
def platforms(benchmark: Benchmark) -> Iterator[Path]:
    """Copy every database into a platform of its own and build it."""
    with tempfile.TemporaryDirectory(prefix="evals-defog-") as place:
        for name, source in benchmark.databases.items():
            home = Path(place) / name
            home.mkdir()
            shutil.copyfile(source, home / f"{name}.duckdb")
            (home / "platform.toml").write_text(_SETTINGS.format(name=name), encoding="utf-8")
            with Assistant.open(home) as assistant:
                build(assistant.parts.settings.sources())
        yield Path(place)


def ask_all(benchmark: Benchmark, opened: Path, name: str, chat: ChatModel) -> Iterator[Record]:
    """Ask every question in one configuration, database by database."""
    ask = ask_bare if name == "bare" else ask_ours
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
                print(f"  {name} {item.id}: {found.outcome} ({ms / 1000:.1f} s)", file=sys.stderr)
                yield replace(found, ms=ms, configuration=name)


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


def show(title: str, records: Sequence[Record]) -> None:
    """Print right, wrong, error, refused, tokens and seconds."""
    counts = count_outcomes(records)
    usage = sum((record.usage for record in records), Usage())
    seconds = sum(record.ms for record in records) / 1000
    print(
        f"{title}: {len(records)} questions: {counts['right']} right, {counts['wrong']} wrong, "
        f"{counts['error']} error, {counts['refused wrongly']} refused, "
        f"{counts['clarified wrongly']} asked back; {usage.calls} calls, "
        f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out; {seconds:.1f} s"
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
        suite="defog_basic",
    )


def _broke(record: Record, error: Exception) -> Record:
    rule = error.rule if isinstance(error, QueryRejected) else None
    failure = Failure(type=type(error).__name__, message=str(error), rule=rule)
    return replace(record, outcome="error", why=f"{failure.type}: {error}", error=failure)


def _read(path: Path) -> list[Record]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Record.from_dict(json.loads(line)) for line in lines]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="Folder in Defog's layout.")
    parser.add_argument("--model-url", help="OpenAI-compatible server; absent: replay only.")
    parser.add_argument("--model", default=_MODEL)
    parser.add_argument("--out", type=Path, default=Path("evals/cassettes/defog"))
    parser.add_argument("--limit", type=int, default=0, help="Only the first questions.")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
