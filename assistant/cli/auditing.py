"""`audit`: the record of who asked what, for those who hold the platform's files."""

import csv
import getpass
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.options import AsJson, note, platform_path

if TYPE_CHECKING:
    from assistant.audit import AuditEntry, AuditLog
    from assistant.erasure import Removed
    from assistant.settings import Settings

app = typer.Typer(
    help="Export, check, shorten and erase the record of who asked what.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Since = Annotated[str | None, typer.Option(help="From this day or moment on, ISO 8601, UTC.")]
Until = Annotated[str | None, typer.Option(help="Up to this day or moment, ISO 8601, UTC.")]
Cassettes = Annotated[
    list[Path] | None,
    typer.Option("--cassette", help="Recorded replies too: a file or a directory; repeatable."),
]
Do = Annotated[bool, typer.Option("--yes", help="Do it; without it, say what would be removed.")]
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


@app.command()
def erase(
    context: typer.Context,
    user: Annotated[str | None, typer.Option(help="Everything this user asked.")] = None,
    value: Annotated[str | None, typer.Option(help="Everything that holds this value.")] = None,
    cassette: Cassettes = None,
    do: Do = False,
    as_json: AsJson = False,
) -> int:
    """Erase a user's questions, or whatever holds a value, wherever it is kept."""
    from assistant.erasure import Places
    from assistant.erasure import erase as erase_everywhere
    from assistant.subject import Subject

    places = Places(state=_settings(context).state, cassettes=cassette or ())
    subject = Subject(user=user, value=value)
    removed = erase_everywhere(places, subject, by=getpass.getuser(), do=do)
    if value is not None:
        note("The warehouse itself is not touched: what it holds comes back with the next build.")
    return _tell(removed, do=do, as_json=as_json)


@app.command("expire")
def expire_(
    context: typer.Context,
    cassette: Cassettes = None,
    do: Do = False,
    as_json: AsJson = False,
) -> int:
    """Remove what is older than [retention] in platform.toml keeps it."""
    from assistant.erasure import expire

    settings = _settings(context)
    kept = settings.retention
    removed = expire(
        settings.state,
        journal_days=kept.journal_days,
        audit_days=kept.audit_days,
        cassettes=cassette or (),
        by=getpass.getuser(),
        do=do,
    )
    return _tell(removed, do=do, as_json=as_json)


def _tell(removed: "list[Removed]", *, do: bool, as_json: bool) -> int:
    from assistant.cli.tables import print_json, print_records

    if as_json:
        print_json({"dry_run": not do, "removed": [vars(each) for each in removed]})
    else:
        rows = [[each.where, each.what, each.count] for each in removed]
        print_records(["where", "what", "removed" if do else "would be removed"], rows)
    if not do:
        note("Nothing was changed. --yes does it.")
    return 0


def _settings(context: typer.Context) -> "Settings":
    from assistant.settings import Settings

    return Settings.open(platform_path(context))


def open_log(context: typer.Context) -> "AuditLog":
    """Open the audit log of the platform this command is about."""
    from assistant.audit import AuditLog

    return AuditLog.at(_settings(context).state)


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
