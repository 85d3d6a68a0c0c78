"""Loads the files of one table: text is typed by all of its values, columns are united by name.

A statement that fails is tried again on each half of its files, down to the one that is broken.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from catalogue.readers.files.cells import CellType, cell_types, looks_numeric
from catalogue.readers.files.listing import DataFile, DataTable
from catalogue.readers.files.notes import Note, drifts, guessed, left_out
from catalogue.readers.files.parts import FILE_COLUMN, Group, Parts, halves, parts_of, reason_of
from catalogue.warehouse import quoted

FILES_AT_ONCE = 1_000
_CELLS = "temp.cells"
_NUMBERS = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
    "UBIGINT", "UHUGEINT", "DECIMAL", "FLOAT", "DOUBLE",
)  # fmt: skip
_Connection = duckdb.DuckDBPyConnection
_Files = Sequence[tuple[DataFile, Path]]


def load_table(connection: _Connection, table: DataTable, scratch: Path) -> list[Note]:
    """Create one table from its files and return what is to be said of them.

    Where no file can be read there is no table. Raises duckdb.Error where it cannot be written.
    """
    parts = parts_of(connection, table, scratch)
    texts = {group: files for group, files in parts.groups.items() if group.format == "csv"}
    typed = {group: files for group, files in parts.groups.items() if group.format != "csv"}
    cells = _load_cells(connection, texts, parts)
    types = _united(connection, [each.types(parts.partition_types) for each in typed], cells)
    if types:
        _create(connection, table, types)
        for group, files in typed.items():
            _load_group(connection, table, group, files, types, parts)
        if cells:
            _insert(connection, table, {c.column: c.sql for c in cells}, _CELLS, types)
        if not any(parts.groups.values()):
            connection.execute(f"DROP TABLE {quoted(table.schema, table.name)}")
    by_file = _types_by_file(connection, parts, typed, texts, cells)
    connection.execute(f"DROP TABLE IF EXISTS {_CELLS}")
    name = table.full_name
    lower = {column.lower(): kind for column, kind in types.items()}
    return [
        *left_out(name, parts.unreadable),
        *drifts(name, by_file, lower),
        *guessed(name, parts.guessed),
    ]


def _load_cells(
    connection: _Connection, groups: Mapping[Group, list[tuple[DataFile, Path]]], parts: Parts
) -> list[CellType]:
    """Read all CSV files as text into one table, and tell the type of each of its columns."""
    names = _names(name for group in groups for name in group.types(dict(group.partitions)))
    if not names:
        return []
    columns = ", ".join(f"{quoted(name)} VARCHAR" for name in (*names, FILE_COLUMN))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE cells ({columns})")
    for group, files in groups.items():

        def insert(paths: Sequence[Path], group: Group = group) -> None:
            connection.execute(
                f"INSERT INTO {_CELLS} BY NAME SELECT * FROM {group.relation(paths)}"
            )

        _by_halves(insert, group, files, parts)
    read = _names(
        name
        for group, files in groups.items()
        if files
        for name in group.types(dict(group.partitions))
    )
    return cell_types(connection, _CELLS, read) if read else []


def _load_group(
    connection: _Connection,
    table: DataTable,
    group: Group,
    files: list[tuple[DataFile, Path]],
    types: Mapping[str, str],
    parts: Parts,
) -> None:
    columns = {name: quoted(name) for name in group.types(dict(group.partitions))}

    def insert(paths: Sequence[Path]) -> None:
        _insert(connection, table, columns, group.relation(paths), types)

    _by_halves(insert, group, files, parts)


def _by_halves(
    insert: Callable[[Sequence[Path]], None],
    group: Group,
    files: list[tuple[DataFile, Path]],
    parts: Parts,
) -> None:
    """Insert files, as many at once as can be; one that fails alone is taken out and noted."""
    waiting: list[_Files] = [
        files[start : start + FILES_AT_ONCE] for start in range(0, len(files), FILES_AT_ONCE)
    ]
    while waiting:
        some = waiting.pop()
        try:
            insert([path for _, path in some])
        except duckdb.Error as error:
            if _is_out_of_room(error):
                raise
            if len(some) > 1:
                waiting += halves(some)
                continue
            parts.unreadable.append((some[0][0].name, reason_of(error, group.format)))
            files.remove(some[0])


def _is_out_of_room(error: duckdb.Error) -> bool:
    """True where the fault is not the file's: leaving it out would lose good rows in silence."""
    if isinstance(error, duckdb.OutOfMemoryException | duckdb.FatalException):
        return True
    text = str(error).lower()
    return "no space left" in text or "file too large" in text or "could not write" in text


