"""A DuckDB file, opened for reading only, as a Warehouse.

Always the private snapshot, never the user's live file: an open connection locks it.
"""

import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import duckdb

from catalogue.errors import WarehouseLocked, WarehouseUnavailable
from catalogue.live_file import BEING_WRITTEN, ENCRYPTED
from catalogue.model import Column, Relationship, Table
from catalogue.warehouse import quoted

if TYPE_CHECKING:
    import pyarrow as pa

_Config = dict[str, str | bool | int | float | list[str]]
MEMORY_LIMIT = "2GB"
"""For reading at build time; what does not fit spills to a directory beside the file."""
_OFFLINE = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": MEMORY_LIMIT,
}
_TABLES = """
SELECT schema_name, table_name, 'table' AS kind, comment, NULL AS definition
FROM duckdb_tables() WHERE NOT internal AND NOT temporary AND database_name = current_database()
UNION ALL
SELECT schema_name, view_name, 'view', comment, sql
FROM duckdb_views() WHERE NOT internal AND NOT temporary AND database_name = current_database()
ORDER BY 1, 2
"""
_COLUMNS = """
SELECT schema_name, table_name, column_name, data_type, comment, generation_expression
FROM duckdb_columns()
WHERE NOT internal AND database_name = current_database() ORDER BY 1, 2, column_index
"""
_CONSTRAINTS = """
SELECT schema_name, table_name, constraint_type, constraint_column_names, constraint_text,
       referenced_table, referenced_column_names
FROM duckdb_constraints()
WHERE constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY') AND database_name = current_database()
ORDER BY 1, 2, constraint_index
"""


class DuckDBWarehouse:
    """A read-only connection to one DuckDB file; `close` it, or use it in a `with` block."""

    def __init__(self, path: Path, *, timezone: str = "UTC", spill: Path | None = None) -> None:
        self.path = path
        try:
            spill = spill or path.with_name(f".spill-{os.getpid()}")
            config: _Config = {**_OFFLINE, "temp_directory": str(spill)}
            self._connection = duckdb.connect(str(path), read_only=True, config=config)
            self._connection.execute(f"SET TimeZone = '{timezone.replace(chr(39), '')}'")
        except duckdb.Error as error:
            raise unavailable(path, error) from error

    def __enter__(self) -> "DuckDBWarehouse":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def tables(self) -> tuple[Table, ...]:
        """Return every table and view with columns, types, keys, comments and view SQL."""
        columns: dict[tuple[str, str], list[Column]] = defaultdict(list)
        for schema, table, name, data_type, comment, expression in self._rows(_COLUMNS):
            column = Column(
                name=name, data_type=data_type, description=comment or "", expression=expression
            )
            columns[schema, table].append(column)
        keys = {
            (schema, table): tuple(names)
            for schema, table, kind, names, *_ in self._rows(_CONSTRAINTS)
            if kind == "PRIMARY KEY"
        }
        return tuple(
            Table(
                schema=schema,
                name=name,
                kind=_kind(kind),
                columns=tuple(columns[schema, name]),
                description=comment or "",
                primary_key=keys.get((schema, name), ()),
                definition=definition,
            )
            for schema, name, kind, comment, definition in self._rows(_TABLES)
        )

    def relationships(self) -> tuple[Relationship, ...]:
        """Return the single-column foreign keys; a key of several columns has no noun yet."""
        return tuple(
            Relationship(
                from_table=f"{schema}.{table}",
                from_column=names[0],
                to_table=f"{_referenced_schema(text, schema)}.{target}",
                to_column=target_names[0],
            )
            for schema, table, kind, names, text, target, target_names in self._rows(_CONSTRAINTS)
            if kind == "FOREIGN KEY" and len(names) == 1 and len(target_names) == 1
        )

    def query(self, sql: str) -> "pa.Table":
        """Run trusted SQL, or raise WarehouseUnavailable."""
        try:
            return self._connection.sql(sql).to_arrow_table()
        except duckdb.Error as error:
            raise unavailable(self.path, error) from error

    def content_key(self, table: Table) -> str:
        """Return a digest of a table's rows, whatever their order; one scan of the table."""
        names = ", ".join(quoted(column.name) for column in table.columns)
        types = [column.data_type for column in table.columns]
        source = quoted(table.schema, table.name)
        (found,) = self._rows(f"SELECT count(*), sum(hash({names})) FROM {source}")
        return f"{table.full_name}|{names}|{types}|{found[0]}|{found[1]}"

    def close(self) -> None:
        self._connection.close()

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        try:
            rows: list[tuple[Any, ...]] = self._connection.execute(sql).fetchall()
        except duckdb.Error as error:
            raise unavailable(self.path, error) from error
        return rows


def settle(path: Path) -> None:
    """Fold the `.wal` of a private copy into its file, so that it can be read on its own."""
    try:
        with duckdb.connect(str(path)) as connection:
            connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise unavailable(path, error) from error


def being_written(path: Path) -> WarehouseLocked:
    """Return the error of a file that somebody else writes."""
    return WarehouseLocked(f"{path} {BEING_WRITTEN}")


def unavailable(path: Path, error: Exception) -> WarehouseUnavailable:
    """Return DuckDB's complaint about a file in one clear sentence, without data from it."""
    text = str(error).lower()
    if "conflicting lock" in text:
        return being_written(path)
    for sign, sentence in _SIGNS:
        if sign in text:
            return WarehouseUnavailable(f"{path} {sentence}")
    first = str(error).strip().splitlines()[0]
    return WarehouseUnavailable(f"{path} could not be read by DuckDB: {first}")


_SIGNS = (
    ("does not exist", "does not exist."),
    ("encrypt", ENCRYPTED),
    ("not a valid duckdb", "is not a DuckDB file."),
    ("version number", "was written by another version of DuckDB. Upgrade or export it anew."),
    ("checksum", "is damaged: a block does not match its checksum. Restore it from a backup."),
    ("could not read enough bytes", "is cut off. Copy it again, or restore it from a backup."),
)


def _kind(text: str) -> Literal["table", "view"]:
    return "view" if text == "view" else "table"


def _referenced_schema(constraint: str, default: str) -> str:
    """Return the schema that a FOREIGN KEY text names: DuckDB's column leaves it out."""
    _, _, target = constraint.partition("REFERENCES ")
    schema, dot, _ = target.partition("(")[0].partition(".")
    return schema.strip('" ') if dot else default
