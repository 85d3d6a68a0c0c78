"""The private copy of the user's DuckDB file that everything reads.

A copy becomes current only after it was opened and listed; readers of an older copy keep it.
`current` costs two stats of the live file when nothing has changed.
"""

import json
import os
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from catalogue.errors import WarehouseUnavailable
from catalogue.live_file import Stamp, busy, copy, stamp_of, verify, wait_for_rest, wal_of
from catalogue.store import from_json, to_json

PATIENCE_S = 20.0
"""How long a first copy waits for a writer to finish."""
KEPT = 2


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A checked copy of the warehouse."""

    path: Path
    taken_at: datetime
    stamp: Stamp
    """The live file as it was copied."""


@dataclass(frozen=True, kw_only=True)
class _Pointer:
    file: str
    taken_at: datetime
    stamp: Stamp


def current(live: Path, state: Path) -> Snapshot:
    """Return the snapshot to read now, refreshed when the live file rests in a new state.

    Never waits once there is a snapshot: while somebody writes, or if the new state cannot be
    read, the last good one is returned. Raises WarehouseUnavailable if there is none.
    """
    held = last_good(state)
    if held is None:
        return take(live, state)
    try:
        stamp = stamp_of(live)
    except WarehouseUnavailable:
        return held
    if stamp == held.stamp or not stamp.is_at_rest:
        return held
    return _refreshed(live, state, held, stamp)


def take(
    live: Path, state: Path, *, patience_s: float = PATIENCE_S, lock_timeout_s: float = 600
) -> Snapshot:
    """Copy the live file as soon as it rests, and make the copy current.

    Returns the held snapshot if it is of this very state of the file. A copy that was torn by a
    writer is made again within `patience_s`; after that WarehouseUnavailable is raised, and the
    last good snapshot stays. Raises TimeoutError while another process copies.
    """
    from filelock import FileLock

    directory = _directory(state)
    with FileLock(directory / "lock", timeout=lock_timeout_s):
        held = last_good(state)
        stamp = stamp_of(live)
        if held is not None and held.stamp == stamp:
            return held
        _check_room(directory, stamp)
        return _copy_until_whole(live, directory, deadline=time.monotonic() + patience_s)


def last_good(state: Path) -> Snapshot | None:
    """Return the snapshot that was made last, without a look at the live file."""
    directory = state / "snapshots"
    try:
        data = json.loads((directory / "current").read_text(encoding="utf-8"))
        pointer = from_json(_Pointer, data)
    except (OSError, ValueError, TypeError):
        return None
    path = directory / pointer.file
    if not path.is_file():
        return None
    return Snapshot(path=path, taken_at=pointer.taken_at, stamp=pointer.stamp)


def _directory(state: Path) -> Path:
    directory = state / "snapshots"
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = f"{directory} cannot be made: {error.strerror}."
        raise WarehouseUnavailable(problem) from error
    return directory


def _refreshed(live: Path, state: Path, held: Snapshot, stamp: Stamp) -> Snapshot:
    failed = state / "snapshots" / "failed"
    if _failed_stamp(failed) == stamp:
        return held
    try:
        return take(live, state, patience_s=0, lock_timeout_s=0)
    except TimeoutError:
        return held
    except WarehouseUnavailable:
        # Noted, so that a broken file is not copied again for every question.
        _write(failed, json.dumps(to_json(stamp)))
        return held


def _failed_stamp(path: Path) -> Stamp | None:
    try:
        return from_json(Stamp, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _copy_until_whole(live: Path, directory: Path, *, deadline: float) -> Snapshot:
    while True:
        stamp = wait_for_rest(live, deadline)
        taken_at = datetime.now(UTC)
        part = directory / f".part-{os.getpid()}.duckdb"
        try:
            copy(live, part)
            if stamp_of(live) == stamp:
                verify(part, live)
                return _publish(part, directory, taken_at, stamp)
        finally:
            for leftover in (part, wal_of(part)):
                leftover.unlink(missing_ok=True)
        if time.monotonic() >= deadline:
            raise busy(live)


def _publish(part: Path, directory: Path, taken_at: datetime, stamp: Stamp) -> Snapshot:
    path = directory / f"{taken_at:%Y%m%dT%H%M%S%f}.duckdb"
    part.replace(path)
    pointer = _Pointer(file=path.name, taken_at=taken_at, stamp=stamp)
    _write(directory / "current", json.dumps(to_json(pointer)))
    for old in sorted(directory.glob("[0-9]*.duckdb"))[:-KEPT]:
        old.unlink(missing_ok=True)
    for killed in directory.glob(".part-*"):
        killed.unlink(missing_ok=True)
    return Snapshot(path=path, taken_at=taken_at, stamp=stamp)


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}-{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _check_room(directory: Path, stamp: Stamp) -> None:
    needed = stamp.size + (stamp.wal_size or 0)
    free = shutil.disk_usage(directory).free
    if needed > free:
        raise WarehouseUnavailable(
            f"{directory} has room for {free / 1e9:.1f} GB, the warehouse needs {needed / 1e9:.1f}."
        )
