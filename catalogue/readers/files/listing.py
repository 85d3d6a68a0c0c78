"""Which files a data folder holds, and which table each of them is part of, by name alone.

The rule: folders are the schema, the file's name is the table. What a name ends in that only tells
parts apart (a date, a number, a hash) is dropped; a file whose name is nothing else is part of the
table that its folder names; folders such as `year=2024` are columns.
"""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Format = Literal["parquet", "csv", "json"]
FORMATS: dict[str, Format] = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}
_PACKED = ".gz"
_PART = r"(?:part|chunk|batch)?[-_ ]?\d[\d\-_.:T]*Z?|[0-9a-f]{8}[0-9a-f\-]*|c\d{3}"
_ENDING = re.compile(rf"(?:[-_. ]+(?:{_PART}))+$", re.IGNORECASE)
_PART_ALONE = re.compile(rf"(?:(?:{_PART})[-_. ]*)+", re.IGNORECASE)
_PARTITION = re.compile(r"([^=]+)=(.*)")
_ROOT_SCHEMA = "main"


@dataclass(frozen=True, kw_only=True)
class DataFile:
    """One file as it lies in the folder, by stat alone."""

    path: Path
    name: str
    """Relative to the folder, with forward slashes."""
    format: Format
    size: int
    modified_ns: int

    @property
    def partitions(self) -> dict[str, str]:
        """Columns that the folders above it name: `year=2024`."""
        found = (_PARTITION.fullmatch(part) for part in self.name.split("/")[:-1])
        return {match[1]: match[2] for match in found if match}


@dataclass(frozen=True, kw_only=True)
class DataTable:
    """A table to be, with the files that are its parts."""

    schema: str
    name: str
    files: tuple[DataFile, ...]

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"


def data_files(root: Path) -> tuple[DataFile, ...]:
    """Return every data file below a folder, by name; hidden ones and those with `_` are not."""
    return tuple(sorted(_walk(root), key=lambda file: file.name))


def holds_data(root: Path) -> bool:
    """True where a folder has at least one data file, at any depth."""
    return next(_walk(root), None) is not None


def other_files(root: Path) -> Counter[str]:
    """Count the files that are no data files, by ending."""
    return Counter(
        Path(name).suffix.lower() or "no ending"
        for _, names in _folders(root)
        for name in names
        if _format_of(name) is None
    )


def tables_of(root: Path, files: Iterable[DataFile]) -> tuple[DataTable, ...]:
    """Sort files into tables; names that differ in case alone are one table."""
    parts: dict[tuple[str, str], list[DataFile]] = defaultdict(list)
    spelled: dict[tuple[str, str], tuple[str, str]] = {}
    for file in files:
        schema, table = _place_of(root, file)
        key = (schema.lower(), table.lower())
        spelled.setdefault(key, (schema, table))
        parts[key].append(file)
    return tuple(
        DataTable(schema=spelled[key][0], name=spelled[key][1], files=tuple(parts[key]))
        for key in sorted(parts)
    )


def _walk(root: Path) -> Iterator[DataFile]:
    for folder, names in _folders(root):
        for name in names:
            kind = _format_of(name)
            path = folder / name
            try:
                found = path.stat()
            except OSError:
                continue
            if kind is not None and path.is_file():
                yield DataFile(
                    path=path,
                    name=path.relative_to(root).as_posix(),
                    format=kind,
                    size=found.st_size,
                    modified_ns=found.st_mtime_ns,
                )


def _folders(root: Path) -> Iterator[tuple[Path, list[str]]]:
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(name for name in inner if not name.startswith((".", "_")))
        yield Path(folder), [name for name in names if not name.startswith((".", "_"))]


def _format_of(name: str) -> Format | None:
    plain = name.lower().removesuffix(_PACKED)
    kind = FORMATS.get(os.path.splitext(plain)[1])
    return None if kind == "parquet" and plain != name.lower() else kind


def _place_of(root: Path, file: DataFile) -> tuple[str, str]:
    """Return schema and table of a file."""
    *folders, last = file.name.split("/")
    folders = [folder for folder in folders if not _PARTITION.fullmatch(folder)]
    stem = _stem(last)
    if _PART_ALONE.fullmatch(stem):
        table = folders.pop() if folders else root.name
    else:
        table = _ENDING.sub("", stem) or stem
    return "_".join(_clean(folder) for folder in folders) or _ROOT_SCHEMA, _clean(table)


def _stem(name: str) -> str:
    if name.lower().endswith(_PACKED):
        name = name[: -len(_PACKED)]
    return os.path.splitext(name)[0]


def _clean(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_") or "data"