def _create(connection: _Connection, table: DataTable, types: Mapping[str, str]) -> None:
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in types.items())
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(table.schema)}")
    connection.execute(f"CREATE TABLE {quoted(table.schema, table.name)} ({columns})")


def _insert(
    connection: _Connection,
    table: DataTable,
    columns: Mapping[str, str],
    relation: str,
    types: Mapping[str, str],
) -> None:
    """Insert a relation by name; `columns` is each column's expression."""
    spelled = {name.lower(): (name, kind) for name, kind in types.items()}
    wanted = []
    for column, sql in columns.items():
        name, kind = spelled[column.lower()]
        wanted.append(f"CAST({sql} AS {kind}) AS {quoted(name)}")
    connection.execute(
        f"INSERT INTO {quoted(table.schema, table.name)} BY NAME "
        f"SELECT {', '.join(wanted)} FROM {relation}"
    )


def _united(
    connection: _Connection, groups: Sequence[Mapping[str, str]], cells: Sequence[CellType]
) -> dict[str, str]:
    """Return the type that holds what every group has in a column, as DuckDB unites them."""
    found: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    texts = {cell.column: cell.data_type for cell in cells}
    for types in (*groups, texts):
        for name, kind in types.items():
            spelled.setdefault(name.lower(), name)
            kinds = found.setdefault(name.lower(), [])
            if kind not in kinds:
                kinds.append(kind)
    return {spelled[name]: _one_of(connection, kinds) for name, kinds in found.items()}


def _one_of(connection: _Connection, kinds: Sequence[str]) -> str:
    """Unite within one family; DuckDB would call a date and a number a date."""
    if len(kinds) == 1:
        return kinds[0]
    if len({_family(kind) for kind in kinds}) > 1:
        return "VARCHAR"
    each = " UNION ALL BY NAME ".join(f"SELECT NULL::{kind} AS x" for kind in kinds)
    try:
        return str(connection.execute(f"DESCRIBE {each}").fetchall()[0][1])
    except duckdb.Error:
        return "VARCHAR"


def _family(kind: str) -> str:
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP")):
        return "nested"
    if kind.startswith(("DATE", "TIMESTAMP")):
        return "time"
    return "number" if kind.startswith(_NUMBERS) else kind


def _types_by_file(
    connection: _Connection,
    parts: Parts,
    typed: Mapping[Group, _Files],
    texts: Mapping[Group, _Files],
    cells: Sequence[CellType],
) -> dict[str, dict[str, str]]:
    """Return the type of each column in each file that was read, names in lower case."""
    found: dict[str, dict[str, str]] = {}
    for group, files in typed.items():
        types = {k.lower(): v for k, v in group.types(parts.partition_types).items()}
        found.update((file.name, types) for file, _ in files)
    of_cells = {cell.column.lower(): cell.data_type for cell in cells}
    numeric = _numeric_by_file(connection, texts, cells)
    for group, files in texts.items():
        types = {
            name.lower(): of_cells.get(name.lower(), "VARCHAR")
            for name in group.types(dict(group.partitions))
        }
        for file, path in files:
            own = dict.fromkeys(numeric.get(str(path), ()), "a number")
            found[file.name] = {**types, **own} if own else types
    return found


def _numeric_by_file(
    connection: _Connection, texts: Mapping[Group, _Files], cells: Sequence[CellType]
) -> dict[str, list[str]]:
    """Return, for columns that are text in all, the files in which they hold numbers alone."""
    columns = [cell.column for cell in cells if cell.data_type == "VARCHAR"]
    if not columns or sum(map(len, texts.values())) < 2:
        return {}
    counts = ", ".join(
        f"bool_and({looks_numeric(name)}) AND count({quoted(name)}) > 0" for name in columns
    )
    rows = connection.execute(
        f"SELECT {quoted(FILE_COLUMN)}, {counts} FROM {_CELLS} GROUP BY 1"
    ).fetchall()
    mixed = [
        position
        for position in range(len(columns))
        if len({bool(row[position + 1]) for row in rows}) > 1
    ]
    return {row[0]: [columns[n].lower() for n in mixed if row[n + 1]] for row in rows}


def _names(names: Iterable[str]) -> list[str]:
    """Return names in order, those that differ in case alone once."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.lower(), name)
    return list(found.values())
