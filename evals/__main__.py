"""`python -m evals`: thin; parses, calls one function, prints."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from assistant.errors import AssistantError
from assistant.settings import Settings
from catalogue.errors import CatalogueError
from evals.case import Suite
from evals.errors import BadSuite, EvalError
from evals.gold import GoldResults
from evals.record import DANGEROUS, Record, count_outcomes
from evals.report.terminal import print_report, verdict
from evals.run import run
from evals.suite import find_suite, load_suite

DEMO = Path(".assistant/demo")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@app.callback()
def _commands() -> None:
    """Measure the assistant."""


@app.command("run")
def run_suite(
    suite: Annotated[str, typer.Argument(help="A suite's file, or the name of a shipped one.")],
    platform: Annotated[Path | None, typer.Option(help="Default: what the suite names.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write records here.")] = None,
    tag: Annotated[str | None, typer.Option(help="Only the cases of this tag.")] = None,
) -> None:
    """Ask every case of a suite. Exit code 1 where an answer is wrong or broke."""
    try:
        records = _records(find_suite(suite), platform, tag)
    except EvalError as error:
        raise _stop(error, 2) from error
    except AssistantError as error:
        raise _stop(error, error.exit_code) from error
    except (CatalogueError, OSError) as error:
        raise _stop(error, 3) from error
    if json_file:
        content = [record.to_dict() for record in records]
        json_file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    print_report(records, Console())
    print(f"\n{verdict(records)}")
    counts = count_outcomes(records)
    raise typer.Exit(1 if any(counts[outcome] for outcome in DANGEROUS) else 0)


def _records(path: Path, platform: Path | None, tag: str | None) -> list[Record]:
    from assistant import Assistant

    suite = _chosen(path, load_suite(path), tag)
    place = platform or (DEMO if suite.platform == "demo" else path.parent / suite.platform)
    settings = Settings.open(place)
    if suite.as_of and settings.as_of != suite.as_of:
        problem = f"asks as of {suite.as_of}, the platform's clock stands at {settings.as_of}."
        raise BadSuite(path, problem)
    with GoldResults(settings) as gold, Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(suite.suite, total=len(suite.cases))
        return run(
            suite, Assistant.open(place), gold.of_case, progress=lambda _: progress.advance(task)
        )


def _chosen(path: Path, suite: Suite, tag: str | None) -> Suite:
    if tag is None:
        return suite
    tags = sorted({each for case in suite.cases for each in case.tags})
    if tag not in tags:
        raise BadSuite(path, f"no case has the tag {tag!r}. Tags: {', '.join(tags)}.")
    return suite.tagged(tag)


def _stop(error: Exception, code: int) -> typer.Exit:
    print(f"Error: {error}", file=sys.stderr)
    return typer.Exit(code)


if __name__ == "__main__":
    app()
