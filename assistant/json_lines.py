"""Files of one JSON object a line that only grow, whole lines at a time.

A kill or a full disk costs at most the line being written: a line without its end is not read, and
the next writer cuts it off. One process writes a file at a time; its threads may share it.
"""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any


class BadLine(ValueError):
    """A line of the file is whole, and not a JSON object."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}.")
        self.path = path
        self.line = line


@dataclass(frozen=True)
class JsonLines:
    """One file, which need not exist yet."""

    path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def read(self) -> Iterator[dict[str, Any]]:
        """Yield every whole line; raise BadLine."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.endswith(b"\n"):
                    yield self._parsed(line, number)

    def append(self, written: Mapping[str, Any]) -> None:
        """Write one line that is on the disk when this returns, or raise OSError and leave none."""
        text = json.dumps(written, ensure_ascii=False, allow_nan=False)
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("r+b" if self.path.exists() else "x+b", buffering=0) as file:
                end = _end_of_last_line(file)
                try:
                    file.truncate(end)
                    _write_whole(file, f"{text}\n".encode(), end)
                    os.fsync(file.fileno())
                except OSError as error:
                    file.truncate(end)
                    raise OSError(error.errno, error.strerror, str(self.path)) from error
                except BaseException:
                    file.truncate(end)
                    raise

    def _parsed(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            parsed = json.loads(line)
        except ValueError as error:
            raise BadLine(self.path, number, "is not JSON") from error
        if not isinstance(parsed, dict):
            raise BadLine(self.path, number, "is not a JSON object")
        return parsed


_CHUNK = 1 << 16


def _end_of_last_line(file: FileIO) -> int:
    """Return where the last whole line ends, read from the back."""
    at = file.seek(0, os.SEEK_END)
    while at:
        start = max(0, at - _CHUNK)
        file.seek(start)
        found = file.read(at - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        at = start
    return 0


def _write_whole(file: FileIO, content: bytes, at: int) -> None:
    """An unbuffered write may take a part and fail on the rest."""
    file.seek(at)
    while content:
        content = content[file.write(content) :]
