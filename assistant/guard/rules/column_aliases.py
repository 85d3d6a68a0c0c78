"""Column aliases: no `t AS c(a, b)` over a table whose columns the grant hides in part.

The list names columns by position, and the positions an author knows are not those of the grant.
"""

from assistant.guard.query import Query, reject

RULE = "column_aliases"


def refuse_lists_over_hidden_columns(query: Query) -> None:
    """Refuse column alias lists where positions would shift."""
    for use in query.uses:
        if use.node.get("column_name_alias") and use.table.hides_columns:
            raise reject(
                RULE,
                "A list of column aliases after this table is not possible for your role. Use AS.",
                repair="Do not rename columns in the alias of a table; use AS in the SELECT list.",
            )
