"""Lends workers to queries: fair turns, a bounded queue, slow queries out of the way of others.

A query that runs on while others wait gives its place away: its worker goes on at the lowest
priority beside the others and ends with it. Workers that raised anything are replaced, and so are
those whose memory a query has used up: what it left behind would fail the query of somebody else.
"""

import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from assistant.engines.failures import is_out_of_memory
from assistant.engines.process import POLL_S, Reply, Stopped, Worker
from assistant.errors import EngineBusy, QueryFailed
from assistant.ports import Stop

SLOW_S = 1.0
"""A query that took longer steps aside when others wait."""


@dataclass(eq=False)
class _Ticket:
    """Somebody who waits for a worker."""

    asker: str


@dataclass(eq=False)
class _Loan:
    """A worker at work for somebody."""

    worker: Worker
    asker: str
    since: float
    is_aside: bool = False


class Pool:
    """A fixed number of places for workers, and as many beside them for slow queries.

    An asker without a name is anybody; one with a name never has more queries under way than there
    are places, nor more than half of the queue.
    """

    def __init__(self, settings: Mapping[str, Any], *, size: int, most_waiting: int) -> None:
        self._settings = settings
        self._size = size
        self._most_waiting = most_waiting
        self._idle: deque[Worker | None] = deque([None] * size)
        """None is a place whose worker is not started."""
        self._waiting: deque[_Ticket] = deque()
        self._loans: list[_Loan] = []
        self._all: set[Worker] = set()
        self._changed = threading.Condition()
        self._closed = False

    def ask(
        self,
        request: Mapping[str, Any],
        *,
        asker: str,
        wait_s: float,
        timeout_s: float,
        stop: Stop,
    ) -> Reply:
        """Run a request on the next worker; raises EngineBusy and what `Worker.ask` raises."""
        loan = self._take(asker, wait_s, stop)

        def polled() -> bool:
            self._make_way(loan)
            return stop()

        try:
            reply = loan.worker.ask(request, timeout_s=timeout_s, stop=polled)
        except BaseException:
            self._end(loan, is_sound=False)
            raise
        self._end(loan, is_sound=not (reply.header["is_worn"] or is_out_of_memory(reply.header)))
        return reply

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

    def _take(self, asker: str, wait_s: float, stop: Stop) -> _Loan:
        ticket = _Ticket(asker)
        deadline = time.monotonic() + wait_s
        self._join_queue(ticket)
        try:
            while True:
                if stop():
                    raise Stopped
                with self._changed:
                    if self._closed or time.monotonic() > deadline:
                        raise _busy()
                    if loan := self._turn(ticket):
                        return loan
                    is_unstarted = None in self._idle
                    if is_unstarted:
                        self._idle.remove(None)
                    else:
                        self._changed.wait(POLL_S)
                if is_unstarted:
                    self._start()
        finally:
            with self._changed:
                self._waiting.remove(ticket)
                self._changed.notify_all()

    def _join_queue(self, ticket: _Ticket) -> None:
        with self._changed:
            if self._closed:
                raise QueryFailed("The engine is closed.")
            own = sum(other.asker == ticket.asker for other in self._waiting)
            is_greedy = bool(ticket.asker) and own > self._most_waiting // 2
            if is_greedy or (not self._idle and len(self._waiting) >= self._most_waiting):
                raise _busy()
            self._waiting.append(ticket)

    def _turn(self, ticket: _Ticket) -> _Loan | None:
        """Lend an idle worker if it is this one's turn."""
        if ticket is not self._next():
            return None
        for worker in self._idle:
            if worker is not None and worker.is_listening():
                self._idle.remove(worker)
                loan = _Loan(worker, ticket.asker, time.monotonic())
                self._loans.append(loan)
                return loan
        return None

    def _next(self) -> _Ticket | None:
        """Return who is next: whoever has the fewest queries under way, then who came first."""
        under_way = {
            ticket: sum(loan.asker == ticket.asker for loan in self._loans)
            for ticket in self._waiting
        }
        allowed = [t for t in self._waiting if not t.asker or under_way[t] < self._size]
        return min(allowed, key=lambda ticket: under_way[ticket], default=None)

    def _make_way(self, loan: _Loan) -> None:
        """Let others have the place of a slow query that goes on beside them."""
        if loan.is_aside or time.monotonic() - loan.since < SLOW_S:
            return
        with self._changed:
            aside = sum(other.is_aside for other in self._loans)
            if not self._waiting or aside >= self._size:
                return
            loan.is_aside = True
            self._idle.append(None)
            self._changed.notify_all()
        loan.worker.step_back()

    def _end(self, loan: _Loan, *, is_sound: bool) -> None:
        """Keep the worker, or end one that failed or that went on at the lowest priority."""
        is_kept = is_sound and not loan.is_aside
        if not is_kept:
            loan.worker.kill()
        with self._changed:
            self._loans.remove(loan)
            if is_kept:
                self._idle.appendleft(loan.worker)
            else:
                self._all.discard(loan.worker)
            self._changed.notify_all()
        if not is_kept and not loan.is_aside and not self._closed:
            with suppress(OSError):
                self._start()

    def _start(self) -> None:
        """Put a new worker in its place, or the place back where none could be started."""
        worker: Worker | None = None
        try:
            worker = Worker(self._settings)
        finally:
            with self._changed:
                if worker is not None:
                    self._all.add(worker)
                self._idle.append(worker)
                self._changed.notify_all()


def _busy() -> EngineBusy:
    return EngineBusy("Too many queries are running. Try again in a moment.")
