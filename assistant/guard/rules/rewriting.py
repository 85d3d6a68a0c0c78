"""Rewriting: every base table becomes the query of its permitted columns, masks and row filter."""

from assistant.guard.query import Query


def wrap_base_tables(query: Query) -> None:
    """Replace each base table in place, under the name its author knows it by."""
    for use in query.uses:
        node = use.node
        kept = {field: node[field] for field in ("sample", "column_name_alias") if field in node}
        node.clear()
        node.update(kept)
        node.update(type="SUBQUERY", alias=use.source.alias, subquery={"node": use.table.select()})
