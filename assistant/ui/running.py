"""Questions under way in this process: each in a thread of its own, whoever looks at it.

A page that is refreshed, closed or opened twice finds its question here and follows it; nothing
is asked a second time. What has ended is read from the journal.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Literal

from assistant.answer import Event
from assistant.errors import AssistantError, Cancelled
from catalogue.errors import CatalogueError

LOG = logging.getLogger(__name__)
_BROKEN = "Something broke here, not in the question. It is kept; the server's log says more."
_STEPS = {
    "search": "Looking through the catalogue",
    "draft": "Working out what is asked",
    "guard": "Checking the query",
    "run": "Running the query",
    "verify": "Checking the result",
}
_MOST_REMEMBERED = 500

Outcome = Literal["answered", "failed", "stopped"]
Stream = Callable[[], Iterator[Event]]


class Busy(Exception):
    """A conversation takes one question at a time."""


@dataclass(eq=False, kw_only=True)
class Running:
    """One question, from when it was asked; `outcome` is set before `is_done`."""

    question: str
    step: str = _STEPS["search"]
    outcome: Outcome | None = None
    error: str = ""
    """What is said where it failed."""
    is_stopping: bool = False
    _done: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def is_done(self) -> bool:
        return self._done.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, at most so long; return whether it came."""
        return self._done.wait(seconds)

    def stop(self) -> None:
        """Stop model and query; the next event, at most 200 ms away, carries it through."""
        self.is_stopping = True

    def follow(self, stream: Stream) -> None:
        """Take every event until the answer, an error or a stop; never raises."""
        try:
            self.outcome = self._take_all(stream)
        except Cancelled:
            self.outcome = "stopped"
        except (AssistantError, CatalogueError) as error:
            self.error, self.outcome = str(error), "failed"
        except Exception:  # whatever breaks, the page stays and the question is kept
            LOG.exception("could not answer %r", self.question)
            self.error, self.outcome = _BROKEN, "failed"
        finally:
            self._done.set()

    def _take_all(self, stream: Stream) -> Outcome:
        with closing(stream()) as events:  # type: ignore[type-var]
            for event in events:
                if event.answer is not None:
                    return "answered"
                if self.is_stopping:
                    return "stopped"
                self.step = event.detail or _STEPS.get(event.stage, self.step)
        return "stopped"


class Desk:
    """Where questions are worked on, at most one of a conversation at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: OrderedDict[tuple[str, ...], Running] = OrderedDict()

    def begin(self, key: tuple[str, ...], question: str, stream: Stream) -> Running:
        """Start on a question; raise Busy while another of the conversation is under way."""
        with self._lock:
            before = self._latest.get(key)
            if before is not None and not before.is_done:
                raise Busy(before.question)
            running = Running(question=question)
            self._latest[key] = running
            self._latest.move_to_end(key)
            self._forget_old()
        threading.Thread(
            target=running.follow, args=(stream,), name="page question", daemon=True
        ).start()
        return running

    def latest(self, key: tuple[str, ...]) -> Running | None:
        """Return the conversation's latest question, under way or ended."""
        return self._latest.get(key)

    def _forget_old(self) -> None:
        for key in list(self._latest)[: max(0, len(self._latest) - _MOST_REMEMBERED)]:
            if self._latest[key].is_done:
                del self._latest[key]


DESK = Desk()
"""The one desk of this process."""
