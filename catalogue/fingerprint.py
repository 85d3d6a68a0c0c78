"""A digest of everything a build is made from: equal digests, equal builds.

The warehouse enters by the stamp of its file, every other source by content, and the code that
builds by its text, so that an upgrade builds anew.
"""

from collections.abc import Iterator
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
    for path in sorted(root.rglob("*.py")):
        if "demo" not in path.relative_to(root).parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()
