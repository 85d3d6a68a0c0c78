"""`report`, `compare` and `gate`: read runs that were made; nothing is asked."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from evals.cli.told import WRONG, told
from evals.compare import compare
from evals.gate import accept, gate
from evals.report.html import page
from evals.report.junit import junit_xml
from evals.report.markdown import comparison_markdown, run_markdown
from evals.report.terminal import console, print_comparison, print_report, verdict
from evals.store import read_configuration, read_run

BASELINES = Path("evals/baselines")

RunDirectory = Annotated[Path, typer.Argument(help="The directory of a run.")]
Configured = "The directory of a run; DIR:NAME for one of several configurations."
Markdown = Annotated[Path | None, typer.Option(help="Write Markdown here, for a step summary.")]
Html = Annotated[Path | None, typer.Option(help="Write one page here that opens from disk.")]


def report_run(
    run: RunDirectory,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML here.")] = None,
    markdown: Markdown = None,
    html: Html = None,
) -> None:
    """Print a run that was made, and write it in the forms asked for."""
    with told():
        found = read_run(run)
        print_report(found.records, console())
        print(f"\n{verdict(found.records)}")
        title = f"Evals: {', '.join(dict.fromkeys(each.suite for each in found.summary.slices))}"
        _write(junit, lambda: junit_xml(found.records))
        _write(markdown, lambda: run_markdown(found.records, title=title))
        _write(html, lambda: page({"": found.records}, title=title))


def compare_runs(
    before: Annotated[str, typer.Argument(help=Configured, metavar="A")],
    after: Annotated[str, typer.Argument(help=Configured, metavar="B")],
    markdown: Markdown = None,
    html: Html = None,
) -> None:
    """Compare B with A, case by case. Exit code 1 where B is shown to be worse."""
    with told():
        old, new = read_configuration(before).records, read_configuration(after).records
        found = compare(old, new)
        print_comparison(found, console())
        title = f"{before} and {after}"
        _write(markdown, lambda: comparison_markdown(found, title=title))
        names = (before, after) if before != after else (f"{before} (A)", f"{after} (B)")
        _write(html, lambda: page(dict(zip(names, (old, new), strict=True)), title=title))
    is_worse = found.paired.is_different and found.paired.difference < 0
    raise typer.Exit(WRONG if is_worse else 0)


def hold_run(
    run: RunDirectory,
    baselines: Annotated[Path, typer.Option(help="Where baselines are kept.")] = BASELINES,
    accept_run: Annotated[
        bool, typer.Option("--accept", help="Make this run the baseline.")
    ] = False,
) -> None:
    """Exit code 1 where a case that was right is not, or one is wrong that was not."""
    with told():
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
            print(f"  changed {line}")
    raise typer.Exit(0 if all(each.passes for each in judgements) else WRONG)


def _write(path: Path | None, content: Callable[[], str]) -> None:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content(), encoding="utf-8")
        print(f"Wrote {path}.", file=sys.stderr)
