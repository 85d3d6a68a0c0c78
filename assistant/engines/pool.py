"""Lends workers to threads: first come, first served, a bounded queue, dead ones replaced."""

import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from assistant.engines.process import POLL_S, Stopped, Worker
from assistant.errors import EngineBusy, QueryFailed
from assistant.ports import Stop


class Pool:
    """A fixed number of workers, started when first needed."""

    def __init__(self, settings: Mapping[str, Any], *, size: int, most_waiting: int) -> None:
        self._settings = settings
        self._most_waiting = most_waiting
        self._idle: deque[Worker | None] = deque([None] * size)
        self._waiting: deque[object] = deque()
        self._all: set[Worker] = set()
        self._changed = threading.Condition()
        self._closed = False

    @contextmanager
    def worker(self, *, wait_s: float, stop: Stop) -> Iterator[Worker]:
        """Lend a worker; one that raised anything at all is killed and replaced."""
        worker = self._take(wait_s, stop)
        try:
            if worker is None:
                worker = self._start()
            yield worker
        except BaseException:
            self._replace(worker)
            raise
        self._give_back(worker)

    @property
    def pids(self) -> tuple[int, ...]:
        with self._changed:
            return tuple(worker.pid for worker in self._all)

    def close(self) -> None:
        """End every worker; queries under way fail."""
        with self._changed:
            self._closed = True
            workers, self._all = self._all, set()
            self._changed.notify_all()
        for worker in workers:
            with suppress(OSError):
                worker.kill()

    def _take(self, wait_s: float, stop: Stop) -> Worker | None:
        ticket = object()
        deadline = time.monotonic() + wait_s
        with self._changed:
            if self._closed:
                raise QueryFailed("The engine is closed.")
            if not self._idle and len(self._waiting) >= self._most_waiting:
                raise _busy()
            self._waiting.append(ticket)
            try:
                while not (self._idle and self._waiting[0] is ticket):
                    if stop():
                        raise Stopped
                    if self._closed or time.monotonic() > deadline:
                        raise _busy()
                    self._changed.wait(POLL_S)
                return self._idle.popleft()
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()

    def _start(self) -> Worker:
        worker = Worker(self._settings)
        with self._changed:
            self._all.add(worker)
        return worker

    def _give_back(self, worker: Worker) -> None:
        with self._changed:
            self._idle.appendleft(worker)
            self._changed.notify_all()

    def _replace(self, worker: Worker | None) -> None:
        fresh: Worker | None = None
        if worker is not None:
            worker.kill()
            with suppress(OSError):
                fresh = None if self._closed else Worker(self._settings)
        with self._changed:
            if worker is not None:
                self._all.discard(worker)
            if fresh is not None:
                self._all.add(fresh)
            self._idle.append(fresh)
            self._changed.notify_all()


def _busy() -> EngineBusy:
    return EngineBusy("Too many queries are running. Try again in a moment.")
