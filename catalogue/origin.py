"""Where a platform's rows come from, and how the private copy that everything reads is made.

A source is looked at by stat alone (`stamp`), copied by a build (`take`), and read through the
copy that is current. Whoever watches a source for changes needs nothing but this.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from catalogue import snapshot
from catalogue.live_file import Stamp, stamp_of
from catalogue.readers.files.notes import Note
from catalogue.snapshot import Snapshot

Progress = Callable[[str], None]


class Origin(Protocol):
    """One place that rows come from. Every method raises WarehouseUnavailable."""

    def stamp(self) -> Stamp:
        """Return what the source looks like now; equal stamps, equal rows."""
        ...

    def take(self, state: Path, progress: Progress) -> Snapshot:
        """Make a private copy of the source as it is now and make it current.

        Returns the held copy where it is of this very state. A copy that fails, or is killed,
        leaves the last good one.
        """
        ...

    def current(self, state: Path) -> Snapshot:
        """Return the copy that a question reads now; never waits once there is one."""
        ...

    def notes(self, snapshot: Snapshot) -> tuple[Note, ...]:
        """Return what is to be said of how a copy was made: parts left out, or bent to fit."""
        ...


@dataclass(frozen=True, kw_only=True)
class DatabaseFile:
    """A DuckDB file that somebody else writes; followed between builds."""

    path: Path

    def stamp(self) -> Stamp:
        return stamp_of(self.path)

    def take(self, state: Path, progress: Progress) -> Snapshot:
        progress("Copying the warehouse")
        return snapshot.take(self.path, state)

    def current(self, state: Path) -> Snapshot:
        return snapshot.current(self.path, state)

    def notes(self, snapshot: Snapshot) -> tuple[Note, ...]:
        """Return nothing: a file is copied whole or not at all."""
        return ()


@dataclass(frozen=True, kw_only=True)
class LiveDatabase:
    """A DuckDB file that is too large to copy, read where it lies."""

    path: Path

    def stamp(self) -> Stamp:
        return stamp_of(self.path)

    def take(self, state: Path, progress: Progress) -> Snapshot:
        return snapshot.in_place(self.path)

    def current(self, state: Path) -> Snapshot:
        return snapshot.in_place(self.path)

    def notes(self, snapshot: Snapshot) -> tuple[Note, ...]:
        """Return nothing: there is no copy."""
        return ()


def origin_of(place: Path, *, is_live: bool) -> Origin:
    """Return how the rows at a place are reached: a DuckDB file, or a folder of data files."""
    if place.is_dir():
        from catalogue.data_folder import DataFolder

        return DataFolder(root=place)
    return LiveDatabase(path=place) if is_live else DatabaseFile(path=place)
