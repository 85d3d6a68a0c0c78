"""For any query: refused, or failing without a word of it, or exactly the rows the role may see."""

import duckdb
from hypothesis import HealthCheck, event, given, settings

from assistant.engines.failures import failure_of
from assistant.errors import QueryRejected
from tests.assistant.guard.grammar_of_queries import queries
from tests.assistant.guard.shop import Shop, rows


def outcome(shop: Shop, sql: str) -> str:
    """Return what an analyst gets to see of this query, as text."""
    try:
        safe = shop.check(sql, shop.analyst)
    except QueryRejected as error:
        event(f"rejected by {error.rule}")
        return f"{error} {error.repair}"
    try:
        found = rows(shop.whole, safe.sql)
    except (duckdb.Error, OSError) as error:
        event("failed")
        header = {"error": "run", "kind": type(error).__name__, "message": str(error)}
        told = failure_of(header, shop.path)
        return f"{told} {getattr(told, 'repair', '')}"
    event("ran")
    return f"{found.column_names} {found.schema.types} {found.to_pylist()}"


@settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(sql=queries())
def test_no_query_shows_what_the_role_may_not_see(shop: Shop, sql: str) -> None:
    shown = outcome(shop, sql).replace("%CANARY%", "")
    assert "CANARY" not in shown
    assert "canary" not in shown
