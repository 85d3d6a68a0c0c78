"""A DuckDB file that is read in place without keeping its writers out.

DuckDB locks a file against every writer for as long as it is open, also for reading. The lock is
one of POSIX, which a process loses when it closes any descriptor of the file (fcntl(2)). After that
a writer may come in at any time, so what was read counts only while the file is still as it was
opened: a commit goes to the `.wal`, and the file itself changes with the next checkpoint only.
Imports nothing of ours: the workers of the sandbox use it too.
"""

import os
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Version:
    """One state of a file, by stat."""

    inode: int
    size: int
    modified_ns: int
    changed_ns: int

    def __str__(self) -> str:
        return "-".join(map(str, asdict(self).values()))


def version_of(path: str) -> Version:
    """Return the version of the file that stands there now, or raise OSError."""
    found = os.stat(path)
    return Version(
        inode=found.st_ino,
        size=found.st_size,
        modified_ns=found.st_mtime_ns,
        changed_ns=found.st_ctime_ns,
    )


def let_writers_in(path: str) -> Version:
    """Drop the locks this process holds on the file; return the version that they kept.

    The caller has just opened the file, and nobody else in this process has. Raises OSError.
    """
    kept = version_of(path)
    os.close(os.open(path, os.O_RDONLY))
    return kept
