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
from catalogue.live_file import Stamp, busy, copy, stamp_of, verify, wait_for_quiet, wal_of
from catalogue.store import from_json, to_json

POINTER = "snapshot"
"""The file in a build's directory that says which snapshot it was made from."""
PATIENCE_S = 20.0
"""How long a first copy waits for a writer to finish."""
KEPT = 2
"""Copies kept besides those that builds were made from: a question reads one to its end."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A checked copy of the warehouse."""

    path: Path
    taken_at: datetime
    stamp: Stamp
    """The live file as it was copied."""
    shape: str = ""
    """Digest of its tables and columns."""


@dataclass(frozen=True, kw_only=True)
class _Pointer:
    file: str
    taken_at: datetime
    stamp: Stamp
    shape: str


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

    Returns the held snapshot if it is of this very state of the file, or if a writer is connected:
    its run may be half done. Only where there is no snapshot yet a quiet file will do. A copy that
    was torn by a writer is made again within `patience_s`; after that WarehouseUnavailable is
    raised, and the last good snapshot stays. Raises TimeoutError while another process copies.
    """
    from filelock import FileLock

    directory = snapshots_of(state)
    with FileLock(directory / "lock", timeout=lock_timeout_s):
        held = last_good(state)
        stamp = stamp_of(live)
        if held is not None and held.stamp == stamp:
            return held
        _check_room(directory, stamp)
        return _copy_until_whole(live, directory, held, time.monotonic() + patience_s)


def in_place(live: Path) -> Snapshot:
    """Return the live file itself, as it is at this moment, for what is too large to copy."""
    return Snapshot(path=live, taken_at=datetime.now(UTC), stamp=stamp_of(live))


def last_good(state: Path) -> Snapshot | None:
    """Return the snapshot that was made last, without a look at the live file."""
    return read_pointer(state / "snapshots" / "current", state)


def write_pointer(path: Path, snapshot: Snapshot) -> None:
    """Write down which snapshot is meant; while the file is there, the snapshot is kept."""
    pointer = _Pointer(
        file=snapshot.path.name,
        taken_at=snapshot.taken_at,
        stamp=snapshot.stamp,
        shape=snapshot.shape,
    )
    _write(path, json.dumps(to_json(pointer)))


def read_pointer(path: Path, state: Path) -> Snapshot | None:
    """Return the snapshot that `write_pointer` wrote down, or None where it is gone."""
    try:
        pointer = from_json(_Pointer, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    copied = state / "snapshots" / pointer.file
    if not copied.is_file():
        return None
    return Snapshot(
        path=copied, taken_at=pointer.taken_at, stamp=pointer.stamp, shape=pointer.shape
    )


def snapshots_of(state: Path) -> Path:
    """Return the directory of snapshots, made where it is not there yet."""
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


def _copy_until_whole(
    live: Path, directory: Path, held: Snapshot | None, deadline: float
) -> Snapshot:
    while True:
        stamp = wait_for_quiet(live, deadline)
        if held is not None and stamp.is_held:
            return held
        taken_at = datetime.now(UTC)
        part = directory / f".part-{os.getpid()}.duckdb"
        try:
            copy(live, part)
            if stamp_of(live) == stamp:
                shape = verify(part, live)
                path = directory / f"{taken_at:%Y%m%dT%H%M%S%f}.duckdb"
                part.replace(path)
                made = Snapshot(path=path, taken_at=taken_at, stamp=stamp, shape=shape)
                return publish(made, directory)
        finally:
            for leftover in (part, wal_of(part)):
                leftover.unlink(missing_ok=True)
        if time.monotonic() >= deadline:
            raise busy(live)


def publish(snapshot: Snapshot, directory: Path) -> Snapshot:
    """Make a finished copy in the directory of snapshots the current one; older ones go."""
    write_pointer(directory / "current", snapshot)
    _remove_old(directory, current=snapshot.path)
    return snapshot


def _remove_old(directory: Path, *, current: Path) -> None:
    """Remove copies that are neither new nor what a build was made from."""
    pointers = directory.parent.glob(f"index/*/{POINTER}")
    built_from = {held.path for each in pointers if (held := read_pointer(each, directory.parent))}
    for old in sorted(directory.glob("[0-9]*.duckdb"))[:-KEPT]:
        if old not in built_from and old != current:
            old.unlink(missing_ok=True)
            old.with_suffix(".json").unlink(missing_ok=True)
    for killed in (*directory.glob(".part-*"), *directory.glob(".current-*")):
        killed.unlink(missing_ok=True)


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
