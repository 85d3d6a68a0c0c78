"""`demo`, `build`, `serve`: making a platform ready and opening the web app on it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import Shared, note, platform_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.settings import Settings
    from catalogue.readers.files.notes import Note

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port of the web app.")]
DEFAULT_PORT = 8501
MOST_NOTES = 20
"""Notes on single files that a build prints."""


def demo(
    context: typer.Context,
    directory: Annotated[
        Path, typer.Option("--dir", help="Where the demo platform lives.", file_okay=False)
    ] = Path(".assistant/demo"),
    serve_it: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Open the web app afterwards.")
    ] = True,
    port: Port = DEFAULT_PORT,
) -> int:
    """Build the NYC flights demo and open it."""
    from assistant.cli.progress import steps
    from assistant.settings import Settings
    from catalogue.demo.build import build_demo

    with steps("Building the demo platform") as show:
        build_demo(directory, progress=show)
    build_and_describe(Settings.open(directory))
    if not serve_it:
        typer.echo(str(directory))
        return 0
    return serve(_about(context, directory), port=port, any_role=True)


def build(context: typer.Context) -> int:
    """Read all sources anew and index them."""
    from assistant.settings import Settings

    typer.echo(build_and_describe(Settings.open(platform_path(context))))
    return 0


def build_and_describe(settings: "Settings") -> str:
    """Build the catalogue of a platform and return what it holds, in words."""
    from assistant.cli.progress import steps
    from catalogue.builder import build as build_catalogue
    from catalogue.suspects import suspects

    with steps(f"Building the catalogue of {settings.name}") as show:
        built = build_catalogue(settings.sources(), progress=show)
    _tell_notes(settings.sources().origin.notes(built.snapshot))
    catalogue = built.catalogue
    declared = sum(metric.governed for metric in catalogue.metrics)
    inferred = len(catalogue.metrics) - declared
    more = f", {inferred:,} more inferred" if inferred else ""
    tables = f"{len(catalogue.tables):,} table{'' if len(catalogue.tables) == 1 else 's'}"
    metrics = f"{declared:,} metric{'' if declared == 1 else 's'}"
    told = f"{settings.name}: {tables}, {metrics}{more}."
    hidden = len(suspects(catalogue))
    if hidden:
        columns = "1 column looks" if hidden == 1 else f"{hidden:,} columns look"
        note(f"{columns} personal and stay hidden: `assistant catalogue classify` lists them.")
    return told


def _tell_notes(notes: "Sequence[Note]") -> None:
    """Say what an import of files left out or bent, the gravest first."""
    for each in sorted(notes, key=lambda each: each.kind != "left out")[:MOST_NOTES]:
        note(each.text)
    if len(notes) > MOST_NOTES:
        note(f"And {len(notes) - MOST_NOTES:,} more of the kind.")


def serve(
    context: typer.Context,
    port: Port = DEFAULT_PORT,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    any_role: Annotated[
        bool, typer.Option("--any-role", help="On loopback only: let the page choose any role.")
    ] = False,
) -> int:
    """Serve the web app."""
    from assistant.cli.server import run_server
    from assistant.settings import Settings

    path = platform_path(context)
    return run_server(Settings.open(path), path, host=host, port=port, any_role=any_role, say=note)


def _about(context: typer.Context, platform: Path) -> typer.Context:
    context.obj = Shared(platform=platform)
    return context
