"""Turns at a live file: readers have it for a while, then everybody lets go and a writer gets in.

DuckDB lets a writer in only while no reader has the file. Under constant questions no worker would
ever be idle long enough to let go of it, so a writer that tries again would never find it free.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from assistant.engines.process import POLL_S, Stopped
from assistant.ports import Stop

READERS_S = 10.0
"""How long readers keep the file at the most while questions come in without a pause."""
WRITER_S = 1.0
"""How long the file is free after that: a writer that tries once a second finds it so."""


class Turns:
    """Lets readers in by turns. Safe between threads."""

    def __init__(
        self, *, hold_s: float, readers_s: float = READERS_S, writer_s: float = WRITER_S
    ) -> None:
        """`hold_s` is how long an idle worker keeps the file open."""
        self._readers_s = readers_s
        self._pause_s = hold_s + writer_s
        self._changed = Condition()
        self._inside = 0
        self._since: float | None = None
        """When the first reader of this turn came in; None while nobody has the file."""
        self._left_at = 0.0
        self._free_until = 0.0

    @contextmanager
    def reading(self, stop: Stop) -> Iterator[None]:
        """Wait for the readers' turn, and hold the file to the end of the block."""
        with self._changed:
            while not self._may_enter(time.monotonic()):
                if stop():
                    raise Stopped
                self._changed.wait(POLL_S)
            self._inside += 1
        try:
            yield
        finally:
            self._leave()

    def _may_enter(self, now: float) -> bool:
        if now < self._free_until:
            return False
        if not self._inside and now - self._left_at > self._pause_s:
            self._since = None
        if self._since is None:
            self._since = now
        return now - self._since <= self._readers_s

    def _leave(self) -> None:
        with self._changed:
            self._inside -= 1
            now = time.monotonic()
            self._left_at = now
            if not self._inside and self._since and now - self._since > self._readers_s:
                self._free_until, self._since = now + self._pause_s, None
            self._changed.notify_all()
