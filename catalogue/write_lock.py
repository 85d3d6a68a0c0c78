"""Whether somebody has a DuckDB file open for writing, asked of the kernel; nothing is locked.

A pipeline may think for minutes between two tables: the file is quiet, and half new. What it does
not do before it has finished is let go of DuckDB's lock. Also run as a script by a process that may
not open the file itself, so it imports nothing of ours.
"""

import fcntl
import os
import struct
import sys
from pathlib import Path

_FLOCK = "qqihh" if sys.platform == "darwin" else "hhqqi4x"
"""C's `struct flock`: kind, whence, start, length and process, in the platform's order."""


def is_held_for_writing(path: Path) -> bool:
    """True where another process holds a write lock; False where that cannot be told.

    Closing a file drops the locks this process itself holds on it: the caller sees to it that
    it has none.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        found = fcntl.fcntl(descriptor, fcntl.F_GETLK, _flock(fcntl.F_RDLCK))
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return _kind(found) == fcntl.F_WRLCK


def _flock(kind: int) -> bytes:
    """A lock of the given kind over the whole file."""
    if sys.platform == "darwin":
        return struct.pack(_FLOCK, 0, 0, 0, kind, os.SEEK_SET)
    return struct.pack(_FLOCK, kind, os.SEEK_SET, 0, 0, 0)


def _kind(flock: bytes) -> int:
    fields: tuple[int, ...] = struct.unpack(_FLOCK, flock)
    return fields[3] if sys.platform == "darwin" else fields[0]


if __name__ == "__main__":
    sys.exit(0 if is_held_for_writing(Path(sys.argv[1])) else 1)
