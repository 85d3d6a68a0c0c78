"""The shop of tests/fixtures/guard, as every test of the guard uses it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from assistant.answer import SafeQuery
from assistant.guard import check
from catalogue.access import Grant, load_policy
from catalogue.catalogue import Catalogue
from catalogue.policy import Policy
from catalogue.readers.duckdb import DuckDBWarehouse

FIXTURES = Path(__file__).parents[2] / "fixtures" / "guard"
ROW_LIMIT = 10_000


@dataclass(frozen=True)
class Shop:
    """A platform with its policy, and a copy that really holds only what an analyst may see."""

    path: Path
    catalogue: Catalogue
    policy: Policy
    whole: duckdb.DuckDBPyConnection
    seen: duckdb.DuckDBPyConnection

    @property
    def analyst(self) -> Grant:
        return self.policy.grant(user=None, role=None)

    @property
    def steward(self) -> Grant:
        return self.policy.grant(user=None, role="steward", any_role=True)

    def check(self, sql: str, grant: Grant) -> SafeQuery:
        return check(sql, catalogue=self.catalogue, grant=grant, row_limit=ROW_LIMIT)

    def guarded(self, sql: str, grant: Grant) -> pa.Table:
        """Check a query and run what came out on the whole warehouse."""
        return rows(self.whole, self.check(sql, grant).sql)


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    """Run a query on a cursor of its own."""
    cursor = connection.cursor()
    try:
        return cursor.sql(sql).to_arrow_reader(1000).read_all()
    finally:
        cursor.close()


def build(directory: Path) -> Shop:
    """Build both warehouses in a directory."""
    path, seen = directory / "shop.duckdb", directory / "seen.duckdb"
    warehouse = (FIXTURES / "warehouse.sql").read_text(encoding="utf-8")
    with duckdb.connect(str(path)) as connection:
        execute(connection, warehouse)
    with duckdb.connect(str(seen)) as connection:
        execute(connection, warehouse)
        execute(connection, (FIXTURES / "seen_by_analyst.sql").read_text(encoding="utf-8"))
    with DuckDBWarehouse(path) as reader:
        catalogue = Catalogue(name="shop", tables=reader.tables())
    return Shop(
        path=path,
        catalogue=catalogue,
        policy=load_policy(FIXTURES / "policy.yaml", catalogue),
        whole=duckdb.connect(str(path), read_only=True),
        seen=duckdb.connect(str(seen), read_only=True),
    )


def execute(connection: duckdb.DuckDBPyConnection, script: str) -> None:
    """Run a script statement by statement."""
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)


def blocks(name: str) -> Iterator[tuple[str, str]]:
    """Yield (title, text) of each block of a fixture file; `-- title` opens a block."""
    title, lines = "", list[str]()
    for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("-- "):
            if title:
                yield title, "\n".join(lines).strip()
            title, lines = line[3:].strip(), []
        else:
            lines.append(line)
    if title:
        yield title, "\n".join(lines).strip()
