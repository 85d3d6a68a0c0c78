"""The command line: parse, call one function, print. Nothing else is decided here.

Results go to stdout, all else to stderr. Heavy parts are imported inside the commands, so that
`assistant --help` stays cheap.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from assistant.cli import asking, auditing, browsing, classifying, drafting, platforms, starting
from assistant.cli.failures import INTERRUPTED, report
from assistant.cli.options import Shared

app = typer.Typer(
    name="assistant",
    help="Ask a data platform in plain words: the number, and why it can be believed.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def _shared(
    context: typer.Context,
    platform: Annotated[
        Path | None,
        typer.Option(
            help="A platform's directory or a .duckdb file. Otherwise ASSISTANT_PLATFORM, the "
            "nearest platform.toml upwards, or the demo in .assistant/demo.",
        ),
    ] = None,
) -> None:
    context.obj = Shared(platform=platform)


app.command()(platforms.demo)
app.command()(starting.init)
app.command()(starting.doctor)
app.command()(platforms.build)
app.command()(asking.ask)
app.command()(asking.sql)
app.command()(asking.check)
app.command()(asking.run)
app.command()(asking.search)
app.command()(asking.receipt)
browsing.app.command()(classifying.classify)
browsing.app.command()(drafting.draft)
browsing.app.command()(drafting.export)
app.add_typer(browsing.app, name="catalogue")
app.add_typer(auditing.app, name="audit")
app.command()(platforms.serve)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every failure becomes one sentence."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    try:
        exit_code = int(app(words, prog_name="assistant", standalone_mode=False) or 0)
    except (Exception, KeyboardInterrupt) as error:  # the boundary: recorded and told, never lost
        if isinstance(error, TyperException) and not as_json and hasattr(error, "show"):
            error.show()
            return error.exit_code
        return report(error, as_json=as_json)
    # Typer turns Ctrl-C into this exit code without a word.
    return report(KeyboardInterrupt(), as_json=as_json) if exit_code == INTERRUPTED else exit_code
