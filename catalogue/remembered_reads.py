"""Build-time reads of an earlier build: what is read of unchanged tables is not read again.

A read is known by its SQL and by the content of every table that the SQL names. Only reads whose
results the build keeps anyway go through here: never samples of columns that may be personal.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from catalogue.errors import WarehouseUnavailable
from catalogue.model import Relationship, Table
from catalogue.warehouse import Warehouse

if TYPE_CHECKING:
    import pyarrow as pa

FILE = "reads.sqlite"


class Digesting(Warehouse, Protocol):
    """A warehouse that can say whether a table is still the same."""

    def content_key(self, table: Table) -> str:
        """Return a digest of a table's rows, whatever their order."""
        ...


class RememberingWarehouse:
    """A Warehouse that asks another only for what it has not read before."""

    def __init__(
        self, warehouse: Digesting, tables: Sequence[Table], before: Path | None = None
    ) -> None:
        self._warehouse = warehouse
        self._tables = {table.full_name: table for table in tables}
        self._names = [(table.name.lower(), table.full_name) for table in tables]
        self._keys: dict[str, str] = {}
        self._held = _read(before / FILE) if before else {}
        self._used: dict[str, bytes] = {}

    def tables(self) -> tuple[Table, ...]:
        return self._warehouse.tables()

    def relationships(self) -> tuple[Relationship, ...]:
        return self._warehouse.relationships()

    def query(self, sql: str) -> "pa.Table":
        """Return what the SQL gives, from memory where nothing that it names has changed."""
        import pyarrow as pa

        key = self._key(sql)
        packed = self._held.get(key)
        if packed is None:
            packed = _packed(self._warehouse.query(sql))
        self._used[key] = packed
        with pa.ipc.open_stream(pa.py_buffer(packed)) as stream:
            return stream.read_all()

    def close(self) -> None:
        self._warehouse.close()

    def save(self, directory: Path) -> None:
        """Keep what was used for the next build."""
        with closing(sqlite3.connect(directory / FILE)) as connection, connection:
            connection.execute("CREATE TABLE reads (key TEXT PRIMARY KEY, rows BLOB NOT NULL)")
            connection.executemany("INSERT INTO reads VALUES (?, ?)", self._used.items())

    def _key(self, sql: str) -> str:
        lowered = sql.lower()
        named = sorted(full_name for name, full_name in self._names if name in lowered)
        content = [self._content(full_name) for full_name in named]
        return sha256("\0".join([sql, *content]).encode()).hexdigest()

    def _content(self, full_name: str) -> str:
        table = self._tables[full_name]
        if table.kind == "view":
            # What a view reads is not known here, so it changes with anything.
            return f"{table.definition}\0{self._everything}"
        if full_name not in self._keys:
            try:
                self._keys[full_name] = self._warehouse.content_key(table)
            except WarehouseUnavailable:
                self._keys[full_name] = "unreadable"
        return self._keys[full_name]

    @cached_property
    def _everything(self) -> str:
        base = sorted(name for name, table in self._tables.items() if table.kind == "table")
        return sha256("\0".join(map(self._content, base)).encode()).hexdigest()


def _packed(table: "pa.Table") -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _read(path: Path) -> dict[str, bytes]:
    """Return the reads kept at `path`; none where there are none, or they are damaged."""
    if path.is_file():
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path)) as connection:
            return dict(connection.execute("SELECT key, rows FROM reads"))
    return {}
