"""A warehouse read under the declared filters: statistics are taken of the rows that count."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from catalogue.model import Relationship, Table
from catalogue.sql_tree import Node, nodes, parse, to_sql
from catalogue.warehouse import Warehouse, quoted

if TYPE_CHECKING:
    import pyarrow as pa


class FilteredWarehouse:
    """Every named table becomes its rows that meet its filter, whoever wrote the query."""

    def __init__(self, warehouse: Warehouse, filters: Mapping[str, str]) -> None:
        """`filters` are checked conditions by full table name in lower case."""
        self._warehouse, self._filters = warehouse, filters

    def tables(self) -> tuple[Table, ...]:
        """Return every table and view, as it is."""
        return self._warehouse.tables()

    def relationships(self) -> tuple[Relationship, ...]:
        """Return the foreign keys that the warehouse declares."""
        return self._warehouse.relationships()

    def query(self, sql: str) -> "pa.Table":
        """Run trusted SQL over the rows that count, or raise WarehouseUnavailable."""
        return self._warehouse.query(self._filtered(sql) if self._filters else sql)

    def close(self) -> None:
        self._warehouse.close()

    def _filtered(self, sql: str) -> str:
        tree = parse(sql)
        uses = [node for node in nodes(tree) if node.get("type") == "BASE_TABLE"]
        for node in uses:
            if condition := self._filters.get(_full_name(node)):
                _wrap(node, condition)
        return to_sql(tree)


def _full_name(node: Node) -> str:
    """The name as trusted SQL spells it: always with its schema, so no CTE can be meant."""
    path = node.get("qualified_name", {}).get("path", [])
    return ".".join(str(part) for part in path[-2:]).lower()


def _wrap(node: Node, condition: str) -> None:
    path = [str(part) for part in node["qualified_name"]["path"]]
    kept = {field: node[field] for field in ("sample", "column_name_alias") if field in node}
    alias = node.get("alias") or path[-1]
    inner = parse(f"SELECT * FROM {quoted(*path)} WHERE {condition}")["statements"][0]["node"]
    node.clear()
    node.update(kept)
    node.update(type="SUBQUERY", alias=alias, subquery={"node": inner})
