"""Private copies of a build's files, for a library that writes where it should only read.

A copy lives as long as its process; what a killed process left behind, the next one removes.
"""

import shutil
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX = "assistant-index-"
_LOCK = "in-use"


class PrivateCopy:
    """A copy of a directory that nobody else opens; removed with the object or the process."""

    def __init__(self, original: Path) -> None:
        _remove_abandoned()
        directory = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock = FileLock(directory / _LOCK)
        self._lock.acquire()
        self.path = directory / original.name
        self.remove = weakref.finalize(self, _remove, directory, self._lock)
        """Removes the copy; doing it twice does nothing."""
        shutil.copytree(original, self.path)


def _remove(directory: Path, lock: FileLock) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    lock.release()


def _remove_abandoned() -> None:
    """Remove the copies whose lock nobody holds."""
    for file in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        lock = FileLock(file)
        # Another user's copy, or one in use.
        with suppress(Timeout, OSError), lock.acquire(timeout=0):
            shutil.rmtree(file.parent, ignore_errors=True)
