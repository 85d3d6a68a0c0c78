"""One worker process as the parent sees it: start, ask with a deadline, kill."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from assistant.ports import Stop

POLL_S = 0.05
START_S = 30.0
LOWEST_PRIORITY = 19
_CHUNK = 1 << 20
_WORKER = Path(__file__).with_name("worker.py")


class WorkerGone(Exception):
    """The process ended by itself: it crashed, or the kernel ended it."""


class WorkerNotStarted(Exception):
    """The process ended, or hung, before it took a query."""


class Stopped(Exception):
    """The asker stopped the query."""


class Overtime(Exception):
    """The deadline passed."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a worker answered."""

    header: Mapping[str, Any]
    rows: bytearray


class Worker:
    """A running worker. Not safe for two threads at once: the pool lends it to one."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_WORKER), json.dumps(dict(settings))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            close_fds=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin: IO[bytes] = self._process.stdin
        self._stdout: IO[bytes] = self._process.stdout
        os.set_blocking(self._stdout.fileno(), False)
        self.is_ready = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_listening(self) -> bool:
        """True once the process is ready, or is gone: `ask` tells either at once."""
        return self.is_ready or bool(select.select([self._stdout.fileno()], [], [], 0)[0])

    def step_back(self) -> None:
        """Give every thread of the process the lowest priority; there is no way back."""
        for task in Path(f"/proc/{self.pid}/task").glob("*"):
            with suppress(OSError):  # a thread that has just ended
                os.setpriority(os.PRIO_PROCESS, int(task.name), LOWEST_PRIORITY)

    def ask(self, request: Mapping[str, Any], *, timeout_s: float, stop: Stop) -> Reply:
        """Send a request and wait; whatever this raises, the worker is of no further use."""
        self._wait_until_ready(stop)
        body = json.dumps(request).encode()
        try:
            self._stdin.write(len(body).to_bytes(4, "big") + body)
            self._stdin.flush()
        except (OSError, ValueError) as error:
            raise WorkerGone from error
        return self._read(time.monotonic() + timeout_s, stop)

    def _wait_until_ready(self, stop: Stop) -> None:
        if self.is_ready:
            return
        try:
            self._read(time.monotonic() + START_S, stop)
        except (WorkerGone, Overtime) as error:
            raise WorkerNotStarted from error
        self.is_ready = True

    def kill(self) -> None:
        """End the process at once and reap it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._stdin, self._stdout):
            try:
                pipe.close()
            except OSError:  # a request was still buffered for a process that is gone
                continue

    def _read(self, deadline: float, stop: Stop) -> Reply:
        length = int.from_bytes(self._exactly(4, deadline, stop), "big")
        header = json.loads(self._exactly(length, deadline, stop))
        return Reply(header=header, rows=self._exactly(header["size"], deadline, stop))

    def _exactly(self, size: int, deadline: float, stop: Stop) -> bytearray:
        buffer = bytearray(size)
        view, filled = memoryview(buffer), 0
        descriptor = self._stdout.fileno()
        while filled < size:
            if stop():
                raise Stopped
            left = deadline - time.monotonic()
            if left <= 0:
                raise Overtime
            if not select.select([descriptor], [], [], min(POLL_S, left))[0]:
                continue
            chunk = os.readv(descriptor, [view[filled : filled + _CHUNK]])
            if chunk == 0:
                raise WorkerGone
            filled += chunk
        return buffer


def _environment() -> dict[str, str]:
    """No key and no setting of ours reaches the process; only where Python finds its packages."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Each arena of malloc takes address space, which the limit counts.
        "MALLOC_ARENA_MAX": "2",
        # Arrow's own allocator takes a gigabyte of it at the first row.
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }
