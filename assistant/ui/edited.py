"""Queries edited by hand: each runs in a thread of its own, can be stopped, and is kept."""

import logging
import threading
from dataclasses import dataclass, field

from assistant.answer import Result
from assistant.errors import AssistantError, Cancelled
from assistant.ui.session import Session
from catalogue.errors import CatalogueError

LOG = logging.getLogger(__name__)
_BROKEN = "Something broke here, not in the query. The server's log says more."


@dataclass(eq=False, kw_only=True)
class EditedQuery:
    """One query from when it was sent; `result` or `problem` is set before `is_done`."""

    sql: str
    result: Result | None = None
    problem: str = ""
    """What is said where there is no result."""
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)
    _done: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def is_done(self) -> bool:
        return self._done.is_set()

    @property
    def is_stopping(self) -> bool:
        return self._stop.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, at most so long; return whether it came."""
        return self._done.wait(seconds)

    def stop(self) -> None:
        """Stop the query; the engine looks several times a second."""
        self._stop.set()

    def follow(self, session: Session) -> None:
        """Run the query under the session's role until it ends; never raises."""
        try:
            self.result = session.assistant.run(
                self.sql, user=session.user, role=session.role, stop=self._stop.is_set
            )
        except Cancelled:
            self.problem = "Stopped before there was a result."
        except (AssistantError, CatalogueError) as error:
            self.problem = f"Not run. {error}"
        except Exception:  # the page stays, whatever the engine does; the cause is in the log
            LOG.exception("could not run an edited query")
            self.problem = _BROKEN
        finally:
            self._done.set()


def begin(sql: str, session: Session) -> EditedQuery:
    """Start on a query."""
    query = EditedQuery(sql=sql)
    threading.Thread(target=query.follow, args=(session,), name="edited query", daemon=True).start()
    return query
