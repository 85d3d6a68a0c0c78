"""What an import was made from, kept beside it: the next one reads only what has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b, sha256

from catalogue.errors import WarehouseUnavailable
from catalogue.readers.files.listing import DataFile, DataTable
from catalogue.readers.files.notes import Note

FORMAT = 1
"""Grows when the same files would be imported differently."""


@dataclass(frozen=True, kw_only=True)
class SeenFile:
    """A file as it was when its content was read last."""

    size: int
    modified_ns: int
    hash: str


@dataclass(frozen=True, kw_only=True)
class TableRecord:
    """What one table was made from, and what was said of it."""

    digest: str
    """Of the names and contents of its files."""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImportRecord:
    """One import."""

    format: int
    files: Mapping[str, SeenFile] = field(default_factory=dict)
    """By name, relative to the folder."""
    tables: Mapping[str, TableRecord] = field(default_factory=dict)
    """By full name."""
    others: str = ""
    """What is to be said of files that are no data files."""

    @property
    def digests(self) -> dict[str, str]:
        return {name: table.digest for name, table in self.tables.items()}

    @property
    def notes(self) -> tuple[Note, ...]:
        others = (Note(kind="other", table="", text=self.others),) if self.others else ()
        return (*(note for table in self.tables.values() for note in table.notes), *others)


def seen_files(files: Sequence[DataFile], before: Mapping[str, SeenFile]) -> dict[str, SeenFile]:
    """Return each file with the hash of its content; unchanged by stat is unchanged.

    Raises WarehouseUnavailable where a file may not be read.
    """
    return {file.name: _seen(file, before.get(file.name)) for file in files}


def digest_of(table: DataTable, files: Mapping[str, SeenFile]) -> str:
    """Return a digest of the names and contents of a table's files."""
    parts = "\n".join(f"{file.name}\0{files[file.name].hash}" for file in table.files)
    return sha256(parts.encode()).hexdigest()


def _seen(file: DataFile, before: SeenFile | None) -> SeenFile:
    if before and (before.size, before.modified_ns) == (file.size, file.modified_ns):
        return before
    return SeenFile(size=file.size, modified_ns=file.modified_ns, hash=_hash(file))


def _hash(file: DataFile) -> str:
    digest = blake2b(digest_size=16)
    try:
        with file.path.open("rb") as content:
            while chunk := content.read(1 << 20):
                digest.update(chunk)
    except OSError as error:
        raise WarehouseUnavailable(f"{file.path} cannot be read: {error.strerror}.") from error
    return digest.hexdigest()
