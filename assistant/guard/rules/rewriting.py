"""Rewriting: every base table becomes the query of its permitted columns, masks and row filter."""

from assistant.guard.query import Query, reject

RULE = "size"
MOST_COLUMNS = 6_000
"""Of all base tables that a query reads, each time it reads them: all are written out."""


def wrap_base_tables(query: Query) -> None:
    """Replace each base table in place, under the name its author knows it by."""
    if sum(len(use.table.columns) for use in query.uses) > MOST_COLUMNS:
        raise reject(
            RULE,
            "The query reads too many tables, or too wide ones too often. Read them in a CTE once.",
            repair="Read each table once, in a CTE.",
        )
    for use in query.uses:
        node = use.node
        kept = {field: node[field] for field in ("sample", "column_name_alias") if field in node}
        node.clear()
        node.update(kept)
        node.update(type="SUBQUERY", alias=use.source.alias, subquery={"node": use.table.select()})
