"""What an import has to say: files left out, files that differ, encodings that were guessed.

A note names files and columns, never what stands in them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

NAMED = 3
"""Files that one note names; the rest is a number."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """One thing that whoever relies on a table should know of its files."""

    kind: Literal["left out", "drift", "guess", "other"]
    table: str
    """Full name of the table that the files are part of; empty where they are of none."""
    text: str
    """A sentence that begins with the table."""


def left_out(table: str, reasons: Iterable[tuple[str, str]]) -> list[Note]:
    """Name the files that could not be read, those with one reason together."""
    return [
        Note(
            kind="left out",
            table=table,
            text=f"{table}: {_named(files)} {_is(files)} left out: {reason}.",
        )
        for reason, files in _by_reason(reasons)
    ]


def guessed(table: str, encodings: Iterable[tuple[str, str]]) -> list[Note]:
    """Name the files whose encoding nothing in them proves."""
    return [
        Note(
            kind="guess",
            table=table,
            text=f"{table}: {_named(files)} {_is(files)} not UTF-8, read as {encoding}. "
            "Save as UTF-8 if names look wrong.",
        )
        for encoding, files in _by_reason(encodings)
    ]


def drifts(
    table: str,
    files: Mapping[str, Mapping[str, str]],
    types: Mapping[str, str],
) -> list[Note]:
    """Name the columns that some files lack, or hold in another type.

    `files` is each file's column -> type, `types` what the table has; both in lower case.
    """
    notes = []
    for column, data_type in types.items():
        missing = [name for name, columns in files.items() if column not in columns]
        found: dict[str, list[str]] = defaultdict(list)
        for name, columns in files.items():
            if column in columns:
                found[columns[column]].append(name)
        texts = []
        if missing:
            texts.append(f"is missing in {_named(missing)} and empty there")
        if len(found) > 1:
            kinds = sorted(found.items(), key=lambda pair: -len(pair[1]))
            each = " and ".join(f"{kind} in {_named(names)}" for kind, names in kinds)
            texts.append(f"is {each}; all of it is read as {data_type}")
        notes += [
            Note(kind="drift", table=table, text=f"{table}: the column {column} {text}.")
            for text in texts
        ]
    return notes


def _by_reason(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = defaultdict(list)
    for file, reason in pairs:
        found[reason].append(file)
    return sorted(found.items())


def _named(files: Sequence[str]) -> str:
    shown = ", ".join(sorted(files)[:NAMED])
    more = len(files) - NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _is(files: Sequence[str]) -> str:
    return "is" if len(files) == 1 else "are"
