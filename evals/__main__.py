"""`python -m evals`: thin; parses, calls one function, prints."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from assistant.errors import AssistantError
from catalogue.errors import CatalogueError
from evals.budget import Budget
from evals.configuration import Configuration, Mode, read_configurations
from evals.errors import EvalError
from evals.gate import BASELINES, accept, gate
from evals.record import DANGEROUS, Record, count_outcomes
from evals.report.terminal import print_report, verdict
from evals.session import Progress as Tick
from evals.session import Wish, run_wish
from evals.store import read_run
from evals.suite import find_suite
from evals.summary import Summary

RUNS = Path(".assistant/runs")
INTERRUPTED = 130

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)

Suites = Annotated[
    list[str], typer.Argument(help="Files of suites, or names of shipped ones.", metavar="SUITE…")
]
Platform = Annotated[Path | None, typer.Option(help="Default: what the suite names.")]
Out = Annotated[
    Path | None,
    typer.Option(help="Where the run is kept; one that was cut short goes on there."),
]
Tag = Annotated[str | None, typer.Option(help="Only the cases of this tag.")]
ModelName = Annotated[str | None, typer.Option("--model", help="In place of the platform's own.")]
BaseUrl = Annotated[str | None, typer.Option(help="Where the model is served.")]
Timeout = Annotated[float, typer.Option(help="Seconds for one reply of the model.")]
Cassette = Annotated[Path | None, typer.Option(help="Default: the one beside the suite.")]
Parallel = Annotated[int, typer.Option(min=1, help="Questions under way at once.")]
Repeats = Annotated[int, typer.Option(min=1, help="Times that every case is asked.")]
MaxCalls = Annotated[int | None, typer.Option(min=1, help="Stop after so many model calls.")]
MaxTokens = Annotated[int | None, typer.Option(min=1, help="Stop after so many tokens.")]
MaxDollars = Annotated[float | None, typer.Option(min=0, help="Stop after so many dollars.")]
MaxMinutes = Annotated[float | None, typer.Option(min=0, help="Stop after so many minutes.")]
RunDirectory = Annotated[Path, typer.Argument(help="The directory of a run.")]


@app.callback()
def _commands() -> None:
    """Measure the assistant."""


@app.command("run")
def run_suites(
    suites: Suites,
    platform: Platform = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write records here.")] = None,
    tag: Tag = None,
    out: Out = None,
    replay: Annotated[bool, typer.Option("--replay", help="Recorded replies only.")] = False,
    cassette: Cassette = None,
    configurations: Annotated[
        Path | None, typer.Option(help="A YAML list of configurations to compare.")
    ] = None,
    model: ModelName = None,
    base_url: BaseUrl = None,
    timeout: Timeout = 60,
    repeats: Repeats = 1,
    parallel: Parallel = 1,
    max_calls: MaxCalls = None,
    max_tokens: MaxTokens = None,
    max_dollars: MaxDollars = None,
    max_minutes: MaxMinutes = None,
) -> None:
    """Ask every case of the suites. Exit code 1 where an answer is wrong or broke."""
    with _told():
        one = Configuration(model=model, base_url=base_url, timeout_s=timeout)
        wish = Wish(
            suites=tuple(find_suite(each) for each in suites),
            platform=platform,
            tag=tag,
            configurations=read_configurations(configurations) if configurations else (one,),
            mode="replay" if replay else "live",
            cassette=cassette,
            repeats=repeats,
            workers=parallel,
            budget=Budget(
                calls=max_calls, tokens=max_tokens, dollars=max_dollars, minutes=max_minutes
            ),
        )
        _run(wish, out, json_file)


@app.command("record")
def record_suite(
    suite: Annotated[str, typer.Argument(help="The file of a suite, or the name of one.")],
    model: Annotated[str, typer.Option(help="The model to record, as provider:model.")],
    base_url: BaseUrl = None,
    platform: Platform = None,
    tag: Tag = None,
    out: Out = None,
    cassette: Cassette = None,
    timeout: Timeout = 300,
    max_minutes: MaxMinutes = None,
) -> None:
    """Ask a suite of a model and keep its replies; what is recorded is not asked again."""
    with _told():
        wish = Wish(
            suites=(find_suite(suite),),
            platform=platform,
            tag=tag,
            configurations=(Configuration(model=model, base_url=base_url, timeout_s=timeout),),
            mode="record",
            cassette=cassette,
            budget=Budget(minutes=max_minutes),
        )
        _run(wish, out, None)


@app.command("gate")
def hold_run(
    run: RunDirectory,
    baselines: Annotated[Path, typer.Option(help="Where baselines are kept.")] = BASELINES,
    accept_run: Annotated[
        bool, typer.Option("--accept", help="Make this run the baseline.")
    ] = False,
) -> None:
    """Exit code 1 where a case that was right is not, or one is wrong that was not."""
    with _told():
        summary = read_run(run).summary
        if accept_run:
            for path in accept(summary, baselines):
                print(f"Wrote {path}.")
            return
        judgements = gate(summary, baselines)
    for each in judgements:
        name = f"{each.slice.suite} ({each.slice.configuration})"
        print(f"{name}: {'passes' if each.passes else 'fails'}")
        for line in each.failures:
            print(f"  worse   {line}")
        for line in each.notes:
            print(f"  better  {line}")
    raise typer.Exit(0 if all(each.passes for each in judgements) else 1)


def _run(wish: Wish, out: Path | None, json_file: Path | None) -> None:
    place = out or _new_place(wish.mode)
    try:
        with _progress() as tick:
            summary, records = run_wish(wish, place, tick)
    except KeyboardInterrupt:
        print(f"Interrupted. `--out {place}` goes on from here.", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        print(f"What was asked is kept; `--out {place}` goes on from here.", file=sys.stderr)
        raise _stop(error, 3) from error
    if json_file:
        content = [record.to_dict() for record in records]
        json_file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    _say(summary, records, place)
    counts = count_outcomes(records)
    is_bad = summary.missing or any(counts[outcome] for outcome in DANGEROUS)
    raise typer.Exit(1 if is_bad else 0)


def _say(summary: Summary, records: list[Record], place: Path) -> None:
    print_report(records, Console())
    print(f"\n{verdict(records)}")
    print(f"Kept in {place}.", file=sys.stderr)
    if summary.stopped:
        left = f"{summary.missing} questions were not asked"
        print(f"{summary.stopped} {left}; `--out {place}` goes on.", file=sys.stderr)


@contextmanager
def _progress() -> Iterator[Tick]:
    """Show a bar from the first record on: what fails before it is said alone."""
    bar = Progress(console=Console(stderr=True))
    task = bar.add_task("asking", total=None)

    def tick(record: Record, total: int) -> None:
        bar.start()
        bar.update(task, total=total, advance=1, description=record.suite)

    try:
        yield tick
    finally:
        if bar.live.is_started:
            bar.stop()


def _new_place(mode: Mode) -> Path:
    return RUNS / f"{datetime.now():%Y%m%d-%H%M%S-%f}-{mode}"


@contextmanager
def _told() -> Iterator[None]:
    """Say an error in one sentence, with its exit code."""
    try:
        yield
    except EvalError as error:
        raise _stop(error, 2) from error
    except AssistantError as error:
        raise _stop(error, error.exit_code) from error
    except (CatalogueError, OSError) as error:
        raise _stop(error, 3) from error


def _stop(error: Exception, code: int) -> typer.Exit:
    print(f"Error: {error}", file=sys.stderr)
    return typer.Exit(code)


if __name__ == "__main__":
    app()
