"""Which column identifies the rows of a table: declared, or unique in the data.

A column is a candidate by its statistics; only an exact count makes it a key. A key is measured
once per table, all candidates in one query.
"""

from collections.abc import Sequence

from catalogue.infer.natures import Natured, is_whole
from catalogue.infer.words import Words, singular
from catalogue.model import Column, Table
from catalogue.profile import is_text
from catalogue.warehouse import Warehouse, quoted

_NEARLY = 0.9
"""Distinct values are estimated: so large a part of the rows may be all of them."""
_MOST_CANDIDATES = 8


def candidates(table: Table, columns: Sequence[Natured]) -> tuple[Column, ...]:
    """Return the columns that may identify the rows, by name, type and statistics."""
    if not table.row_count:
        return ()
    found = [each.column for each in columns if _may_be(each, table)]
    return tuple(found[:_MOST_CANDIDATES])


def unique_columns(table: Table, columns: Sequence[Column], warehouse: Warehouse) -> frozenset[str]:
    """Return the names of those columns that hold every value once and no gap."""
    if not columns:
        return frozenset()
    counted = ", ".join(
        f"count(DISTINCT {quoted(column.name)}) AS distinct_{at}"
        for at, column in enumerate(columns)
    )
    sql = f"SELECT count(*) AS row_count, {counted} FROM {quoted(table.schema, table.name)}"
    row = warehouse.query(sql).to_pylist()[0]
    return frozenset(
        column.name
        for at, column in enumerate(columns)
        if row[f"distinct_{at}"] == row["row_count"]
    )


def primary_key(
    table: Table, entity: Words, columns: Sequence[Natured], unique: frozenset[str]
) -> str | None:
    """Return the one column that identifies the rows: declared, else the best named unique one."""
    if len(table.primary_key) == 1:
        return table.primary_key[0]
    claims = [(_claim(entity, each.words), each.column.name) for each in columns
              if each.column.name in unique]  # fmt: skip
    best = max((claim for claim, _ in claims), default=0)
    return next((name for claim, name in claims if claim == best and best), None)


def _may_be(each: Natured, table: Table) -> bool:
    found = each.column.profile
    if found is None or found.nulls or each.nature in ("time", "sum", "level"):
        return each.column.name in table.primary_key
    if not (is_text(each.column) or is_whole(each.column)):
        return False
    return (found.distinct or 0) >= _NEARLY * (table.row_count or 0)


def _claim(entity: Words, words: Words) -> int:
    """How much a name sounds like the table's key: `id`, `customer_id`, another id, a code."""
    own = {singular(word) for word in entity}
    said = {singular(word) for word in words}
    if words in (("id",), ("key",), ("sk",), ("uuid",), ("code",), ("number",)):
        return 5
    ends = words[-1] in ("id", "key", "sk", "pk", "uuid", "guid")
    if ends and said - {words[-1]} <= own:
        return 5 if words[-1] != "uuid" else 4
    if said & own and words[-1] in ("code", "number", "no", "nr"):
        return 3
    return 2 if ends else 1 if words[-1] in ("code", "number", "no", "symbol") else 0
