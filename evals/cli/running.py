"""`run` and `record`: ask suites and keep what came of them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from evals.budget import Budget
from evals.cli.told import INTERRUPTED, OUT_OF_REACH, WRONG, stop, told
from evals.configuration import Configuration, Mode, read_configurations
from evals.record import DANGEROUS, Record, count_outcomes
from evals.report.terminal import console, print_report, verdict
from evals.session import Progress as Tick
from evals.session import Wish, run_wish
from evals.suite import find_suite
from evals.summary import Summary

RUNS = Path(".assistant/runs")

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


def run_suites(
    suites: Suites,
    platform: Platform = None,
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
    with told():
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
        _run(wish, out)


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
    with told():
        wish = Wish(
            suites=(find_suite(suite),),
            platform=platform,
            tag=tag,
            configurations=(Configuration(model=model, base_url=base_url, timeout_s=timeout),),
            mode="record",
            cassette=cassette,
            budget=Budget(minutes=max_minutes),
        )
        _run(wish, out)


def _run(wish: Wish, out: Path | None) -> None:
    place = out or _new_place(wish.mode)
    try:
        with _progress() as tick:
            summary, records = run_wish(wish, place, tick)
    except KeyboardInterrupt:
        print(f"Interrupted. `--out {place}` goes on from here.", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        print(f"What was asked is kept; `--out {place}` goes on from here.", file=sys.stderr)
        raise stop(error, OUT_OF_REACH) from error
    _say(summary, records, place)
    counts = count_outcomes(records)
    is_bad = summary.missing or any(counts[outcome] for outcome in DANGEROUS)
    raise typer.Exit(WRONG if is_bad else 0)


def _say(summary: Summary, records: list[Record], place: Path) -> None:
    print_report(records, console())
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
