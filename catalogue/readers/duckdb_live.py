"""The user's own DuckDB file, read in place because it is too large to copy.

It is open only while one query runs, and writers may come in meanwhile: the query runs again then.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from catalogue.errors import WarehouseLocked
from catalogue.live_file import is_open_here
from catalogue.model import Relationship, Table
from catalogue.readers.duckdb import DuckDBWarehouse, being_written
from catalogue.unlocked import let_writers_in, version_of

if TYPE_CHECKING:
    import pyarrow as pa

Read = TypeVar("Read")
PATIENCE_S = 60.0
"""How long a build waits for a writer before it gives up."""
_AGAIN_S = 0.5


class LiveWarehouse:
    """A Warehouse over a live file that keeps no writer out of it."""

    def __init__(
        self, path: Path, *, timezone: str = "UTC", spill: Path, patience_s: float = PATIENCE_S
    ) -> None:
        self.path = path
        self._timezone = timezone
        self._spill = spill
        self._patience_s = patience_s

    def __enter__(self) -> "LiveWarehouse":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def tables(self) -> tuple[Table, ...]:
        """Return every table and view with columns, types, keys, comments and view SQL."""
        return self._read(DuckDBWarehouse.tables)

    def relationships(self) -> tuple[Relationship, ...]:
        """Return the single-column foreign keys."""
        return self._read(DuckDBWarehouse.relationships)

    def query(self, sql: str) -> "pa.Table":
        """Run trusted SQL, or raise WarehouseUnavailable."""
        return self._read(lambda warehouse: warehouse.query(sql))

    def content_key(self, table: Table) -> str:
        """Return a digest of a table's rows, whatever their order."""
        return self._read(lambda warehouse: warehouse.content_key(table))

    def close(self) -> None:
        """Nothing is open between two queries."""

    def _read(self, read: Callable[[DuckDBWarehouse], Read]) -> Read:
        deadline = time.monotonic() + self._patience_s
        while True:
            try:
                return self._read_once(read)
            except WarehouseLocked:
                if time.monotonic() >= deadline:
                    raise
            time.sleep(_AGAIN_S)

    def _read_once(self, read: Callable[[DuckDBWarehouse], Read]) -> Read:
        """Read, or raise WarehouseLocked where a writer has the file or has overtaken us."""
        path = str(self.path)
        is_open_already = is_open_here(self.path)
        with DuckDBWarehouse(self.path, timezone=self._timezone, spill=self._spill) as warehouse:
            # The locks of somebody else's connection in this process would be dropped, too.
            kept = version_of(path) if is_open_already else let_writers_in(path)
            try:
                return read(warehouse)
            finally:
                if not self.path.exists() or version_of(path) != kept:
                    raise being_written(self.path)
