"""`audit`: the record of who asked what, for those who hold the platform's files."""

import csv
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.options import AsJson, platform_path

if TYPE_CHECKING:
    from assistant.audit import AuditEntry, AuditLog

app = typer.Typer(
    help="Export, check, shorten and erase the record of who asked what.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Since = Annotated[str | None, typer.Option(help="From this day or moment on, ISO 8601, UTC.")]
Until = Annotated[str | None, typer.Option(help="Up to this day or moment, ISO 8601, UTC.")]
_DAY = len("2026-11-01")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """How entries are written."""

    jsonl = "jsonl"
    csv = "csv"


@app.command()
def export(
    context: typer.Context,
    form: Annotated[Format, typer.Option("--format", help="One entry a line.")] = Format.jsonl,
    since: Since = None,
    until: Until = None,
    user: Annotated[str | None, typer.Option(help="Only what this user did.")] = None,
    as_json: AsJson = False,
) -> int:
    """Print the audit log, oldest entry first."""
    from assistant.cli.tables import print_json

    log = open_log(context)
    entries = log.entries(
        since=_moment(since, "--since"), until=_moment(until, "--until", end=True)
    )
    chosen = (_flat(each) for each in entries if user is None or _is_by(each, user))
    if as_json:
        print_json({"entries": list(chosen)})
    elif form is Format.csv:
        _print_csv(chosen)
    else:
        for entry in chosen:
            typer.echo(json.dumps(entry, ensure_ascii=False))
    log.close()
    return 0


@app.command()
def verify(
    context: typer.Context,
    head: Annotated[
        str | None, typer.Option(help="The head that an earlier check printed, kept elsewhere.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Walk the chain of entries and say whether one was changed, added or taken out."""
    from assistant.cli.tables import print_json

    log = open_log(context)
    found = log.verify(known_head=head)
    log.close()
    if as_json:
        print_json({**vars(found), "problems": list(found.problems), "holds": not found.problems})
    else:
        typer.echo(f"{found.entries} entries, {found.cleared} of them erased. Head: {found.head}")
        for problem in found.problems:
            typer.echo(problem)
    return 1 if found.problems else 0


def open_log(context: typer.Context) -> "AuditLog":
    """Open the audit log of the platform this command is about."""
    from assistant.audit import AuditLog
    from assistant.settings import Settings

    return AuditLog.at(Settings.open(platform_path(context)).state)


def _flat(entry: "AuditEntry") -> dict[str, Any]:
    from assistant.audit import FIELDS

    said = entry.record or {}
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "erased": entry.record is None,
        **{name: said.get(name) for name in FIELDS},
        "hash": entry.hash,
    }


def _is_by(entry: "AuditEntry", user: str) -> bool:
    return entry.record is not None and entry.record["user"] == user


def _print_csv(entries: Iterator[dict[str, Any]]) -> None:
    from assistant.audit import FIELDS

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["number", "at", "erased", *FIELDS, "hash"])
    for entry in entries:
        writer.writerow([_cell(value) for value in entry.values()])


def _cell(value: Any) -> Any:
    """Text as a spreadsheet shows it and never runs it; lists one item a line."""
    if isinstance(value, list):
        value = "\n".join(item if isinstance(item, str) else json.dumps(item) for item in value)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _moment(text: str | None, option: str, *, end: bool = False) -> datetime | None:
    """Read a day or a moment; the day that ends a range is in it."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{option} should be a day or moment such as 2026-11-01, not {text!r}."
        ) from error
    in_utc = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return in_utc + timedelta(days=1) if end and len(text) == _DAY else in_utc
