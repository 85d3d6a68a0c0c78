"""A warehouse that a pipeline rebuilds all the time, so that a mix of two builds shows.

Every build writes its version number into every row of every table, and as many rows as the number
says. An answer that names all tables is whole only where they agree.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import duckdb

from evals.platforms.dbt import run_dbt

WAREHOUSE = "versions.duckdb"
TABLES = ("t_alpha", "t_beta", "t_gamma", "t_delta", "t_omega")
QUESTION = "Which version is every table at?"
Writer = Literal["dbt", "plain", "replace"]

_ROWS = 40_000
_PROJECT = """
name: versions
version: "1.0.0"
config-version: 2
profile: versions
flags: {send_anonymous_usage_stats: false}
models: {versions: {+materialized: table}}
vars: {build: 0, rows: 0}
"""
_PROFILE = f"""
versions:
  target: dev
  outputs: {{dev: {{type: duckdb, path: {WAREHOUSE}, threads: 1}}}}
"""
_PAUSE = """
import time

import pyarrow as pa


def model(dbt, session):
    dbt.config(materialized="table")
    dbt.ref("{before}")
    time.sleep({seconds})
    return pa.table({{"paused": [{seconds}]}})
"""


def rows_of(version: int) -> int:
    """Return how many rows every table has at a version."""
    return _ROWS + version


def reading() -> str:
    """Return SQL that reads name, lowest and highest version and rows of every table."""
    return " UNION ALL ".join(
        f"SELECT '{table}' AS name, min(version) AS low, max(version) AS high, count(*) AS n "
        f"FROM {table}"
        for table in TABLES
    )


def make_platform(directory: Path, *, serve: str = "snapshot", pause_s: float = 0.0) -> Path:
    """Write the dbt project, build version 0, and make a platform with one verified query."""
    models = directory / "models"
    models.mkdir(parents=True)
    (directory / "dbt_project.yml").write_text(_PROJECT)
    (directory / "profiles.yml").write_text(_PROFILE)
    for before, table in zip((None, *TABLES), TABLES, strict=False):
        (models / f"{table}.sql").write_text(_model(before))
    if pause_s:
        _add_pause(models, pause_s)
    write_plainly(directory / WAREHOUSE, 0)
    (directory / "platform.toml").write_text(
        f'[warehouse]\nengine = "duckdb"\npath = "{WAREHOUSE}"\nserve = "{serve}"\n'
        '[catalogue]\nverified = "verified"\n'
    )
    (directory / "verified").mkdir()
    (directory / "verified" / "versions.yaml").write_text(
        f'id: versions\nquestions: ["{QUESTION}"]\nsql: "{reading()}"\n'
        "verified_by: tests\nverified_on: 2026-11-01\n"
    )
    return directory


def writer_of(kind: Writer, directory: Path, *, pause_s: float = 0.0) -> Callable[[int], None]:
    """Return what writes one version; it raises what the pipeline would."""
    if kind == "dbt":
        return lambda version: build_with_dbt(directory, version)
    if kind == "replace":
        return lambda version: replace_file(directory / WAREHOUSE, version)
    return lambda version: write_elsewhere(directory / WAREHOUSE, version, pause_s=pause_s)


def build_with_dbt(directory: Path, version: int) -> None:
    """Build every table by `dbt build`, each in a transaction of its own; raise DbtFailed."""
    given = json.dumps({"build": version, "rows": rows_of(version)}, separators=(",", ":"))
    run_dbt(directory, f"build --vars {given}")


def write_plainly(warehouse: Path, version: int, *, pause_s: float = 0.0) -> None:
    """Rewrite every table over one connection, pausing between them as a slow model does."""
    with duckdb.connect(str(warehouse)) as connection:
        for table in TABLES:
            connection.execute(f"CREATE OR REPLACE TABLE {table} AS {_rows(version)}")
            time.sleep(pause_s)


def write_elsewhere(warehouse: Path, version: int, *, pause_s: float = 0.0) -> None:
    """Write as `write_plainly` does, in a process of its own; raise RuntimeError with its words."""
    code = f"write_plainly(Path({str(warehouse)!r}), {version}, pause_s={pause_s})"
    call = f"from pathlib import Path; from {__name__} import write_plainly; {code}"
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().rsplit("\n", 1)[-1])


def replace_file(warehouse: Path, version: int) -> None:
    """Write another file and rename it over the old one."""
    fresh = warehouse.with_suffix(".fresh")
    fresh.unlink(missing_ok=True)
    write_plainly(fresh, version)
    shutil.move(fresh, warehouse)


def _rows(version: int) -> str:
    return (
        f"SELECT {version} AS version, i AS id, md5(i::VARCHAR) AS filling "
        f"FROM range({rows_of(version)}) r(i)"
    )


def _model(before: str | None) -> str:
    first = f"-- depends_on: {{{{ ref('{before}') }}}}\n" if before else ""
    return (
        f"{first}select {{{{ var('build') }}}} as version, i as id, md5(i::varchar) as filling "
        "from range({{ var('rows') }}) r(i)\n"
    )


def _add_pause(models: Path, seconds: float) -> None:
    """Put a model that takes its time between the second and the third table."""
    before, after = TABLES[1], TABLES[2]
    (models / "pause.py").write_text(_PAUSE.format(before=before, seconds=seconds))
    file = models / f"{after}.sql"
    file.write_text(f"-- depends_on: {{{{ ref('pause') }}}}\n{file.read_text()}")
