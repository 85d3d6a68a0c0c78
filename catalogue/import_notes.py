"""What an import said of its files, as evidence: an answer that lacks a file's rows must say so."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from catalogue.catalogue import Catalogue
from catalogue.model import Check, CheckResult
from catalogue.readers.files.notes import Note


def with_notes(catalogue: Catalogue, notes: Sequence[Note], at: datetime) -> Catalogue:
    """Add a failed check to each table that lacks files; all other notes are conflicts.

    A note on a table that is not there is nobody's: no grant could be asked whether to show it.
    """
    held = [note for note in notes if note.table.lower() in catalogue.tables_by_name]
    lacking: dict[str, list[str]] = defaultdict(list)
    for note in held:
        if note.kind == "left out":
            lacking[note.table].append(note.text.partition(": ")[2].rstrip("."))
    checks = tuple(_check(table, texts) for table, texts in lacking.items())
    return replace(
        catalogue,
        checks=(*catalogue.checks, *checks),
        results=(
            *catalogue.results,
            *(CheckResult(check_id=check.id, status="fail", at=at) for check in checks),
        ),
        conflicts=(
            *catalogue.conflicts,
            *(note.text for note in held if note.kind != "left out"),
        ),
    )


def _check(table: str, texts: Sequence[str]) -> Check:
    return Check(
        id=f"files:{table}",
        name="all_files_read",
        kind="test",
        table=table,
        description="; ".join(texts),
    )
