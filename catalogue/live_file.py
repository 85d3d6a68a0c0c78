"""The user's own DuckDB file: looked at by stat, copied byte by byte, never opened by DuckDB.

An open DuckDB connection locks the file against every writer, so the live one is left alone.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from catalogue import file_copy, write_lock
from catalogue.errors import WarehouseUnavailable
from catalogue.model import Table

QUIET_S = 1.0
"""A file not written for this long counts as at rest."""
QUIET_WITH_WAL_S = 10.0
"""A `.wal` beside it means that a writer is connected, perhaps in the middle of a run."""
IDLE_WRITER_S = 600.0
"""A writer that is connected and has written nothing for this long is thought to have forgotten."""
_POLL_S = 0.1
_MAGIC = b"DUCK"
_FLAGS, _ENCRYPTED = 20, 1
"""Where the flags of the file stand in its head, and the one of encryption."""
BEING_WRITTEN = "is being written by another process. Try again when that has finished."
ENCRYPTED = "is encrypted. Give a copy that is not, or a folder of exported files."


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What the live file looked like, by stat and by the lock on it."""

    size: int
    modified_ns: int
    inode: int = 0
    """Another one where the file was replaced by a rename, whatever its date says."""
    wal_size: int | None = None
    wal_modified_ns: int | None = None
    files: str | None = None
    """Of a folder: a digest of every file's name, size and time."""
    is_held: bool = field(default=False, compare=False, repr=False)
    """A writer is connected: however quiet the file, it may be between two tables of one run."""

    @property
    def age_s(self) -> float:
        """Seconds since anything was written; a clock that runs ahead counts the same."""
        return abs(time.time() - max(self.modified_ns, self.wal_modified_ns or 0) / 1e9)

    @property
    def is_quiet(self) -> bool:
        quiet = QUIET_S if self.wal_size is None else QUIET_WITH_WAL_S
        return self.age_s > quiet

    @property
    def is_at_rest(self) -> bool:
        return self.is_quiet and not self.is_held


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
    stamp = Stamp(size=main.st_size, modified_ns=main.st_mtime_ns, inode=main.st_ino)
    with suppress(OSError):
        wal = wal_of(live).stat()
        stamp = replace(stamp, wal_size=wal.st_size, wal_modified_ns=wal.st_mtime_ns)
    return replace(stamp, is_held=stamp.age_s < IDLE_WRITER_S and _is_held(live))


def wait_for_quiet(live: Path, deadline: float) -> Stamp:
    """Wait until the file is quiet, or has at least stood still when patience runs out.

    `deadline` is of `time.monotonic`. Raises WarehouseUnavailable while it is being written.
    """
    stamp = stamp_of(live)
    while not stamp.is_quiet:
        time.sleep(_POLL_S)
        before, stamp = stamp, stamp_of(live)
        if before == stamp and stamp.age_s > QUIET_S and time.monotonic() >= deadline:
            return stamp
        if time.monotonic() >= deadline + QUIET_S:
            raise busy(live)
    return stamp


def _is_held(live: Path) -> bool:
    if is_open_here(live):
        # As with a copy: a descriptor that is closed here takes this process's locks with it.
        command = [sys.executable, "-I", write_lock.__file__, str(live)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    return write_lock.is_held_for_writing(live)


def busy(live: Path) -> WarehouseUnavailable:
    """Return the error of a file that somebody else keeps writing."""
    return WarehouseUnavailable(f"{live} {BEING_WRITTEN}")


def copy(live: Path, part: Path) -> None:
    """Copy the file and its `.wal`, or raise WarehouseUnavailable."""
    try:
        _copy_file(live, part)
        if wal_of(live).exists():
            _copy_file(wal_of(live), wal_of(part))
    except PermissionError as error:
        raise WarehouseUnavailable(f"{live} may not be read by this user.") from error
    except (OSError, subprocess.SubprocessError) as error:
        problem = getattr(error, "strerror", None) or "the copy failed"
        raise WarehouseUnavailable(f"{live} could not be copied: {problem}.") from error


def verify(part: Path, live: Path) -> str:
    """Fold the `.wal` into the copy, open it for reading, and return its shape.

    The shape is a digest of all tables with their columns: equal shapes take the same queries.
    """
    from catalogue.readers.duckdb import DuckDBWarehouse, settle

    check_head(part, live)
    try:
        if wal_of(part).exists():
            settle(part)
        with DuckDBWarehouse(part) as warehouse:
            return shape_of(warehouse.tables())
    except WarehouseUnavailable as error:
        raise WarehouseUnavailable(str(error).replace(str(part), str(live))) from error


def shape_of(tables: Iterable[Table]) -> str:
    """Return the digest of what queries depend on: names, kinds and types, not rows."""
    spelled = sorted(
        (table.full_name, table.kind, str(table.definition), _columns(table)) for table in tables
    )
    return sha256(repr(spelled).encode()).hexdigest()[:16]


def _columns(table: Table) -> list[tuple[str, str]]:
    return [
        (column.name, f"{column.data_type} AS {column.expression}")
        if column.expression
        else (column.name, column.data_type)
        for column in table.columns
    ]


def wal_of(path: Path) -> Path:
    """Return where DuckDB keeps what is not yet in the file."""
    return path.with_name(path.name + ".wal")


def _copy_file(source: Path, target: Path) -> None:
    if is_open_here(source):
        # Closing any descriptor of a file drops all POSIX locks this process holds on it, so
        # a copy made here would unlock a connection that the user has open in this process.
        command = [sys.executable, "-I", str(file_copy.__file__), str(source), str(target)]
        subprocess.run(command, check=True, capture_output=True)
    else:
        file_copy.copy_file(str(source), str(target))


def is_open_here(path: Path) -> bool:
    """True where this process has the file open already."""
    try:
        wanted = path.stat()
        numbers = [int(name) for name in os.listdir("/dev/fd") if name.isdecimal()]
    except OSError:
        return False
    for number in numbers:
        try:
            found = os.fstat(number)
        except OSError:
            continue
        if (found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino):
            return True
    return False


def check_head(part: Path, live: Path) -> None:
    """Refuse what is not DuckDB by its first bytes: DuckDB's own words for it mislead.

    `live` is what the error names. Raises WarehouseUnavailable.
    """
    with part.open("rb") as file:
        head = file.read(24)
    if not head:
        raise WarehouseUnavailable(f"{live} is empty, not a DuckDB file.")
    if head.startswith(b"SQLite format 3"):
        raise WarehouseUnavailable(f"{live} is a SQLite file, not a DuckDB file.")
    if head[8:12] != _MAGIC or len(head) <= _FLAGS:
        raise WarehouseUnavailable(f"{live} is not a DuckDB file.")
    if head[_FLAGS] & _ENCRYPTED:
        raise WarehouseUnavailable(f"{live} {ENCRYPTED}")
