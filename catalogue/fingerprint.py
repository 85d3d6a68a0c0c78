"""A digest of everything a build is made from: equal digests, equal builds.

The warehouse enters by the stamp of its file, every other source by content, and the code that
builds by its text, so that an upgrade builds anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from catalogue.live_file import Stamp
from catalogue.sources import Sources

_DBT_FILES = ("manifest.json", "catalog.json", "sources.json", "semantic_manifest.json")


def fingerprint(sources: Sources, stamp: Stamp, *, profiled: bool) -> str:
    """Return 16 hexadecimal digits."""
    digest = sha256(_code().encode())
    settings = (sources.name, sources.as_of, sources.conventions, stamp, profiled)
    digest.update(repr(settings).encode())
    for path in _files(sources):
        digest.update(f"{path.name}\0".encode())
        digest.update(_content(path))
    return digest.hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class Looks:
    """All sources by their stat alone: where two are equal, nothing has changed."""

    warehouse: Stamp
    files: tuple[tuple[int, int, int] | None, ...]
    """Inode, size and date of each file; None for one that is absent."""

    @property
    def is_at_rest(self) -> bool:
        return self.warehouse.is_at_rest


def looks_of(sources: Sources) -> Looks:
    """Look at every source without reading it; raises WarehouseUnavailable if it is gone."""
    return Looks(
        warehouse=sources.origin.stamp(),
        files=tuple(_stat(path) for path in _files(sources)),
    )


def _stat(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _files(sources: Sources) -> Iterator[Path]:
    if sources.dbt is not None:
        yield from (sources.dbt / name for name in _DBT_FILES)
        yield from sorted(sources.dbt.glob("run_results*.json"))
    if sources.overlay is not None:
        yield sources.overlay
    if sources.verified is not None:
        yield from sorted(sources.verified.glob("*.y*ml"))


def _content(path: Path) -> bytes:
    try:
        return sha256(path.read_bytes()).digest()
    except OSError:
        return b"absent"


@cache
def _code() -> str:
    root = Path(__file__).parent
    digest = sha256()
    for path in sorted([*root.rglob("*.py"), *root.rglob("*.toml")]):
        if "demo" not in path.relative_to(root).parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()
