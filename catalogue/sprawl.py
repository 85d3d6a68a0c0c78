"""Tables that hold an entity besides its golden table: rivals, which count it otherwise.

A rival has the golden table's key, one row for each or nearly, under the same name or among much
the same columns; and its keys are in fact the golden table's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from catalogue.catalogue import Catalogue
from catalogue.errors import WarehouseUnavailable
from catalogue.infer.naming import entity_words
from catalogue.infer.words import Words
from catalogue.merge import is_same_type
from catalogue.model import Column, Entity, Rival, Table
from catalogue.warehouse import Warehouse, quoted

LEAST_OVERLAP = 0.5
"""The share of a rival's keys that the golden table must know."""
_MUCH_THE_SAME = 0.5
"""The share of the smaller table's columns that both have."""
_NEARLY_UNIQUE = 0.9
_MOST = 5


def with_rivals(catalogue: Catalogue, warehouse: Warehouse) -> Catalogue:
    """Return the catalogue with the rivals of every entity that has a golden table and a key."""
    words = entity_words(catalogue.tables)
    found = [
        rival
        for entity in catalogue.entities
        for rival in _rivals(entity, catalogue.tables_by_name, words, warehouse)
    ]
    return replace(catalogue, rivals=tuple(found))


def _rivals(
    entity: Entity, tables: Mapping[str, Table], words: Mapping[str, Words], warehouse: Warehouse
) -> list[Rival]:
    golden = tables.get((entity.golden or "").lower())
    key = golden.column(_key(entity, golden)) if golden else None
    if golden is None or key is None:
        return []
    candidates = _candidates(golden, key, tables, words)
    measured = [_measured(entity, golden, key, *each, warehouse) for each in candidates]
    real = [rival for rival in measured if rival and rival.overlap >= LEAST_OVERLAP]
    return sorted(real, key=lambda rival: (-rival.overlap, rival.table))[:_MOST]


def _key(entity: Entity, golden: Table) -> str:
    own = golden.primary_key[0] if len(golden.primary_key) == 1 else ""
    return entity.key or own


def _candidates(
    golden: Table, key: Column, tables: Mapping[str, Table], words: Mapping[str, Words]
) -> Iterator[tuple[Table, Column]]:
    for table in tables.values():
        column = table.column(key.name)
        if table.full_name == golden.full_name or column is None:
            continue
        if not is_same_type(column.data_type, key.data_type):
            continue
        is_namesake = words[table.full_name] == words[golden.full_name]
        if is_namesake or (_is_nearly_unique(table, column) and _is_alike(table, golden)):
            yield table, column


def _is_nearly_unique(table: Table, column: Column) -> bool:
    distinct = column.profile.distinct if column.profile else None
    rows = table.row_count
    return bool(distinct and rows) and float(distinct or 0) >= _NEARLY_UNIQUE * float(rows or 0)


def _is_alike(table: Table, golden: Table) -> bool:
    names = {column.name.lower() for column in table.columns}
    others = {column.name.lower() for column in golden.columns}
    return len(names & others) >= max(2, _MUCH_THE_SAME * min(len(names), len(others)))


def _measured(
    entity: Entity,
    golden: Table,
    key: Column,
    table: Table,
    column: Column,
    warehouse: Warehouse,
) -> Rival | None:
    left, right = quoted(table.schema, table.name), quoted(golden.schema, golden.name)
    mine, theirs = quoted(column.name), quoted(key.name)
    sql = (
        f"SELECT count(*) AS keys, count(known.k) AS shared "
        f"FROM (SELECT DISTINCT {mine} AS k FROM {left} WHERE {mine} IS NOT NULL) AS own "
        f"LEFT JOIN (SELECT DISTINCT {theirs} AS k FROM {right}) AS known ON own.k = known.k"
    )
    try:
        counted = warehouse.query(sql).to_pylist()[0]
    except WarehouseUnavailable:
        return None
    keys = int(counted["keys"])
    return Rival(
        entity=entity.name,
        golden=golden.full_name,
        golden_key=key.name,
        table=table.full_name,
        key=column.name,
        overlap=int(counted["shared"]) / keys if keys else 0.0,
    )
