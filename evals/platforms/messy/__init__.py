"""A messy warehouse: 300 tables in three layers, built in seconds and the same every time.

History, soft deletes, test rows, near-duplicates, balances, rates, mixed units, several event
times, an April fiscal year, and people under names that do not say so.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml

from evals.platforms.messy.fillers import COPIED, COPIES, fillers
from evals.platforms.people import people

PEOPLE = 500
WAREHOUSE = "nordhaven.duckdb"
_HERE = Path(__file__).parent
_LAYERS = ("raw.sql", "clean.sql", "mart.sql")


@dataclass(frozen=True, kw_only=True)
class Planted:
    """Which columns hold people: `schema.table.column`."""

    personal: frozenset[str]
    unsure: frozenset[str]


def build_messy(directory: Path) -> Path:
    """Write the warehouse and its platform.toml into a directory; return the directory."""
    directory.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(directory / WAREHOUSE)) as connection:
        connection.register("given", people(PEOPLE))
        connection.execute("CREATE TEMP TABLE people AS SELECT * FROM given")
        for layer in _LAYERS:
            connection.execute((_HERE / layer).read_text(encoding="utf-8"))
        connection.execute("DROP MACRO pick; DROP MACRO day_of")
        for statement in fillers(len(base_tables(connection))):
            connection.execute(statement)
    (directory / "platform.toml").write_bytes((_HERE / "platform.toml").read_bytes())
    return directory


def base_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the permanent tables as `schema.table`."""
    found = connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() "
        "WHERE NOT temporary ORDER BY 1"
    )
    return [str(name) for (name,) in found.fetchall()]


def planted() -> Planted:
    """Return the manifest of people's columns, those of the copies included."""
    manifest = yaml.safe_load((_HERE / "planted.yaml").read_text(encoding="utf-8"))
    copies = {f"{table}.{column}" for table in COPIES for column in COPIED}
    return Planted(
        personal=frozenset(_named(manifest["planted"]) | copies),
        unsure=frozenset(_named(manifest["unsure"]) | {f"{table}.pstlz" for table in COPIES}),
    )


def _named(columns: dict[str, list[str]]) -> set[str]:
    return {f"{table}.{column}" for table, names in columns.items() for column in names}
