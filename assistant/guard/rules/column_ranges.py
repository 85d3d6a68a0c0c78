"""Column ranges: nothing that DuckDB computes from the least and greatest value it has stored.

Those are of all rows of the table, also of rows that a filter or a view leaves out, and of values
beneath a mask.
"""

from assistant.guard.query import Query, reject

RULE = "column_ranges"
_RANGES_GIVEN = {"bitstring_agg": 3}
"""Function -> arguments with which it no longer asks the storage."""


def refuse_ranges_of_hidden_rows(query: Query) -> None:
    """Refuse such functions where the storage holds more than the grant shows."""
    if not any(use.table.grant.withholds_rows or use.table.masked for use in query.uses):
        return
    for node in query.nodes:
        name = node.get("function_name", "").lower()
        if len(node.get("arguments", [])) < _RANGES_GIVEN.get(name, 0):
            advice = f"Give the least and the greatest value: {name}(x, 0, 100)."
            raise reject(RULE, f"{name!r} needs its range here. {advice}", repair=advice)
