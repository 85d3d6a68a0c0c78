"""The user's own DuckDB file, read in place because it is too large to copy.

It is open only while one query runs: an open connection keeps every writer out.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from catalogue.errors import WarehouseLocked
from catalogue.model import Relationship, Table
from catalogue.readers.duckdb import DuckDBWarehouse

if TYPE_CHECKING:
    import pyarrow as pa

Read = TypeVar("Read")
PATIENCE_S = 60.0
"""How long a build waits for a writer before it gives up."""
_AGAIN_S = 0.5


class LiveWarehouse:
    """A Warehouse over a live file that lets go of it after each query."""

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
                with DuckDBWarehouse(
                    self.path, timezone=self._timezone, spill=self._spill
                ) as warehouse:
                    return read(warehouse)
            except WarehouseLocked:
                if time.monotonic() >= deadline:
                    raise
            time.sleep(_AGAIN_S)
