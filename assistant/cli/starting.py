"""`init`: from a newcomer's data to a platform.toml."""

import os
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.options import note


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
    note(f"Next: `assistant{where} build`, then `assistant{where} ask` a question.")
    return 0
