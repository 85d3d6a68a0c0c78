"""Errors -> exit code and one sentence: the only place that knows what a failure is worth."""

import json
import sys
import tempfile
import traceback

from typer import Abort
from typer.exceptions import TyperException

INTERRUPTED = 130


def report(error: BaseException, *, as_json: bool) -> int:
    """Tell the error, as JSON on stdout or as a sentence on stderr, and return the exit code."""
    exit_code, code, message = describe(error)
    if as_json:
        print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    else:
        print(f"Error: {message}", file=sys.stderr)
    return exit_code


def describe(error: BaseException) -> tuple[int, str, str]:
    """Return exit code, code and sentence."""
    if isinstance(error, KeyboardInterrupt | Abort):
        return INTERRUPTED, "interrupted", "Interrupted."
    if isinstance(error, TyperException):
        return error.exit_code, "usage", error.format_message()
    known = _of_assistant(error) or _of_catalogue(error)
    if known is not None:
        return *known, str(error)
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return 3, "system", f"{error.strerror or type(error).__name__}{where}."
    return 1, "internal", _internal(error)


def _of_assistant(error: BaseException) -> tuple[int, str] | None:
    from assistant.errors import AssistantError

    return (error.exit_code, error.code) if isinstance(error, AssistantError) else None


def _of_catalogue(error: BaseException) -> tuple[int, str] | None:
    from catalogue import errors
    from catalogue.demo.errors import DemoBuildFailed

    if not isinstance(error, errors.CatalogueError):
        return None
    if isinstance(
        error, errors.AccessError | errors.BadConvention | errors.BadDecision | errors.BadPolicy
    ):
        return 2, error.code
    out_of_reach = (
        errors.BadFile | errors.WarehouseUnavailable | errors.IndexUnavailable | DemoBuildFailed
    )
    return (3 if isinstance(error, out_of_reach) else 1), error.code


def _internal(error: BaseException) -> str:
    """Keep the traceback in a file: it may quote data, and a sentence must not."""
    try:
        handle, log = tempfile.mkstemp(prefix="assistant-", suffix=".log")
        with open(handle, "w", encoding="utf-8") as file:
            traceback.print_exception(error, file=file)
    except OSError:
        return f"Something broke inside ({type(error).__name__}); no traceback could be kept."
    return f"Something broke inside ({type(error).__name__}). The traceback is in {log}."
