"""Erasure and retention: what of a person, a value or a time is kept where, and its removal.

Covers the journal with its receipts and answers, the audit log, what is derived from the warehouse
(search index, snapshots, messages of checks) and cassettes given by path. Every removal is an entry
of the audit log, which keeps that an entry was there and no longer what it said.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.audit import Action, AuditLog, Record
from assistant.cassettes import Cut, cassettes_in, cut_cassette
from assistant.journal_tables import Tables, connect
from assistant.subject import Subject
from catalogue.evidence import forget_messages
from catalogue.model import Table

RETITLED = "Erased"


@dataclass(frozen=True, kw_only=True)
class Removed:
    """How much was, or would be, removed in one place."""

    where: str
    what: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where things are kept."""

    state: Path
    cassettes: Sequence[Path] = ()
    """Files, or directories of them."""


@dataclass(kw_only=True)
class _Found:
    """What a subject's removal takes from the journal."""

    questions: list[str] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    """The questions as they were asked, by which cassettes are searched."""
    listed: list[tuple[str, str, str]] = field(default_factory=list)
    retitled: list[tuple[str, str, str]] = field(default_factory=list)


def erase(
    places: Places, subject: Subject, *, by: str, do: bool, action: Action = "erase"
) -> list[Removed]:
    """Return what the removal takes in each place; `do` removes it. `by` is who ordered it."""
    url = f"sqlite:///{places.state / 'journal.sqlite'}"
    places.state.mkdir(parents=True, exist_ok=True)
    tables, log = connect(url), AuditLog(url)
    try:
        found = _in_journal(tables, subject)
        entries, asked = _in_audit(log, subject)
        cuts = _in_cassettes(places, subject, found.texts | asked)
        caches = list(_caches(places.state, subject))
        record = places.state / "evidence.sqlite"
        said = forget_messages(record, subject.is_in, do=do) if record.exists() else 0
        if do:
            _remove_from_journal(tables, found)
            for cache in caches:
                _remove(cache)
            for path in cuts:
                cut_cassette(path, _cut_of(subject, found.texts | asked), do=True)
            log.clear(entries, Record(action=action, user=by, decision="done", rows=len(entries)))
            _settle(tables)
    finally:
        log.close()
        tables.engine.dispose()
    return [
        *_told(found, entries, said),
        *(_one(each.relative_to(places.state), "copies of the warehouse") for each in caches),
        *(_one(path, "recorded replies", count) for path, count in cuts.items()),
    ]


def expire(
    state: Path,
    *,
    journal_days: int | None,
    audit_days: int | None,
    by: str,
    do: bool,
    cassettes: Sequence[Path] = (),
) -> list[Removed]:
    """Remove what is older than the days it is kept; None keeps it for good.

    Cassettes are kept as long as the journal.
    """
    now = datetime.now(UTC)
    removed: list[Removed] = []
    if journal_days is not None:
        old = Subject(before=now - timedelta(days=journal_days), part="journal")
        removed += _expired(Places(state=state, cassettes=cassettes), old, by=by, do=do)
    if audit_days is not None:
        old = Subject(before=now - timedelta(days=audit_days), part="audit")
        removed += _expired(Places(state=state), old, by=by, do=do)
    return removed


def _expired(places: Places, subject: Subject, *, by: str, do: bool) -> list[Removed]:
    """An entry a day that says nothing expired would tell nothing: only a removal leaves one."""
    found = [each for each in erase(places, subject, by=by, do=False) if each.count]
    return erase(places, subject, by=by, do=True, action="expire") if do and found else found


def _in_journal(tables: Tables, subject: Subject) -> _Found:
    found = _Found()
    if subject.part == "audit":
        return found
    remaining: set[str] = set()
    for row in _rows(tables, tables.questions):
        if subject.takes_question(row):
            found.questions.append(row["id"])
            found.texts.add(row["question"])
        else:
            remaining.add(row["conversation"])
    for row in _rows(tables, tables.conversations):
        key = (row["id"], row["user"], row["role"])
        if subject.takes_conversation(row) or (found.questions and row["id"] not in remaining):
            found.listed.append(key)
        elif subject.is_in(row["title"] or ""):
            found.retitled.append(key)
    return found


