"""Keeps a platform's build in step with its sources: looks now and then, builds in the background.

The build is a process of its own, `assistant build`, at low priority: it outlives a command that
ends at once, takes no time from questions, and a lock lets one builder in at a time.
"""

import logging
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

from assistant.errors import AssistantError
from assistant.settings import Settings
from catalogue.builder import Built, is_stale
from catalogue.errors import CatalogueError
from catalogue.fingerprint import Looks, looks_of

LOOK_EVERY_S = 2.0
LOOK_SHARE = 50
"""Times longer than a look takes nobody looks again: a folder may hold many thousand files."""
FOLLOW_EVERY_S = 5.0
LOGGER = logging.getLogger(__name__)
LOG = "build.log"
"""What the last background build said, in the platform's state."""
_BUILD = """
import os, sys
os.nice(10)
from assistant.cli import main
sys.exit(main(["--platform", sys.argv[1], "build"]))
"""


@dataclass(kw_only=True)
class Rebuilder:
    """Starts a build when a source has changed since the one in use. Safe between threads."""

    settings: Settings
    _lock: Lock = field(default_factory=Lock, repr=False)
    _next_look: float = 0.0
    _seen: Looks | None = None
    """How the sources looked when it was last settled whether a build is due."""
    _pid: int | None = None
    _stopped: Event = field(default_factory=Event, repr=False)
    _thread: Thread | None = field(default=None, repr=False)

    def look(self, built: Built) -> None:
        """Start a build if one is due; costs a few stats, and those every two seconds at most."""
        with self._lock:
            now = time.monotonic()
            if now < self._next_look or self._is_building():
                return
            try:
                self._settle(built)
            except (CatalogueError, OSError):
                # A source is out of reach for now: what was built goes on answering.
                return
            finally:
                ended = time.monotonic()
                self._next_look = ended + max(LOOK_EVERY_S, LOOK_SHARE * (ended - now))

    def follow(self, look: Callable[[], None]) -> None:
        """Look every few seconds, also while nobody asks, until `close`: no run goes unseen."""
        self._thread = Thread(target=self._keep_looking, args=(look,), name="follow", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more; a build under way ends by itself."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _keep_looking(self, look: Callable[[], None]) -> None:
        while not self._stopped.wait(FOLLOW_EVERY_S):
            try:
                look()
            except (AssistantError, CatalogueError, OSError) as error:
                LOGGER.warning("The sources could not be looked at: %s", type(error).__name__)

    def _settle(self, built: Built) -> None:
        sources = self.settings.sources()
        looks = looks_of(sources)
        if looks == self._seen:
            return
        if is_stale(sources, built):
            self._pid = _start(self.settings)
        elif not looks.is_at_rest:
            return
        self._seen = looks

    def _is_building(self) -> bool:
        if self._pid is not None and os.waitpid(self._pid, os.WNOHANG) != (0, 0):
            self._pid = None
        return self._pid is not None


def _start(settings: Settings) -> int:
    """Start a build that nothing here waits for, in a session of its own; return its id."""
    log = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-c", _BUILD, str(settings.place)],
        {**os.environ, "PYTHONPATH": _python_path()},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(settings.state / LOG), log, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )


def _python_path() -> str:
    """Where this process finds the package: it may run from a checkout."""
    paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return os.pathsep.join(path for path in paths if path)
