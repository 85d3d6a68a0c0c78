"""Takes a query through the rules and says what it reads."""

from assistant.answer import SafeQuery
from assistant.guard.query import Query, reject
from assistant.guard.rules import RULES
from assistant.guard.visible import visible_of
from catalogue.access import Grant
from catalogue.catalogue import Catalogue


def check_query(sql: str, *, catalogue: Catalogue, grant: Grant, row_limit: int) -> SafeQuery:
    """Check and rewrite a query under a grant; raises QueryRejected."""
    query = Query(sql=sql, visible=visible_of(catalogue, grant), row_limit=row_limit)
    try:
        for rule in RULES:
            rule(query)
    except RecursionError:
        raise reject(
            "size",
            "The query is nested too deeply. Write it flatter.",
            repair="Write it flatter, with CTEs.",
        ) from None
    return _safe(query)


def _safe(query: Query) -> SafeQuery:
    tables = {use.table.full_name: use.table for use in query.uses}
    masked = sorted(
        f"{name}.{column}"
        for name, table in tables.items()
        for column in table.columns
        if column.lower() in table.masked and f"{name}.{column}" in query.columns
    )
    return SafeQuery(
        sql=query.safe_sql,
        role=query.visible.grant.role,
        tables=tuple(sorted(tables)),
        columns=tuple(sorted(query.columns)),
        masked=tuple(masked),
        filtered=tuple(
            sorted(name for name, table in tables.items() if table.grant.row_filter is not None)
        ),
        house_filtered=tuple(
            sorted(name for name, table in tables.items() if table.grant.house_filter is not None)
        ),
        grouped={
            name: table.grant.minimum_group
            for name, table in sorted(tables.items())
            if table.grant.minimum_group is not None
        },
        row_limit=query.row_limit,
        asker=query.visible.grant.user or "",
    )
