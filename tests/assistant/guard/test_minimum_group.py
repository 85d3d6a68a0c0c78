"""Rows of some tables leave a query only in groups of enough of them, however it is written."""

import re
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, event, given, settings

from assistant.errors import QueryRejected
from catalogue.access import Grant, load_policy
from catalogue.errors import BadPolicy
from tests.assistant.guard.grammar_of_queries import queries
from tests.assistant.guard.shop import Shop, rows

POLICY = """
default_role: counter
roles:
  counter: {minimum_group: {"gold.customers": 5, "gold.orders": 10}}
  all: {minimum_group: 5}
"""
ONE_ROW = re.compile(r"CANARY [A-Z\d]|CANARY[-\d]|Name \d|NAME \d", re.ASCII)
"""Values of which each occurs in a single row."""


@pytest.fixture(scope="module")
def counter(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Grant:
    return grant(shop, tmp_path_factory.mktemp("counter"), "counter")


def grant(shop: Shop, directory: Path, role: str, policy: str = POLICY) -> Grant:
    path = directory / "policy.yaml"
    path.write_text(policy)
    return load_policy(path, shop.catalogue).grant(user=None, role=role, any_role=True)


ALLOWED = {
    "counts": ("SELECT count(*) AS n FROM gold.customers", [(40,)]),
    "small groups are left out": (
        "SELECT id % 39 AS g, count(*) AS n FROM gold.customers GROUP BY ALL",
        [],
    ),
    "large groups stay": (
        "SELECT city, count(*) AS n FROM gold.customers GROUP BY city ORDER BY city",
        [("Oslo", 13), ("Paris", 13), ("Rome", 14)],
    ),
    "its own having stays": (
        "SELECT city FROM gold.customers GROUP BY city HAVING count(*) > 13",
        [("Rome",)],
    ),
    "a small filter leaves nothing": (
        "SELECT count(*) AS n, sum(rating) AS r FROM gold.customers WHERE id = 7",
        [],
    ),
    "rows passed on by subqueries and CTEs": (
        "WITH c AS (SELECT *, id AS x FROM gold.customers) SELECT count(*) AS n FROM"
        " (SELECT d.x + 1 AS y FROM c AS d WHERE d.x > 2) AS q",
        [(38,)],
    ),
    "a join multiplies no rows": (
        "SELECT count(*) AS n FROM gold.customers AS c, range(100) AS r WHERE c.id = 1",
        [],
    ),
    "nor does a union inside": (
        "SELECT count(*) AS n FROM gold.customers AS c JOIN gold.products AS p ON true"
        " WHERE c.id <= 4",
        [],
    ),
    "each table counts for itself": (
        "SELECT c.city, count(*) AS n FROM gold.customers AS c"
        " JOIN gold.orders AS o ON o.customer_id = c.id WHERE o.id <= 9 GROUP BY c.city",
        [],
    ),
    "without an alias": (
        "SELECT customers.city, avg(orders.amount) IS NULL AS a FROM gold.customers"
        " JOIN gold.orders ON orders.customer_id = customers.id GROUP BY 1 ORDER BY 1",
        [("Oslo", False), ("Paris", False), ("Rome", False)],
    ),
    "a table without a minimum stays as it is": (
        "SELECT min(name) AS first FROM gold.products",
        [("Product 1",)],
    ),
    "sums are sums of groups": (
        "SELECT max(n) AS most FROM (SELECT city, count(*) AS n FROM gold.customers GROUP BY city)",
        [(14,)],
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_groups_are_shown(shop: Shop, counter: Grant, name: str) -> None:
    sql, expected = ALLOWED[name]
    found = shop.guarded(sql, counter)
    assert [tuple(row.values()) for row in found.to_pylist()] == expected


REFUSED = {
    "rows": "SELECT id FROM gold.customers",
    "a star": "SELECT * FROM gold.customers",
    "distinct": "SELECT DISTINCT name FROM gold.customers",
    "an extreme": "SELECT max(name) FROM gold.customers",
    "a list": "SELECT city, list(name) FROM gold.customers GROUP BY city",
    "a macro that lists": "SELECT count(*), json_group_array(name) FROM gold.customers",
    "a quantile": "SELECT quantile_cont(rating, 0) FROM gold.customers",
    "a filter": "SELECT sum(rating) FILTER (WHERE id = 1) FROM gold.customers",
    "any value": "SELECT city, any_value(name) FROM gold.customers GROUP BY city",
    "a window": "SELECT max(name) OVER () FROM gold.customers",
    "a window in a group": "SELECT x, count(*) FROM (SELECT max(name) OVER () AS x"
    " FROM gold.customers) GROUP BY x",
    "a window in an expression": "SELECT x, count(*) FROM (SELECT first(name) OVER () || '' AS x"
    " FROM gold.customers) GROUP BY x",
    "an anti join": "SELECT count(*) FROM gold.products p ANTI JOIN gold.customers c"
    " ON c.id = 1 AND c.rating > 100",
    "an oracle": "SELECT EXISTS (SELECT 1 FROM gold.customers WHERE id = 1 AND rating > 1) AS e",
    "membership": "SELECT 1 AS x FROM gold.products AS p WHERE p.id IN"
    " (SELECT id FROM gold.customers WHERE rating > 9)",
    "a scalar subquery": "SELECT (SELECT name FROM gold.customers WHERE id = 1) AS n",
    "an aggregate in a subquery": "SELECT (SELECT max(c.name)), count(*) FROM gold.customers c",
    "a union": "SELECT id FROM gold.customers UNION ALL SELECT 1",
    "a union below": "SELECT count(*) FROM (SELECT id FROM gold.customers UNION ALL"
    " SELECT id FROM gold.customers)",
    "a pivot": "PIVOT gold.customers ON city USING max(name)",
    "a summary": "SUMMARIZE gold.customers",
    "a natural join": "SELECT count(*) FROM gold.customers NATURAL JOIN gold.orders",
    "a column list": "SELECT count(a) FROM gold.customers AS c(a, b)",
    "a lateral": "SELECT l.x FROM gold.customers AS c, LATERAL (SELECT c.name AS x) AS l",
    "a semi join": "SELECT p.id FROM gold.products p SEMI JOIN gold.customers c ON c.id = p.id",
    "a recursion": "WITH RECURSIVE r AS (SELECT id FROM gold.customers UNION ALL"
    " SELECT id FROM r WHERE false) SELECT count(*) FROM r",
    "star sums": "SELECT count(COLUMNS('id')) FROM gold.customers",
    "a condition of a join": "SELECT count(*) FROM gold.products p JOIN gold.prices q"
    " ON EXISTS (SELECT 1 FROM gold.customers WHERE id = 1)",
}


@pytest.mark.parametrize("name", REFUSED)
def test_single_rows_are_refused(shop: Shop, counter: Grant, name: str) -> None:
    with pytest.raises(QueryRejected) as caught:
        shop.check(REFUSED[name], counter)
    assert caught.value.rule == "minimum_group"


def test_what_was_counted_over_all_rows_is_not_shown(shop: Shop, counter: Grant) -> None:
    assert not counter.sees_plainly("gold.customers")
    assert counter.sees_plainly("gold.products")
    table = shop.catalogue.within(counter).tables_by_name["gold.customers"]
    assert table.row_count is None
    assert all(column.profile is None for column in table.columns)


def test_a_view_over_such_a_table_is_hidden(shop: Shop, counter: Grant, tmp_path: Path) -> None:
    assert not counter.sees("gold.contacts")
    assert not counter.sees("gold.city_sizes")
    named = POLICY.replace("counter: {", 'counter: {tables: {allow: ["gold.contacts"]}, ')
    assert not grant(shop, tmp_path, "counter", named).sees("gold.contacts")
    assert not grant(shop, tmp_path, "all").sees("gold.contacts")


@pytest.mark.parametrize("size", ["1", "-3", "many", "{gold.nowhere: 5}", "{gold.contacts: 5}"])
def test_a_minimum_that_cannot_hold_is_an_error(shop: Shop, tmp_path: Path, size: str) -> None:
    policy = f"default_role: r\nroles:\n  r: {{minimum_group: {size}}}\n"
    with pytest.raises(BadPolicy, match="minimum_group"):
        grant(shop, tmp_path, "r", policy)


def test_a_grant_with_another_minimum_is_another_grant(shop: Shop, tmp_path: Path) -> None:
    more = POLICY.replace("minimum_group: 5", "minimum_group: 6")
    assert grant(shop, tmp_path, "all").key != grant(shop, tmp_path, "all", more).key


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(sql=queries())
def test_no_query_shows_a_value_of_one_row(shop: Shop, all_grouped: Grant, sql: str) -> None:
    try:
        safe = shop.check(sql, all_grouped)
    except QueryRejected as error:
        event(f"rejected by {error.rule}")
        return
    try:
        found = rows(shop.whole, safe.sql)
    except (duckdb.Error, OSError):
        event("failed")
        return
    event("ran")
    assert not ONE_ROW.search(str(found.to_pylist())), sql


@pytest.fixture(scope="module")
def all_grouped(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Grant:
    return grant(shop, tmp_path_factory.mktemp("all"), "all")
