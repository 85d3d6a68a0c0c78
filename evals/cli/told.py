"""Errors of a command as one sentence on stderr, with its exit code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from assistant.errors import AssistantError
from catalogue.errors import CatalogueError
from evals.errors import EvalError

WRONG = 1
USAGE = 2
OUT_OF_REACH = 3
INTERRUPTED = 130


@contextmanager
def told() -> Iterator[None]:
    """Say an error in one sentence, with its exit code."""
    try:
        yield
    except EvalError as error:
        raise stop(error, USAGE) from error
    except AssistantError as error:
        raise stop(error, error.exit_code) from error
    except (CatalogueError, OSError) as error:
        raise stop(error, OUT_OF_REACH) from error


def stop(error: Exception, code: int) -> typer.Exit:
    """Say the error and return what ends the command."""
    print(f"Error: {_sentence(error)}", file=sys.stderr)
    return typer.Exit(code)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}{f': {error.filename}' if error.filename else ''}."
    return str(error)
