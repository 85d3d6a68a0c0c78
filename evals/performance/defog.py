"""Defog's set asked live in two configurations, recorded, replayed, and compared with itself.

Goes on where it was cut short; what is asked is not asked again.

    python -m evals.performance.defog --data DIR --model-url http://127.0.0.1:8094/v1 [--only ours]
    python -m evals.performance.defog --data DIR                  # replay only, nothing is asked
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import get_args

from assistant.answer import Usage
from assistant.drafting.chat import LangChainChat
from assistant.drafting.recording import Cassette, RecordingChat, ReplayingChat
from assistant.json_lines import JsonLines
from assistant.ports import ChatModel
from evals.benchmarks.asking import Way, ask_all, platforms
from evals.benchmarks.benchmark import Benchmark
from evals.benchmarks.defog import read_defog
from evals.errors import BadRun, EvalError
from evals.record import Record, count_outcomes

WAYS: tuple[Way, ...] = get_args(Way)
TARGET = 20.0
"""Times faster than live that a replay is to be."""
_MODEL = "openai:qwen2.5-coder-1.5b"


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask live where a model is given, then replay; exit code 1 where the verdicts differ."""
    options = _options(arguments)
    ways: tuple[Way, ...] = (options.only,) if options.only else WAYS
    try:
        benchmark = read_defog(options.data, name="defog_basic")
        print(benchmark)
        if options.limit:
            benchmark = replace(benchmark, items=benchmark.items[: options.limit])
        with platforms(benchmark) as opened:
            for way in ways if options.model_url else ():
                chat = LangChainChat(
                    options.model, options.model_url, timeout_s=options.timeout, retries=0
                )
                with closing(chat) as model:
                    ask_live(benchmark, opened, way, model, options.out)
            same = [replayed(benchmark, opened, way, options.out) for way in ways]
    except EvalError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 2
    return 0 if all(same) else 1


def ask_live(benchmark: Benchmark, opened: Path, way: Way, model: ChatModel, out: Path) -> None:
    """Ask what has no result yet and write each result down at once, so that a kill loses none.

    Raises BadRun where the model is out of reach: such a question is asked again next time.
    """
    chat = RecordingChat(model=model, cassette=Cassette(out / f"{way}.jsonl"))
    results = _results(out, way)
    done = {each.case for each in _records(results)}
    left = tuple(item for item in benchmark.items if item.id not in done)
    for record in ask_all(replace(benchmark, items=left), opened, way, chat):
        if record.error and record.error.type == "ModelUnreachable":
            raise BadRun(f"{record.error.message} What was asked is kept; run it again to go on.")
        results.append(record.to_dict())


def replayed(benchmark: Benchmark, opened: Path, way: Way, out: Path) -> bool:
    """Ask again from the recording; print the speed-up and return whether the verdicts agree."""
    live = {each.case: each for each in _records(_results(out, way))}
    asked = tuple(item for item in benchmark.items if item.id in live)
    if not asked:
        print(f"\n{way}: nothing is recorded in {out}; --model-url and --only {way} ask it.")
        return True
    cassette = Cassette(out / f"{way}.jsonl")
    name = cassette.models[0] if cassette.models else _MODEL
    chat = ReplayingChat(name=name, cassette=cassette)
    print(f"\n{way}: {len(asked)} of {len(benchmark.items)} questions were asked live")
    records = list(ask_all(replace(benchmark, items=asked), opened, way, chat))
    show("  live", [live[item.id] for item in asked])
    show("  replayed", records)
    differing = [each for each in records if verdict(each) != verdict(live[each.case])]
    before = sum(live[each.case].ms for each in records)
    after = sum(each.ms for each in records)
    print(f"  identical verdicts: {len(records) - len(differing)} of {len(records)}")
    print(f"  replay is {before / after:.0f} times faster (target {TARGET:.0f})")
    for each in differing:
        was = live[each.case]
        print(f"  {each.case}: was {was.outcome} ({was.why}), is {each.outcome} ({each.why})")
    return not differing


def verdict(record: Record) -> tuple[object, ...]:
    """Return what a replay must give again; an error by its kind, whose words may be mended."""
    error = record.error
    why = (error.type, error.rule) if error else record.why
    return (record.outcome, why, record.sql, record.usage.output_tokens)


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


def _results(out: Path, way: Way) -> JsonLines:
    return JsonLines(out / f"{way}.results.jsonl")


def _records(results: JsonLines) -> list[Record]:
    try:
        return [Record.from_dict(line) for line in results.read()]
    except ValueError as error:
        raise BadRun(f"{results.path} holds no results of this script: {error}.") from error


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="Folder in Defog's layout.")
    parser.add_argument("--model-url", help="OpenAI-compatible server; absent: replay only.")
    parser.add_argument("--model", default=_MODEL)
    parser.add_argument("--timeout", type=float, default=600, help="Seconds for one reply.")
    parser.add_argument("--only", choices=WAYS, help="One configuration alone.")
    parser.add_argument("--out", type=Path, default=Path("evals/cassettes/defog"))
    parser.add_argument("--limit", type=int, default=0, help="Only the first questions.")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
