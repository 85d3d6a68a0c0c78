"""Which tables and columns matter to a question, from what the search found."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from assistant.drafting.value_matches import words
from catalogue.catalogue import Catalogue
from catalogue.model import Column, Hit, Table


def tables_that_matter(hits: Sequence[Hit], catalogue: Catalogue) -> list[Table]:
    """Return found tables, best first, then the tables of found metrics."""
    names = [hit.name for hit in hits if hit.kind == "table"]
    for hit in hits:
        if hit.kind == "metric" and (metric := catalogue.metrics_by_name.get(hit.name.lower())):
            names += metric.tables
    known = catalogue.tables_by_name
    ranked = dict.fromkeys(name.lower() for name in names if name.lower() in known)
    return [known[name] for name in ranked]


def columns_that_matter(
    table: Table, asked: AbstractSet[str], catalogue: Catalogue, *, at_most: int
) -> tuple[Column, ...]:
    """Return columns in the table's order: those that share words with the question, then keys."""
    keys = _keys(table, catalogue)

    def rank(column: Column) -> tuple[int, bool]:
        named = words(f"{column.name} {column.label} {' '.join(column.synonyms)}")
        described = words(column.description)
        shared = 2 * len(named & asked) + len(described & asked)
        return -shared, column.name.lower() not in keys

    candidates = [column for column in table.columns if column.name != table.loaded_at]
    best = {column.name for column in sorted(candidates, key=rank)[:at_most]}
    return tuple(column for column in table.columns if column.name in best)


def _keys(table: Table, catalogue: Catalogue) -> set[str]:
    name = table.full_name.lower()
    keys = {column.lower() for column in (*table.primary_key, table.event_time or "")}
    for join in catalogue.relationships:
        if join.from_table.lower() == name:
            keys.add(join.from_column.lower())
        if join.to_table.lower() == name:
            keys.add(join.to_column.lower())
    return keys
