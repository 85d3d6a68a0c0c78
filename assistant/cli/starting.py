"""`init` and `doctor`: from a newcomer's data to a platform, and what is in its way."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import AsJson, note, platform_path

if TYPE_CHECKING:
    from assistant.doctor import Report

_MARKS = {"ok": "✓", "warning": "△", "blocks": "✕"}


def init(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE",
            help="A DuckDB file, a folder of Parquet, CSV or JSON files, or a dbt project.",
        ),
    ],
    directory: Annotated[
        Path, typer.Option("--dir", help="Where to write platform.toml.", file_okay=False)
    ] = Path(),
) -> int:
    """Write a platform.toml for data you have; nothing else, and never over another."""
    from assistant.new_platform import write_platform

    file, found = write_platform(source, directory, os.environ)
    for text in found.notes:
        note(text)
    typer.echo(str(file))
    where = "" if directory == Path() else f" --platform {directory}"
    note(f"Next: `assistant{where} doctor` says what can be answered and what would help.")
    return 0


def doctor(context: typer.Context, as_json: AsJson = False) -> int:
    """Say what is wrong, what can be answered today, and the three fixes worth most."""
    from assistant.cli.progress import steps
    from assistant.cli.tables import print_json
    from assistant.doctor import examine

    path = platform_path(context)
    with steps("Looking the platform over") as show:
        report = examine(path, os.environ, progress=show)
    if as_json:
        print_json(report.to_dict())
    else:
        _print_report(report)
    return 0 if report.is_fine else 1


def _print_report(report: "Report") -> None:
    for check in report.checks:
        typer.echo(f"{_MARKS[check.status]} {check.name}: {check.said}")
    _print_part("What can be answered today", report.ability.can)
    _print_part("For example", report.ability.examples)
    _print_part("What is in the way of more", report.ability.blocks)
    if report.fixes:
        typer.echo("\nThe fixes worth most")
    for number, fix in enumerate(report.fixes, start=1):
        typer.echo(f"  {number}. {fix.gain}\n     {fix.step}")
    if report.ability.filters:
        typer.echo(f"\nProposed for platform.toml\n\n{report.ability.filters}", nl=False)


def _print_part(title: str, lines: Sequence[str]) -> None:
    if lines:
        typer.echo(f"\n{title}")
    for line in lines:
        typer.echo(f"  - {line}")
