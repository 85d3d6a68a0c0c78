"""Data folders for tests: a few files, dated back so that they count as at rest."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

import duckdb

from catalogue.data_folder import DataFolder
from catalogue.snapshot import Snapshot


def write_folder(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files by their names in the folder; `SELECT ...` text for `.parquet` is run."""
    then = time.time() - 60
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif name.endswith(".parquet"):
            duckdb.execute(f"COPY ({content}) TO '{path}' (FORMAT parquet)")
        else:
            path.write_text(content, encoding="utf-8")
        os.utime(path, (then, then))
    return root


def take(root: Path, state: Path) -> Snapshot:
    """Import a folder without telling anybody."""
    return DataFolder(root=root).take(state, lambda _: None)


def notes(root: Path, snapshot: Snapshot) -> list[str]:
    """Return what an import had to say."""
    return [note.text for note in DataFolder(root=root).notes(snapshot)]


def rows(snapshot: Snapshot, sql: str) -> list[tuple[object, ...]]:
    """Run SQL on an import."""
    with duckdb.connect(str(snapshot.path), read_only=True) as connection:
        found: list[tuple[object, ...]] = connection.execute(sql).fetchall()
    return found


def types(snapshot: Snapshot, table: str) -> dict[str, str]:
    """Return the type of each column of a table."""
    return {str(row[0]): str(row[1]) for row in rows(snapshot, f"DESCRIBE {table}")}
