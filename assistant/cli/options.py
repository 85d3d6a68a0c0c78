"""Options that commands share, and the platform they open."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.assistant import Assistant

User = Annotated[str | None, typer.Option(help="Who asks, as the policy knows them.")]
Role = Annotated[str | None, typer.Option(help="The role to ask in; default: the policy's.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Question = Annotated[str, typer.Argument(metavar="QUESTION", help="Plain words, or - for stdin.")]
Sql = Annotated[str, typer.Argument(metavar="SQL", help="One SELECT, or - for stdin.")]


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What was said before the command's name."""

    platform: Path | None = None


def note(text: str) -> None:
    """Say something that is not the result."""
    typer.echo(text, err=True)


def platform_path(context: typer.Context) -> Path:
    """Find the platform this command is about."""
    from assistant.settings import find_platform

    shared: Shared = context.obj
    return find_platform(shared.platform, say=note)


def open_assistant(context: typer.Context) -> "Assistant":
    """Open the platform this command is about."""
    from assistant.assistant import Assistant

    assistant = Assistant.open(platform_path(context))
    # A platform that was never built is built by its first question; that takes a while.
    assistant.parts.progress = note
    return assistant


def argument_or_stdin(text: str) -> str:
    """Return the argument, or all of stdin where it is a lone dash."""
    if text != "-":
        return text
    from assistant.errors import BadQuestion

    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadQuestion("What stands on stdin is not UTF-8 text.") from error
