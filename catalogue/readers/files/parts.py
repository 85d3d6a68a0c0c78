"""The files of one table, grouped so that each group is read by one statement.

A file's columns are looked at before anything is read, so that no file decides for another.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from catalogue.readers.files.listing import DataFile, DataTable, Format
from catalogue.readers.files.text import UnreadableText, form_of, write_as_utf8
from catalogue.warehouse import quoted

FILE_COLUMN = "__file"
_LINE = re.compile(r"[Ll]ine:? (\d+)")
_WHOLE = re.compile(r"0|[1-9]\d{0,17}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHOLLY_SAMPLED_BYTES = 100 * 10**6
"""A JSON file up to this size is read whole to learn its types."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Files with the same columns, written the same way."""

    format: Format
    columns: tuple[tuple[str, str], ...]
    """Name and type, as the files have them."""
    delimiter: str = ""
    has_header: bool = True
    partitions: tuple[tuple[str, str], ...] = ()

    def relation(self, paths: Sequence[Path]) -> str:
        """Return SQL that reads files of this group, CSV as text with its file beside it."""
        return f"(SELECT *{self._constants()} FROM {self._reader(paths)})"

    def types(self, partition_types: Mapping[str, str]) -> dict[str, str]:
        """Return the type of every column, with those that the folders name."""
        own = {name.lower() for name, _ in self.columns}
        more = {key: partition_types[key] for key, _ in self.partitions if key.lower() not in own}
        return {**dict(self.columns), **more}

    def _reader(self, paths: Sequence[Path]) -> str:
        names = f"[{', '.join(literal(str(path)) for path in paths)}]"
        if self.format == "parquet":
            return f"read_parquet({names}, hive_partitioning=false)"
        columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in self.columns)
        if self.format == "json":
            return f"read_json({names}, columns={{{columns}}}, hive_partitioning=false)"
        return (
            f"read_csv({names}, auto_detect=false, delim={literal(self.delimiter)}, "
            f"header={str(self.has_header).lower()}, quote='\"', escape='\"', nullstr='', "
            f"hive_partitioning=false, filename='{FILE_COLUMN}', columns={{{columns}}})"
        )

    def _constants(self) -> str:
        own = {name.lower() for name, _ in self.columns}
        return "".join(
            f", {literal(value)} AS {quoted(key)}"
            for key, value in self.partitions
            if key.lower() not in own
        )


@dataclass
class Parts:
    """The readable files of one table by group, and what is wrong with the others."""

    groups: dict[Group, list[tuple[DataFile, Path]]] = field(default_factory=dict)
    """Each file with where it is read from: itself, or a copy in UTF-8."""
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    """File name and reason."""
    guessed: list[tuple[str, str]] = field(default_factory=list)
    """File name and encoding."""

    @property
    def partition_types(self) -> dict[str, str]:
        """The type of each column that folders name, told by all of its values."""
        values: dict[str, list[str]] = {}
        for group in self.groups:
            for key, value in group.partitions:
                values.setdefault(key, []).append(value)
        return {key: _type_of(found) for key, found in values.items()}


def parts_of(connection: duckdb.DuckDBPyConnection, table: DataTable, scratch: Path) -> Parts:
    """Look at every file of a table; nothing of it is loaded yet."""
    parts = Parts()
    for number, file in enumerate(table.files):
        try:
            group, path = _looked_at(connection, file, scratch / f"{number}.csv", parts)
        except UnreadableText as problem:
            parts.unreadable.append((file.name, str(problem)))
            continue
        parts.groups.setdefault(group, []).append((file, path))
    return parts


def reason_of(error: duckdb.Error, kind: Format) -> str:
    """Return in a few words why DuckDB could not read one file, without any of its content."""
    name = {"parquet": "Parquet", "csv": "CSV", "json": "JSON"}[kind]
    line = _LINE.search(str(error))
    if kind == "csv" and line:
        return f"line {line[1]} does not fit its columns"
    if kind == "json" and line:
        return f"it is not valid JSON (line {line[1]})"
    return f"it is no readable {name} file"


def literal(text: str) -> str:
    """Return text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _looked_at(
    connection: duckdb.DuckDBPyConnection, file: DataFile, copy: Path, parts: Parts
) -> tuple[Group, Path]:
    partitions = tuple(file.partitions.items())
    if file.size == 0:
        raise UnreadableText("it is empty")
    if file.format != "csv":
        columns = tuple(_described(connection, file))
        return Group(format=file.format, columns=columns, partitions=partitions), file.path
    form = form_of(file.path)
    if form.is_guessed:
        parts.guessed.append((file.name, form.encoding.replace("cp", "windows-")))
    if not form.is_utf8:
        write_as_utf8(file.path, form, copy)
    group = Group(
        format="csv",
        columns=tuple((name, "VARCHAR") for name in form.columns),
        delimiter=form.delimiter,
        has_header=form.has_header,
        partitions=partitions,
    )
    return group, file.path if form.is_utf8 else copy


def _described(connection: duckdb.DuckDBPyConnection, file: DataFile) -> Iterable[tuple[str, str]]:
    """Yield name and type of a file's columns."""
    more = ", hive_partitioning=false"
    if file.format == "json" and file.size <= _WHOLLY_SAMPLED_BYTES:
        more += ", sample_size=-1"
    try:
        rows = connection.execute(
            f"DESCRIBE SELECT * FROM read_{file.format}([{literal(str(file.path))}]{more})"
        ).fetchall()
    except duckdb.Error as error:
        raise UnreadableText(reason_of(error, file.format)) from error
    return [(str(row[0]), str(row[1])) for row in rows]


def _type_of(values: Sequence[str]) -> str:
    if all(_WHOLE.fullmatch(value) for value in values):
        return "BIGINT"
    return "DATE" if all(_DAY.fullmatch(value) for value in values) else "VARCHAR"


def halves(files: Sequence[tuple[DataFile, Path]]) -> Iterator[Sequence[tuple[DataFile, Path]]]:
    """Yield both halves of a list of files."""
    middle = len(files) // 2
    yield files[:middle]
    yield files[middle:]
