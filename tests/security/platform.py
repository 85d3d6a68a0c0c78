"""A small warehouse with views of every kind, and what a role gets to see of all of it."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from assistant.errors import QueryRejected
from assistant.guard import check
from catalogue.access import Grant, load_policy, narrow
from catalogue.catalogue import Catalogue
from catalogue.readers.duckdb import DuckDBWarehouse

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Platform:
    """A warehouse file and its catalogue."""

    path: Path
    catalogue: Catalogue

    def grant(self, body: str, directory: Path) -> Grant:
        """Return the grant of a role with these rules."""
        file = directory / "policy.yaml"
        file.write_text(f"default_role: r\nroles:\n  r:\n    {body}\n", encoding="utf-8")
        return load_policy(file, self.catalogue).grant(user=None, role=None)

    def shown(self, grant: Grant) -> dict[str, str]:
        """Return what each table of the catalogue shows under a grant, as text; '' if refused."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return {
                table.full_name: self._rows(connection, grant, f'"{table.schema}"."{table.name}"')
                for table in self.catalogue.tables
            }

    def _rows(self, connection: duckdb.DuckDBPyConnection, grant: Grant, table: str) -> str:
        try:
            safe = check(f"FROM {table}", catalogue=self.catalogue, grant=grant, row_limit=100)
        except QueryRejected:
            return ""
        described = narrow(self.catalogue, grant).tables
        try:
            return f"{connection.execute(safe.sql).fetchall()} {described}"
        except duckdb.CatalogException as error:  # a view that DuckDB itself cannot resolve
            return str(error)


def build(directory: Path, *scripts: str) -> Platform:
    """Build a warehouse from scripts of this folder."""
    path = directory / "secrets.duckdb"
    with duckdb.connect(str(path)) as connection:
        for script in scripts:
            for statement in (HERE / script).read_text(encoding="utf-8").split(";\n"):
                connection.execute(statement)
    with DuckDBWarehouse(path) as reader:
        return Platform(path=path, catalogue=Catalogue(name="secrets", tables=reader.tables()))
