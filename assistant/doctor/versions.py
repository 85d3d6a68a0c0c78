"""Which versions of the parts that matter are installed."""

import sys
from importlib.metadata import PackageNotFoundError, version

from assistant.doctor.report import Check

_PARTS = ("duckdb", "metricflow", "dbt-core", "dbt-duckdb")
_OLDEST_PYTHON = (3, 11)


def versions_check() -> Check:
    """Name the versions; only a Python that is too old is a fault."""
    python = ".".join(map(str, sys.version_info[:3]))
    found = [f"Python {python}", *(f"{name} {at}" for name in _PARTS if (at := _version(name)))]
    said = f"Version {_version('data-platform-assistant') or 'unknown'}, on {', '.join(found)}."
    if sys.version_info < _OLDEST_PYTHON:
        return Check(name="versions", status="blocks", said=said, step="Install Python 3.11.")
    return Check(name="versions", status="ok", said=said)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