def _rows(tables: Tables, table: Any) -> Iterator[dict[str, Any]]:
    with tables.engine.connect() as connection:
        rows = connection.execution_options(yield_per=200).execute(table.select())
        for row in rows.mappings():
            yield dict(row)


def _in_audit(log: AuditLog, subject: Subject) -> tuple[list[int], set[str]]:
    """Return the entries to clear, and the questions in them."""
    numbers: list[int] = []
    asked: set[str] = set()
    if subject.part == "journal":
        return numbers, asked
    for entry in log.entries(until=subject.before):
        record = entry.record
        if record is not None and subject.takes_record(record):
            numbers.append(entry.number)
            asked |= {record["question"]} if record["question"] else set()
    return numbers, asked


def _in_cassettes(places: Places, subject: Subject, questions: set[str]) -> dict[Path, int]:
    cut = _cut_of(subject, questions)
    paths = cassettes_in(places.cassettes)
    return {path: count for path in paths if (count := cut_cassette(path, cut, do=False))}


def _cut_of(subject: Subject, questions: set[str]) -> Cut:
    lines = frozenset(" ".join(each.split()) for each in questions) if subject.user else frozenset()
    return Cut(subject=subject, questions=lines)


def _caches(state: Path, subject: Subject) -> Iterator[Path]:
    """Yield what is derived from the warehouse and holds the value; it is made anew from there."""
    if subject.value is None:
        return
    for directory in sorted((state / "index").glob("*/")):
        texts = (each.read_text(encoding="utf-8") for each in directory.glob("*.json"))
        if any(subject.is_in_json(text) for text in texts):
            yield directory
    for snapshot in sorted((state / "snapshots").glob("*.duckdb")):
        if _database_holds(snapshot, subject):
            yield snapshot


def _database_holds(path: Path, subject: Subject) -> bool:
    """Look at every row as text; takes as long as reading the whole database."""
    from catalogue.readers.duckdb import DuckDBWarehouse

    with DuckDBWarehouse(path) as warehouse:
        return any(
            warehouse.query(_search_of(table, subject)).num_rows
            for table in warehouse.tables()
            if table.kind == "table"
        )


def _search_of(table: Table, subject: Subject) -> str:
    literal = subject.folded_value.replace("'", "''")
    # A text inside a list or a record is written with its quotes escaped.
    plain = r"regexp_replace(lower(replace(CAST({} AS VARCHAR), '\''', '''')), '\s+', ' ', 'g')"
    conditions = [
        f"contains({plain.format(_quoted(column.name))}, '{literal}')" for column in table.columns
    ]
    name = f"{_quoted(table.schema)}.{_quoted(table.name)}"
    return f"SELECT 1 AS x FROM {name} WHERE {' OR '.join(conditions)} LIMIT 1"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _remove(cache: Path) -> None:
    if cache.is_dir():
        shutil.rmtree(cache)
    else:
        cache.unlink(missing_ok=True)


def _remove_from_journal(tables: Tables, found: _Found) -> None:
    questions, listed = tables.questions, tables.conversations
    with tables.engine.begin() as connection:
        for each in found.questions:
            connection.execute(questions.delete().where(questions.c.id == each))
        for identity, user, role in (*found.listed, *found.retitled):
            row = (listed.c.id == identity) & (listed.c.user == user) & (listed.c.role == role)
            if (identity, user, role) in found.retitled:
                connection.execute(listed.update().where(row).values(title=RETITLED))
            else:
                connection.execute(listed.delete().where(row))


def _settle(tables: Tables) -> None:
    """Bring the file itself up to date: what was removed still stands in its write-ahead log."""
    if tables.engine.dialect.name == "sqlite":
        with tables.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _told(found: _Found, entries: Sequence[int], said: int) -> list[Removed]:
    return [
        _one("journal", "questions, answers, receipts", len(found.questions)),
        _one("journal", "conversations", len(found.listed)),
        _one("journal", "titles of conversations", len(found.retitled)),
        _one("audit log", "contents of entries", len(entries)),
        _one("record of checks", "messages", said),
    ]


def _one(where: Path | str, what: str, count: int = 1) -> Removed:
    return Removed(where=str(where), what=what, count=count)
