"""Builds and loads what the assistant answers from: catalogue, values and search index.

A build goes to `<state>/index/<fingerprint>/`, which is never modified afterwards; `current` names
the one in use and is swapped by rename, so a build that is killed leaves the last good one.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue.catalogue import Catalogue
from catalogue.errors import IndexUnavailable
from catalogue.fingerprint import fingerprint
from catalogue.snapshot import POINTER, Snapshot, read_pointer, write_pointer
from catalogue.sources import Sources
from catalogue.store import from_json, to_json
from catalogue.values import ValueIndex

if TYPE_CHECKING:
    from catalogue.readers.duckdb import DuckDBWarehouse
    from catalogue.readers.duckdb_live import LiveWarehouse

Progress = Callable[[str], None]
Indexer = Callable[[Path, Catalogue, Progress], None]
SMALL_TABLES = 40
SMALL_BYTES = 100 * 10**6
"""Up to both, a first build is a full one."""
KEPT = 2
"""Builds kept: the current one, and the one before it for those who still read it."""


@dataclass(frozen=True, kw_only=True)
class Built:
    """One finished build."""

    directory: Path
    catalogue: Catalogue
    values: ValueIndex
    snapshot: Snapshot
    """What it was made from."""

    @property
    def fingerprint(self) -> str:
        return self.directory.name


def silent(_: str) -> None:
    """The progress of a build that nobody watches."""


def build(
    sources: Sources,
    *,
    progress: Progress = silent,
    index: Indexer | None = None,
    profiled: bool | None = True,
) -> Built:
    """Read all sources and make the result current; returns at once if nothing has changed.

    `index` writes the search index into the build's directory; None is Chroma with the default
    embedder. `profiled=False` leaves statistics, values and meaning out, for a first answer in
    seconds; None does so only where the rest would take longer. It never replaces a full build.
    Raises WarehouseUnavailable, BadArtifact or BadFile, and then the last good build stays.
    """
    from filelock import FileLock

    directory = sources.state / "index"
    with _writable(sources.state), FileLock(sources.state / "build.lock"):
        directory.mkdir(exist_ok=True)
        snapshot = sources.origin.take(sources.state, progress)
        in_full = fingerprint(sources, snapshot.stamp, profiled=True)
        if profiled is None:
            profiled = _is_small(sources, snapshot)
        if profiled or _load(directory / in_full, snapshot) is not None:
            name, profiled = in_full, True
        else:
            name = fingerprint(sources, snapshot.stamp, profiled=False)
        built = _load(directory / name, snapshot)
        if built is None:
            _remove_unfinished(sources.state)
            index = index or (_default_index if profiled else _no_index)
            with _unfinished(directory, name) as part:
                _write_build(part, sources, snapshot, progress, index, profiled)
            built = _load(directory / name, snapshot)
        if built is None:
            raise IndexUnavailable(f"{directory / name} cannot be read back after the build.")
        _point_to(directory, name)
        _remove_old(directory, name)
        progress("Ready")
        return built


def load(sources: Sources) -> Built | None:
    """Return the current build, or None where there is none that this version can read."""
    directory = sources.state / "index"
    name = _current_name(directory)
    if name is None:
        return None
    return _load(directory / name, _held(sources, directory / name))


def _held(sources: Sources, build: Path) -> Snapshot:
    """Return what a build was made from, or the next best where that is gone."""
    held = None if sources.is_live else read_pointer(build / POINTER, sources.state)
    return held or sources.origin.current(sources.state)


def _opened(sources: Sources, snapshot: Snapshot) -> "DuckDBWarehouse | LiveWarehouse":
    timezone = sources.conventions.timezone
    if sources.is_live:
        from catalogue.readers.duckdb_live import LiveWarehouse

        spill = sources.state / f".spill-{os.getpid()}"
        return LiveWarehouse(snapshot.path, timezone=timezone, spill=spill)
    from catalogue.readers.duckdb import DuckDBWarehouse

    return DuckDBWarehouse(snapshot.path, timezone=timezone)


def is_current(sources: Sources, built: Built) -> bool:
    """True while no newer build has replaced this one; costs the read of one small file."""
    return _current_name(sources.state / "index") in (built.fingerprint, None)


def is_stale(sources: Sources, built: Built) -> bool:
    """True where a source has changed since the build and rests: `build` would make another."""
    stamp = sources.origin.stamp()
    return stamp.is_at_rest and fingerprint(sources, stamp, profiled=True) != built.fingerprint


def _write_build(
    directory: Path,
    sources: Sources,
    snapshot: Snapshot,
    progress: Progress,
    index: Indexer,
    profiled: bool,
) -> None:
    from catalogue.assemble import assemble
    from catalogue.classify.suspicion import with_suspicions
    from catalogue.filtered_warehouse import FilteredWarehouse
    from catalogue.house_filters import checked, under
    from catalogue.import_notes import with_notes
    from catalogue.money import with_currency
    from catalogue.remembered_reads import RememberingWarehouse
    from catalogue.statistics import with_inferred, with_statistics

    values = ValueIndex()
    with _opened(sources, snapshot) as warehouse:
        progress("Reading tables, documentation and tests")
        assembled = assemble(sources, warehouse)
        read = with_notes(assembled.catalogue, sources.origin.notes(snapshot), snapshot.taken_at)
        catalogue = _with_evidence(read, sources)
        progress("Looking for personal data")
        catalogue = replace(
            catalogue, tables=with_suspicions(catalogue.tables, warehouse, is_brief=not profiled)
        )
        catalogue = under(catalogue, sources.conventions)
        if profiled:
            reads = RememberingWarehouse(warehouse, catalogue.tables, _before(directory))
            counted = FilteredWarehouse(reads, checked(catalogue))
            catalogue, values = with_statistics(
                catalogue, counted, compiler=assembled.semantic, progress=progress
            )
            reads.save(directory)
        else:
            catalogue = with_inferred(catalogue, warehouse, compiler=assembled.semantic)
    catalogue = with_currency(replace(catalogue, is_profiled=profiled))
    _dump(directory / "catalogue.json", catalogue)
    _dump(directory / "values.json", values)
    if not sources.is_live:
        write_pointer(directory / POINTER, snapshot)
    progress("Indexing for search")
    index(directory, catalogue, progress)


def _with_evidence(catalogue: Catalogue, sources: Sources) -> Catalogue:
    """Add the results read now to those kept, and judge every table by the latest of each."""
    from catalogue.evidence import keep, kept
    from catalogue.health import judge

    record = sources.state / "evidence.sqlite"
    keep(record, catalogue.results)
    known = {check.id for check in catalogue.checks}
    results = tuple(result for result in kept(record) if result.check_id in known)
    evidence = judge(catalogue.tables, catalogue.checks, results)
    return replace(catalogue, results=results, evidence=evidence)


def _is_small(sources: Sources, snapshot: Snapshot) -> bool:
    """True where profiles and meaning take a few seconds too."""
    if snapshot.stamp.size > SMALL_BYTES:
        return False
    with _opened(sources, snapshot) as warehouse:
        return len(warehouse.tables()) <= SMALL_TABLES


def _no_index(directory: Path, catalogue: Catalogue, progress: Progress) -> None:
    from catalogue.embeddings import MiniLM
    from catalogue.search.index import leave_out

    leave_out(directory, MiniLM())


def _default_index(directory: Path, catalogue: Catalogue, progress: Progress) -> None:
    from catalogue.embeddings import MiniLM
    from catalogue.search.index import build_index
    from catalogue.search.remembered import RememberingEmbedder

    embedder = RememberingEmbedder(MiniLM(), _before(directory))
    build_index(directory, catalogue, embedder, progress)
    embedder.save(directory)


def _before(directory: Path) -> Path | None:
    """Return the build in use, which the one being written in `directory` may learn from."""
    name = _current_name(directory.parent)
    return directory.parent / name if name else None


def _load(directory: Path, snapshot: Snapshot) -> Built | None:
    """Return a finished build, or None where there is none or it is damaged."""
    try:
        catalogue = from_json(Catalogue, _read(directory / "catalogue.json"))
        values = from_json(ValueIndex, _read(directory / "values.json"))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return Built(directory=directory, catalogue=catalogue, values=values, snapshot=snapshot)


def _read(path: Path) -> object:
    return json.loads(path.read_text(encoding="utf-8"))


def _dump(path: Path, value: object) -> None:
    text = json.dumps(to_json(value), ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")


def _current_name(directory: Path) -> str | None:
    try:
        name = (directory / "current").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return name if name and (directory / name).is_dir() else None


def _point_to(directory: Path, name: str) -> None:
    if _current_name(directory) == name:
        return
    part = directory / f".current-{os.getpid()}"
    part.write_text(name, encoding="utf-8")
    part.replace(directory / "current")


@contextmanager
def _writable(state: Path) -> Iterator[None]:
    """Say in one sentence that the state cannot be written: no room, no right, or no directory."""
    try:
        state.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        problem = error.strerror or "unknown error"
        raise IndexUnavailable(f"{state} cannot be written: {problem}.") from error


@contextmanager
def _unfinished(directory: Path, name: str) -> Iterator[Path]:
    """A directory that gets its name only when the work in it is done."""
    part = directory / f".part-{os.getpid()}"
    part.mkdir()
    try:
        yield part
        shutil.rmtree(directory / name, ignore_errors=True)
        part.replace(directory / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _remove_unfinished(state: Path) -> None:
    """Remove what a killed build left; nobody else builds now."""
    for part in (*state.glob("index/.part-*"), *state.glob("**/.spill-*")):
        shutil.rmtree(part, ignore_errors=True)


def _remove_old(directory: Path, current: str) -> None:
    builds = [each for each in directory.iterdir() if each.is_dir() and each.name != current]
    builds.sort(key=lambda each: each.stat().st_mtime_ns, reverse=True)
    for old in builds[KEPT - 1 :]:
        with suppress(OSError):
            shutil.rmtree(old)
