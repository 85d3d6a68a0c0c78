"""Which base column a column reference of a statement means, where that is plain."""

from sqlglot import exp

from catalogue.catalogue import Catalogue
from catalogue.model import Table


def tables_by_alias(statement: exp.Expr, catalogue: Catalogue) -> dict[str, Table]:
    """Base tables of a statement by the name they go by in it; names used twice are left out."""
    found: dict[str, Table] = {}
    doubled: set[str] = set()
    for node in statement.find_all(exp.Table):
        name = f"{node.db}.{node.name}" if node.db else node.name
        matching = [
            table
            for table in catalogue.tables
            if name.lower() in (table.full_name.lower(), table.name.lower())
        ]
        if len(matching) != 1:
            continue
        alias = node.alias_or_name.lower()
        if alias in found and found[alias] is not matching[0]:
            doubled.add(alias)
        found[alias] = matching[0]
    return {alias: table for alias, table in found.items() if alias not in doubled}


def base_column(column: exp.Column, tables: dict[str, Table]) -> str | None:
    """Return `schema.table.column`, or None where it is not plain which one is meant."""
    if column.table:
        table = tables.get(column.table.lower())
        owners = [table] if table and table.column(column.name) else []
    else:
        owners = [table for table in set(tables.values()) if table.column(column.name)]
    if len(owners) != 1:
        return None
    found = owners[0].column(column.name)
    return f"{owners[0].full_name}.{found.name}" if found else None
