"""Runs checked queries on DuckDB, in worker processes that may die without anyone noticing.

This process never opens the database and never imports DuckDB here; it only reads Arrow.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answer import Result, SafeQuery
from assistant.engines.failures import (
    being_written,
    failure_of,
    is_being_written,
    out_of_memory,
    out_of_time,
)
from assistant.engines.pool import Pool
from assistant.engines.process import Overtime, Reply, Stopped, WorkerGone, WorkerNotStarted
from assistant.errors import BadSettings, Cancelled, QueryFailed
from assistant.ports import Stop, never_stops
from catalogue.errors import WarehouseUnavailable

if TYPE_CHECKING:
    import pyarrow as pa

GRACE_S = 0.3
"""DuckDB stops most queries by itself at the limit, which spares the worker; then it is killed."""
LIVE_PATIENCE_S = 5.0
"""How long a question waits for another process that writes the live file."""
_AGAIN_S = 0.1
_TIMEZONE = re.compile(r"[A-Za-z0-9_+\-/]{1,64}")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one query may use, and how many run at once."""

    timeout_s: float = 30.0
    memory_bytes: int = 2_000_000_000
    """Per worker."""
    rows: int = 10_000
    result_bytes: int = 64_000_000
    workers: int = 2
    """At once; as many slow queries may go on beside them while others wait."""
    waiting: int = 32
    """Queries that may wait for a worker; more are told that the engine is busy."""


class DuckDBEngine:
    """The Engine over one DuckDB file. Safe to share between threads.

    `hold_s` is for a live file, which others write: workers never lock it, run a query again that
    a writer has overtaken, and close the file after so many idle seconds. None is for a private
    copy, which nobody writes and which stays open.
    """

    def __init__(
        self,
        *,
        database: Callable[[], Path],
        timezone: str,
        limits: Limits,
        hold_s: float | None = None,
    ) -> None:
        if not _TIMEZONE.fullmatch(timezone):
            raise BadSettings(f"{timezone!r} is no time zone.")
        self._database = database
        self._limits = limits
        self._patience_s = min(LIVE_PATIENCE_S, limits.timeout_s)
        settings = {
            "memory_bytes": limits.memory_bytes,
            "duckdb_bytes": limits.memory_bytes * 3 // 4,
            "timeout_ms": max(1, int(limits.timeout_s * 1000)),
            "timezone": timezone,
            "hold_s": hold_s,
        }
        self._pool = Pool(settings, size=limits.workers, most_waiting=limits.waiting)

    def run(self, query: SafeQuery, *, stop: Stop = never_stops) -> Result:
        """Run a checked query.

        Raises QueryFailed, LimitHit, EngineBusy, Cancelled or WarehouseUnavailable.
        """
        return self.reading(self._database()).run(query, stop=stop)

    def reading(self, path: Path) -> "PinnedEngine":
        """Return an Engine that reads this one file, whatever becomes current meanwhile."""
        return PinnedEngine(engine=self, path=path)

    def ask(self, path: Path, query: SafeQuery, *, stop: Stop) -> Reply:
        """Return a worker's reply to a checked query of one file; raises what `run` raises."""
        if not path.is_file():
            raise WarehouseUnavailable(f"The DuckDB file {path} does not exist.")
        deadline = time.monotonic() + self._patience_s
        reply = self._ask(query, path, stop)
        while is_being_written(reply.header) and time.monotonic() < deadline:
            if stop():
                raise Cancelled("The question was stopped.")
            time.sleep(_AGAIN_S)
            reply = self._ask(query, path, stop)
        if "error" in reply.header:
            raise failure_of(reply.header, path)
        return reply

    @property
    def worker_pids(self) -> tuple[int, ...]:
        """The processes that are running now."""
        return self._pool.pids

    def close(self) -> None:
        """End the workers."""
        self._pool.close()

    def _ask(self, query: SafeQuery, path: Path, stop: Stop) -> Reply:
        limits = self._limits
        request = {
            "sql": query.sql,
            "path": str(path),
            "rows": min(query.row_limit, limits.rows),
            "bytes": limits.result_bytes,
        }
        try:
            return self._pool.ask(
                request,
                asker=query.asker,
                wait_s=limits.timeout_s,
                timeout_s=limits.timeout_s + GRACE_S,
                stop=stop,
            )
        except Stopped:
            raise Cancelled("The question was stopped.") from None
        except Overtime:
            raise out_of_time() from None
        except WorkerGone:
            raise out_of_memory() from None
        except (OSError, WorkerNotStarted) as error:
            raise QueryFailed("No worker could be started to run the query.") from error


@dataclass(kw_only=True)
class PinnedEngine:
    """The Engine over one state of the data: a question reads no other from start to end."""

    engine: DuckDBEngine
    path: Path
    _version: str | None = None
    """Of the file, as the first query found it."""

    def run(self, query: SafeQuery, *, stop: Stop = never_stops) -> Result:
        """Run a checked query; raises what `DuckDBEngine.run` raises."""
        started = time.perf_counter()
        reply = self.engine.ask(self.path, query, stop=stop)
        version = str(reply.header["version"])
        if self._version not in (None, version):
            raise being_written(self.path)
        self._version = version
        return Result(
            table=_table(reply),
            sql=query.sql,
            truncated=bool(reply.header["truncated"]),
            duckdb_types=tuple(reply.header["types"]),
            ms=(time.perf_counter() - started) * 1000,
            as_of=_modified(self.path),
        )

    def close(self) -> None:
        """Leave the workers to the engine that owns them."""


def _table(reply: Reply) -> "pa.Table":
    import pyarrow as pa

    with pa.ipc.open_stream(pa.py_buffer(reply.rows)) as stream:
        return stream.read_all()


def _modified(path: Path) -> str | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).isoformat(timespec="seconds")
    except OSError:
        return None
