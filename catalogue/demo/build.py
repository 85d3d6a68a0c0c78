"""Builds the demo platform: bronze from files, silver and gold by dbt, tests, documentation.

A platform directory appears whole or not at all: it is built beside its place and renamed into it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb
from filelock import FileLock

from catalogue.demo.bronze import delivered_files, load_bronze
from catalogue.demo.errors import DemoBuildFailed, DemoNotInstalled, NotADemo
from catalogue.demo.known_failures import freshness, outcomes, surprises

SOURCE = Path(__file__).parent
WAREHOUSE = "nyc.duckdb"
LOG = "demo-build.log"
FINGERPRINT = "demo.fingerprint"
TOOLS = ("dbt-core", "dbt-duckdb", "duckdb")
NEEDED = (
    "manifest.json",
    "catalog.json",
    "run_results.json",
    "sources.json",
    "semantic_manifest.json",
)
LABELS = {
    "models": "Building silver and gold",
    "documentation": "Writing the documentation",
    "freshness": "Checking freshness",
    "tests": "Running the tests",
}


def build_demo(directory: Path, *, progress: Callable[[str], None]) -> Path:
    """Build the demo platform in `directory` unless it is there already; return the directory.

    `progress` is called with a short line as each step starts. Raises DemoNotInstalled, NotADemo
    where the directory holds something else, and DemoBuildFailed.
    """
    directory = directory.absolute()
    directory.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(directory.parent / f".{directory.name}.lock"):
        fingerprint = _fingerprint()
        if not _is_current(directory, fingerprint):
            _refuse_others_files(directory)
            _replace(directory, fingerprint, progress)
    return directory


def _refuse_others_files(directory: Path) -> None:
    """Raise NotADemo rather than replace a directory that this module did not write."""
    if directory.is_dir() and not (directory / FINGERPRINT).is_file() and any(directory.iterdir()):
        raise NotADemo(directory)


def _replace(directory: Path, fingerprint: str, progress: Callable[[str], None]) -> None:
    workplace = directory.parent / f".{directory.name}.building"
    log = directory.parent / f"{directory.name}-build.log"
    shutil.rmtree(workplace, ignore_errors=True)
    log.unlink(missing_ok=True)
    workplace.mkdir()
    try:
        _build(workplace, log, progress)
        (workplace / FINGERPRINT).write_text(fingerprint)
        log.rename(workplace / LOG)
        _swap(workplace, directory)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def _is_current(directory: Path, fingerprint: str) -> bool:
    mark = directory / FINGERPRINT
    return mark.is_file() and mark.read_text() == fingerprint


def _fingerprint() -> str:
    """Return a digest of everything the platform is made of."""
    digest = hashlib.sha256()
    for file in sorted(_ingredients(SOURCE)):
        digest.update(str(file.relative_to(SOURCE)).encode() + b"\0" + file.read_bytes())
    try:
        for file in sorted(delivered_files().iterdir()):
            digest.update(f"{file.name} {file.stat().st_size}".encode())
        for package in TOOLS:
            digest.update(f"{package} {version(package)}".encode())
    except (FileNotFoundError, PackageNotFoundError) as error:
        raise DemoNotInstalled(str(error)) from error
    return digest.hexdigest()


def _ingredients(folder: Path) -> Iterator[Path]:
    used = (".py", ".sql", ".yml", ".yaml", ".csv", ".toml")
    return (file for file in folder.rglob("*") if file.suffix in used)


def _build(workplace: Path, log: Path, progress: Callable[[str], None]) -> None:
    """Fill an empty directory with a whole platform."""
    progress("Loading the delivered files")
    _load(workplace / WAREHOUSE, log)
    shutil.copytree(SOURCE / "project", workplace / "dbt")
    shutil.copytree(SOURCE / "platform", workplace, dirs_exist_ok=True)
    _run_dbt(workplace, log, progress)
    _judge(workplace / "target", log)


def _load(warehouse: Path, log: Path) -> None:
    try:
        load_bronze(warehouse)
    except (OSError, duckdb.Error) as error:
        log.write_text(f"{error}\n")
        raise DemoBuildFailed("load", log, reason=str(error)) from error


def _run_dbt(workplace: Path, log: Path, progress: Callable[[str], None]) -> None:
    command = [sys.executable, "-m", "catalogue.demo.dbt_steps", "dbt", "target"]
    step = "dbt"
    with (
        log.open("a") as output,
        subprocess.Popen(
            command,
            cwd=workplace,
            env=_environment(workplace),
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
        ) as process,
    ):
        try:
            for line in process.stdout or ():
                step = line.removeprefix("step ").strip()
                progress(LABELS.get(step, step))
            code = process.wait()
        finally:
            process.kill()
    if code:
        raise DemoBuildFailed(step, log)


def _environment(workplace: Path) -> dict[str, str]:
    """Return dbt's environment: the warehouse, our packages, and nothing sent anywhere."""
    paths = [str(SOURCE.parents[1]), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "NYC_FLIGHTS_DUCKDB": str(workplace / WAREHOUSE),
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_LOG_PATH": str(workplace / "logs"),
        "DBT_USE_COLORS": "false",
    }


def _judge(target: Path, log: Path) -> None:
    missing = [name for name in NEEDED if not (target / name).is_file()]
    if missing:
        raise DemoBuildFailed("documentation", log, reason=f"{', '.join(missing)} not written")
    found = surprises(outcomes(target / "run_results.json"), freshness(target / "sources.json"))
    if found:
        raise DemoBuildFailed("tests", log, reason="; ".join(found))


def _swap(workplace: Path, directory: Path) -> None:
    """Put the new platform in the old one's place; what others added to the old moves over."""
    retired = directory.parent / f".{directory.name}.retired"
    shutil.rmtree(retired, ignore_errors=True)
    if directory.exists():
        directory.rename(retired)
    workplace.rename(directory)
    for place in (".", "verified"):
        _carry_over(retired / place, directory / place)
    shutil.rmtree(retired, ignore_errors=True)


def _carry_over(old: Path, new: Path) -> None:
    for entry in old.iterdir() if old.is_dir() else ():
        if not (new / entry.name).exists():
            entry.rename(new / entry.name)
