"""The newcomers' platforms for tests: each built once per checkout, shared by every test run."""

import hashlib
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from filelock import FileLock

from evals.platforms.messy import build_messy
from evals.platforms.shop import build_shop

_ROOT = Path(__file__).parents[1]
_PLACE = _ROOT / ".assistant" / "newcomers"


@cache
def messy_directory() -> Path:
    """Return the messy warehouse's platform; the first call of a fresh checkout builds it."""
    return _built("messy", build_messy)


@cache
def shop_directory() -> Path:
    """Return the tea shop's platform, built by the real dbt in some ten seconds."""
    return _built("shop", build_shop)


def _built(name: str, build: Callable[[Path], Path]) -> Path:
    """Build a platform in its place unless the same was built there before."""
    directory, mark = _PLACE / name, _PLACE / f"{name}.fingerprint"
    _PLACE.mkdir(parents=True, exist_ok=True)
    with FileLock(_PLACE / f".{name}.lock"):
        wanted = _fingerprint()
        if not mark.is_file() or mark.read_text() != wanted:
            mark.unlink(missing_ok=True)
            shutil.rmtree(directory, ignore_errors=True)
            build(directory)
            mark.write_text(wanted)
    return directory


def _fingerprint() -> str:
    """Return a digest of everything that the platforms are made of."""
    digest = hashlib.sha256()
    folder = _ROOT / "evals" / "platforms"
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
