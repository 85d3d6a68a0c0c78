"""The private copy of the user's DuckDB file that everything reads.

The live file is copied byte by byte and never opened by DuckDB, so that nobody's build is
blocked. A copy becomes current only after it was opened and listed; readers of an older copy
keep it, and `current` costs two stats of the live file when nothing has changed.
"""

import json
import os
import shutil
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from catalogue.errors import WarehouseUnavailable
from catalogue.store import from_json, to_json

PATIENCE_S = 20.0
"""How long a first copy waits for a writer to finish."""
QUIET_S = 1.0
"""A file not written for this long counts as at rest."""
QUIET_WITH_WAL_S = 10.0
"""A `.wal` beside it means that a writer is connected, perhaps in the middle of a run."""
KEPT = 2
_POLL_S = 0.1
_MAGIC = b"DUCK"


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What the live file looked like, by stat alone."""

    size: int
    modified_ns: int
    wal_size: int | None = None
    wal_modified_ns: int | None = None

    @property
    def age_s(self) -> float:
        """Seconds since anything was written; a clock that runs ahead counts the same."""
        return abs(time.time() - max(self.modified_ns, self.wal_modified_ns or 0) / 1e9)

    @property
    def is_at_rest(self) -> bool:
        quiet = QUIET_S if self.wal_size is None else QUIET_WITH_WAL_S
        return self.age_s > quiet


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
        _check_head(live)
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


def stamp_of(live: Path) -> Stamp:
    """Return the stamp of a live file, or raise WarehouseUnavailable if it is not there."""
    try:
        main = live.stat()
    except FileNotFoundError as error:
        raise WarehouseUnavailable(f"{live} does not exist.") from error
    except OSError as error:
        raise WarehouseUnavailable(f"{live} cannot be reached: {error.strerror}.") from error
    if not live.is_file():
        raise WarehouseUnavailable(f"{live} is not a file.")
    stamp = Stamp(size=main.st_size, modified_ns=main.st_mtime_ns)
    try:
        wal = _wal(live).stat()
    except OSError:
        return stamp
    return replace(stamp, wal_size=wal.st_size, wal_modified_ns=wal.st_mtime_ns)


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
        stamp = _rest(live, deadline)
        taken_at = datetime.now(UTC)
        part = directory / f".part-{os.getpid()}.duckdb"
        try:
            _copy(live, part)
            if stamp_of(live) == stamp:
                _verify(part, live)
                return _publish(part, directory, taken_at, stamp)
        finally:
            for leftover in (part, _wal(part)):
                leftover.unlink(missing_ok=True)
        if time.monotonic() >= deadline:
            raise _busy(live)


def _rest(live: Path, deadline: float) -> Stamp:
    """Wait until the file is at rest, or merely stable when patience runs out."""
    stamp = stamp_of(live)
    while not stamp.is_at_rest:
        time.sleep(_POLL_S)
        before, stamp = stamp, stamp_of(live)
        if before == stamp and stamp.age_s > QUIET_S and time.monotonic() >= deadline:
            return stamp
        if time.monotonic() >= deadline + QUIET_S:
            raise _busy(live)
    return stamp


def _busy(live: Path) -> WarehouseUnavailable:
    return WarehouseUnavailable(
        f"{live} is being written by another process. Try again when that has finished."
    )


def _copy(live: Path, part: Path) -> None:
    try:
        shutil.copyfile(live, part)
        if _wal(live).exists():
            shutil.copyfile(_wal(live), _wal(part))
    except PermissionError as error:
        raise WarehouseUnavailable(f"{live} may not be read by this user.") from error
    except OSError as error:
        raise WarehouseUnavailable(f"{live} could not be copied: {error.strerror}.") from error


def _verify(part: Path, live: Path) -> None:
    """Fold the `.wal` into the copy, then open it for reading and list its tables."""
    import duckdb

    from catalogue.readers.duckdb import DuckDBWarehouse, unavailable

    try:
        if _wal(part).exists():
            with duckdb.connect(str(part)) as connection:
                connection.execute("CHECKPOINT")
        with DuckDBWarehouse(part) as warehouse:
            warehouse.tables()
    except duckdb.Error as error:
        raise unavailable(live, error) from error
    except WarehouseUnavailable as error:
        raise WarehouseUnavailable(str(error).replace(str(part), str(live))) from error


def _publish(part: Path, directory: Path, taken_at: datetime, stamp: Stamp) -> Snapshot:
    path = directory / f"{taken_at:%Y%m%dT%H%M%S%f}.duckdb"
    part.replace(path)
    pointer = _Pointer(file=path.name, taken_at=taken_at, stamp=stamp)
    _write(directory / "current", json.dumps(to_json(pointer)))
    for old in sorted(directory.glob("[0-9]*.duckdb"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return Snapshot(path=path, taken_at=taken_at, stamp=stamp)


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}-{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _check_head(live: Path) -> None:
    """Refuse what is not DuckDB by its first bytes: DuckDB's own words for it mislead."""
    try:
        with live.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise WarehouseUnavailable(f"{live} may not be read by this user.") from error
    if not head:
        raise WarehouseUnavailable(f"{live} is empty, not a DuckDB file.")
    if head.startswith(b"SQLite format 3"):
        raise WarehouseUnavailable(f"{live} is a SQLite file, not a DuckDB file.")
    if head[8:12] != _MAGIC:
        raise WarehouseUnavailable(f"{live} is not a DuckDB file.")


def _check_room(directory: Path, stamp: Stamp) -> None:
    needed = stamp.size + (stamp.wal_size or 0)
    free = shutil.disk_usage(directory).free
    if needed > free:
        raise WarehouseUnavailable(
            f"{directory} has room for {free / 1e9:.1f} GB, the warehouse needs {needed / 1e9:.1f}."
        )


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")
