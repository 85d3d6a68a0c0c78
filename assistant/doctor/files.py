"""The files a platform is made from: warehouse, dbt's artifacts, and room for what is built."""

import shutil
import sys
import time
from pathlib import Path

from assistant.doctor.report import Check
from assistant.settings import Settings
from catalogue.errors import CatalogueError

_ROOM_FACTOR = 2.5
"""Copies of the warehouse that a build may hold at once, and some room for the index."""
_DAY_S = 86_400


def warehouse_check(settings: Settings) -> Check:
    """Say whether the warehouse can be reached, and whether somebody writes it now."""
    place = settings.warehouse
    try:
        stamp = settings.sources().origin.stamp()
    except CatalogueError as error:
        step = "Put it back, or name another in platform.toml."
        return Check(name="warehouse", status="blocks", said=str(error), step=step)
    kind = "data folder" if place.is_dir() else "DuckDB file"
    size, written = _bytes(stamp.size), _ago(stamp.modified_ns)
    said = f"{place.resolve()} is a {kind} of {size}, last written {written}."
    if place.is_file() and (writer := _writer_of(place)):
        said += f" Process {writer} has it open for writing"
        if settings.serve == "live":
            step = f'Close process {writer}, or set `serve = "snapshot"` under [warehouse].'
            return Check(name="warehouse", status="warning", said=f"{said}.", step=step)
        said += ", which is no harm: a copy is read."
    return Check(name="warehouse", status="ok", said=said)


def artifacts_check(settings: Settings) -> list[Check]:
    """Say which of dbt's artifacts are missing, old, or of another target."""
    from catalogue.readers.dbt.target import missing_artifacts, other_target

    if settings.dbt is None:
        return []
    manifest = settings.dbt / "manifest.json"
    try:
        others = other_target(settings.dbt, settings.warehouse)
        written_ns = manifest.stat().st_mtime_ns
    except (CatalogueError, OSError) as error:
        said = str(error) if isinstance(error, CatalogueError) else f"{manifest} is not there."
        step = "Run `dbt build` in the project."
        return [Check(name="artifacts", status="blocks", said=said, step=step)]
    said = f"{manifest} was written {_ago(written_ns)}."
    for problem in (*others, *missing_artifacts(settings.dbt)):
        said, step = problem.rsplit(": run ", 1)[0], _step_of(problem)
        return [Check(name="artifacts", status="warning", said=f"{said.rstrip('.')}.", step=step)]
    if settings.warehouse.is_file() and _is_older(written_ns, settings.warehouse):
        step = "Run `dbt build` again, so that names, tests and tables are of one run."
        said += " The warehouse was written more than a day later."
        return [Check(name="artifacts", status="warning", said=said, step=step)]
    return [Check(name="artifacts", status="ok", said=said)]


def disk_check(settings: Settings) -> Check:
    """Say whether a build has room."""
    place = settings.state
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    needed = int(_size(settings) * _ROOM_FACTOR) if settings.serve == "snapshot" else 0
    said = f"{_bytes(free)} free for {settings.state}; a build needs about {_bytes(needed)}."
    if free >= needed:
        return Check(name="disk", status="ok", said=said)
    step = "Make room there"
    if settings.warehouse.is_file():
        step += ', or set `serve = "live"` under [warehouse]'
    return Check(name="disk", status="warning", said=said, step=f"{step}.")


def _size(settings: Settings) -> int:
    try:
        return settings.sources().origin.stamp().size
    except CatalogueError:
        return 0


def _step_of(problem: str) -> str:
    """Return the advice at the end of a sentence about an artifact."""
    _, command, rest = problem.rpartition(": run ")
    return f"Run {rest}" if command else problem[problem.rindex("Run ") :]


def _is_older(written_ns: int, warehouse: Path) -> bool:
    return warehouse.stat().st_mtime_ns - written_ns > _DAY_S * 10**9


def _writer_of(path: Path) -> int | None:
    """Return the process that holds the file locked for writing, without touching the lock."""
    if not sys.platform.startswith("linux"):
        return None
    import fcntl
    import struct

    form = "hhqqi4x"
    asked = struct.pack(form, fcntl.F_RDLCK, 0, 0, 0, 0)
    with path.open("rb") as file:
        kind, _, _, _, holder = struct.unpack(form, fcntl.fcntl(file, fcntl.F_GETLK, asked))
    return int(holder) if kind == fcntl.F_WRLCK else None


def _ago(moment_ns: int) -> str:
    seconds = max(0.0, time.time() - moment_ns / 1e9)
    for unit, length in (("day", _DAY_S), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count:,} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def _bytes(count: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count} bytes"
