"""A data folder -> a new DuckDB file, with what was read from the last import where it still holds.

A table whose files have the same content as last time is taken over from that import; no file of
it is read. The file is written under a name of its own: who calls gives it its place when done.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from catalogue.errors import WarehouseUnavailable
from catalogue.readers.files.listing import DataTable, other_files
from catalogue.readers.files.parts import literal
from catalogue.readers.files.record import (
    FORMAT,
    ImportRecord,
    SeenFile,
    TableRecord,
    digest_of,
)
from catalogue.readers.files.table import load_table
from catalogue.warehouse import quoted

MEMORY_LIMIT = "2GB"
MANY_PARTS = 5_000
MOST_TABLES = 5_000
"""More than so many are the parts of a few tables under names that do not say so."""


def import_folder(
    root: Path,
    tables: Sequence[DataTable],
    files: Mapping[str, SeenFile],
    target: Path,
    *,
    last: tuple[Path, ImportRecord] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> ImportRecord:
    """Write the tables of a folder to the new DuckDB file `target`.

    `last` is the import before, with its record. Raises WarehouseUnavailable where nothing can
    be read, or the file cannot be written.
    """
    _check_number(root, files, tables)
    known = last[1].tables if last else {}
    records: dict[str, TableRecord] = {}
    with _written(target) as (connection, scratch):
        if last:
            connection.execute(f"ATTACH {literal(str(last[0]))} AS last_import (READ_ONLY)")
        for number, table in enumerate(tables, start=1):
            digest = digest_of(table, files)
            kept = known.get(table.full_name)
            if kept is not None and kept.digest == digest:
                _take_over(connection, table)
                records[table.full_name] = kept
                continue
            progress(f"Importing {table.full_name}{_parts(table)} ({number} of {len(tables)})")
            notes = tuple(load_table(connection, table, scratch))
            records[table.full_name] = TableRecord(digest=digest, notes=notes)
        _check_any_table(connection, root, records)
    return ImportRecord(format=FORMAT, files=files, tables=records, others=_others(root))


def _parts(table: DataTable) -> str:
    """How many files a table is made of, where so many small ones take minutes."""
    count = len(table.files)
    return f", {count:,} files, some minutes" if count >= MANY_PARTS else ""


@contextmanager
def _written(target: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """Yield a connection that writes the new file, and a directory for what is needed meanwhile."""
    scratch = target.with_suffix(".scratch")
    scratch.mkdir()
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
        "python_enable_replacements": "false",
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(scratch / "spill"),
        "preserve_insertion_order": "false",
    }
    try:
        with duckdb.connect(str(target), config=config) as connection:
            yield connection, scratch
            connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _unwritable(target: Path, error: duckdb.Error) -> WarehouseUnavailable:
    text = str(error).lower()
    if "no space left" in text or "file too large" in text:
        problem = "the disk is full. Make room and build again"
    elif isinstance(error, duckdb.OutOfMemoryException):
        problem = "memory ran out. Split the largest file and build again"
    else:
        problem = f"DuckDB gave up ({type(error).__name__})"
    return WarehouseUnavailable(f"The import into {target.parent} failed: {problem}.")


def _take_over(connection: duckdb.DuckDBPyConnection, table: DataTable) -> None:
    """Copy a table from the last import, if it had any rows to be a table of."""
    name = quoted(table.schema, table.name)
    is_there = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'last_import' "
        "AND schema_name = ? AND table_name = ?",
        [table.schema, table.name],
    ).fetchone()
    if is_there and is_there[0]:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(table.schema)}")
        connection.execute(f"CREATE TABLE {name} AS FROM last_import.{name}")


def _check_number(root: Path, files: Mapping[str, SeenFile], tables: Sequence[DataTable]) -> None:
    if not files:
        raise WarehouseUnavailable(f"{root} holds no Parquet, CSV or JSON file.")
    if len(tables) > MOST_TABLES:
        raise WarehouseUnavailable(
            f"{root} holds {len(files):,} files that would be {len(tables):,} tables; at most "
            f"{MOST_TABLES:,} are imported. Put the parts of one table under names that differ in "
            "a number or a date alone, such as orders/2024-01.csv."
        )


def _check_any_table(
    connection: duckdb.DuckDBPyConnection, root: Path, records: Mapping[str, TableRecord]
) -> None:
    count = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database()"
        " AND NOT temporary"
    ).fetchone()
    if count and not count[0]:
        notes = [note for record in records.values() for note in record.notes]
        first = f" The first: {notes[0].text}" if notes else ""
        raise WarehouseUnavailable(f"No file in {root} could be read.{first}")


def _others(root: Path) -> str:
    others = other_files(root)
    if not others:
        return ""
    kinds = ", ".join(kind for kind, _ in others.most_common(3))
    count = others.total()
    is_one = count == 1
    return (
        f"{count:,} {'file' if is_one else 'files'} of other kinds ({kinds}) in {root} "
        f"{'is' if is_one else 'are'} left out."
    )
