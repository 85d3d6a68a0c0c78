"""A folder of data files as an origin: imported into the snapshot itself, so nothing lies twice.

Files are compared by content; one whose size and time are as before is not even read for that.
An import that is killed leaves the last good snapshot.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from catalogue.errors import WarehouseUnavailable
from catalogue.live_file import QUIET_S, Stamp, shape_of
from catalogue.readers.files.listing import DataFile, data_files, tables_of
from catalogue.readers.files.notes import Note
from catalogue.readers.files.record import FORMAT, ImportRecord, digest_of, seen_files
from catalogue.snapshot import Snapshot, last_good, publish, snapshots_of
from catalogue.store import from_json, to_json

Progress = Callable[[str], None]
PATIENCE_S = 5.0
"""How long an import waits for files that are being written."""


@dataclass(frozen=True, kw_only=True)
class DataFolder:
    """A folder of Parquet, CSV and JSON files; read anew by a build, never between builds."""

    root: Path

    def stamp(self) -> Stamp:
        """Return size, newest time, and a digest of every file's name, size and time."""
        return _stamp(_listed(self.root))

    def take(self, state: Path, progress: Progress) -> Snapshot:
        """Import what has changed and make the result current."""
        from filelock import FileLock

        directory = snapshots_of(state)
        with FileLock(directory / "lock", timeout=600):
            progress("Looking at the files")
            files = _at_rest(self.root)
            held, stamp = last_good(state), _stamp(files)
            if held is not None and held.stamp == stamp:
                return held
            try:
                return self._imported(files, stamp, directory, held, progress)
            except OSError as error:
                problem = error.strerror or type(error).__name__
                raise WarehouseUnavailable(
                    f"The import of {self.root} into {directory} failed: {problem}."
                ) from error

    def current(self, state: Path) -> Snapshot:
        """Return the last import: a folder is looked through by a build alone."""
        return last_good(state) or self.take(state, lambda _: None)

    def notes(self, snapshot: Snapshot) -> tuple[Note, ...]:
        """Return what the import had to say of single files."""
        record = read_record(snapshot)
        return record.notes if record else ()

    def _imported(
        self,
        files: Sequence[DataFile],
        stamp: Stamp,
        directory: Path,
        held: Snapshot | None,
        progress: Progress,
    ) -> Snapshot:
        from catalogue.readers.files.importer import import_folder

        record = read_record(held) if held else None
        seen = seen_files(files, record.files if record else {})
        tables = tables_of(self.root, files)
        if held and record and record.digests == {t.full_name: digest_of(t, seen) for t in tables}:
            _write_record(held.path, replace(record, files=seen))
            return publish(replace(held, stamp=stamp), directory)
        _remove_unfinished(directory)
        taken_at = datetime.now(UTC)
        path = directory / f"{taken_at:%Y%m%dT%H%M%S%f}.duckdb"
        part = directory / f".import-{os.getpid()}.duckdb"
        last = (held.path, record) if held and record else None
        try:
            made = import_folder(self.root, tables, seen, part, last=last, progress=progress)
            shape = _shape_of(part)
            _write_record(path, made)
            part.replace(path)
        finally:
            _remove_unfinished(directory)
        snapshot = Snapshot(path=path, taken_at=taken_at, stamp=stamp, shape=shape)
        return publish(snapshot, directory)


def read_record(snapshot: Snapshot) -> ImportRecord | None:
    """Return what an import was made from, or None where this version cannot tell."""
    try:
        text = _record_of(snapshot.path).read_text(encoding="utf-8")
        record = from_json(ImportRecord, json.loads(text))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return record if record.format == FORMAT else None


def _record_of(path: Path) -> Path:
    return path.with_suffix(".json")


def _write_record(snapshot: Path, record: ImportRecord) -> None:
    path = _record_of(snapshot)
    part = path.with_name(f".import-{os.getpid()}.json")
    part.write_text(json.dumps(to_json(record)), encoding="utf-8")
    part.replace(path)


def _remove_unfinished(directory: Path) -> None:
    """Remove what this import, or a killed one, has left; nobody else imports now."""
    for left in directory.glob(".import-*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _shape_of(part: Path) -> str:
    """Open what was written for reading, as everything after this will."""
    from catalogue.readers.duckdb import DuckDBWarehouse

    with DuckDBWarehouse(part) as warehouse:
        return shape_of(warehouse.tables())


def _listed(root: Path) -> tuple[DataFile, ...]:
    if not root.is_dir():
        raise WarehouseUnavailable(f"{root} does not exist.")
    return data_files(root)


def _at_rest(root: Path) -> tuple[DataFile, ...]:
    """Return the files once nothing was written for a moment, or patience has run out."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        files = _listed(root)
        age_s = abs(time.time() - max((file.modified_ns for file in files), default=0) / 1e9)
        if age_s > QUIET_S or time.monotonic() >= deadline:
            return files
        time.sleep(max(0.05, QUIET_S - age_s))


def _stamp(files: Sequence[DataFile]) -> Stamp:
    digest = sha256()
    for file in files:
        digest.update(f"{file.name}\0{file.size}\0{file.modified_ns}\n".encode())
    return Stamp(
        size=sum(file.size for file in files),
        modified_ns=max((file.modified_ns for file in files), default=0),
        files=digest.hexdigest(),
    )
