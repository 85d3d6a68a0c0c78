"""What `check` tells of a query: tables, columns, masks, filters, limits, and how to mend it."""

import duckdb
import pytest

from assistant.errors import QueryRejected
from assistant.guard import check
from assistant.guard.rules.functions import listed
from catalogue.access import narrow
from tests.assistant.guard.shop import Shop, rows


def test_it_names_tables_columns_masks_and_filters(shop: Shop) -> None:
    safe = shop.check(
        "SELECT c.name, sum(o.amount) FROM gold.customers c JOIN orders o ON o.customer_id = c.id"
        " GROUP BY 1",
        shop.analyst,
    )
    assert safe.role == "analyst"
    assert safe.tables == ("gold.customers", "gold.orders")
    assert safe.columns == (
        "gold.customers.id",
        "gold.customers.name",
        "gold.orders.amount",
        "gold.orders.customer_id",
    )
    assert safe.masked == ("gold.customers.name",)
    assert safe.filtered == ("gold.orders",)


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("SELECT * FROM gold.contacts", ("gold.contacts.city", "gold.contacts.id")),
        ("SELECT count(*) FROM gold.contacts", ()),
        ("SELECT x FROM (SELECT id AS x, city FROM gold.contacts)", None),
        ("SELECT * EXCLUDE (city) FROM gold.contacts", ("gold.contacts.id",)),
        ("SELECT c FROM gold.contacts c", ("gold.contacts.city", "gold.contacts.id")),
        ("WITH t AS (SELECT id FROM gold.contacts) FROM t", ("gold.contacts.id",)),
        ("SELECT p.id FROM gold.products p JOIN gold.contacts c USING (id)", None),
        ("SELECT list_transform([1], lambda city: city + id) FROM gold.contacts", None),
    ],
)
def test_it_names_the_columns_used(shop: Shop, sql: str, columns: tuple[str, ...] | None) -> None:
    safe = shop.check(sql, shop.analyst)
    if columns is not None:
        assert safe.columns == columns
    assert all(name.count(".") == 2 for name in safe.columns)


@pytest.mark.parametrize(
    ("sql", "limit"),
    [
        ("SELECT id FROM gold.orders", 11),
        ("SELECT id FROM gold.orders LIMIT 3", 3),
        ("SELECT id FROM gold.orders LIMIT 1_000", 11),
        ("SELECT id FROM gold.orders LIMIT 99999999999999999999", 11),
        ("SELECT id FROM gold.orders OFFSET 2", 11),
        ("SELECT id FROM gold.orders LIMIT 4 + 1", 5),
        ("(SELECT id FROM gold.orders LIMIT 2) UNION ALL SELECT id FROM gold.orders", 11),
        ("VALUES (1), (2)", 2),
    ],
)
def test_the_outermost_limit_leaves_one_row_to_notice_a_cut(
    shop: Shop, sql: str, limit: int
) -> None:
    safe = check(sql, catalogue=shop.catalogue, grant=shop.analyst, row_limit=10)
    assert safe.row_limit == 10
    assert rows(shop.whole, safe.sql).num_rows == limit


def test_comments_do_not_survive(shop: Shop) -> None:
    safe = shop.check("SELECT 1 -- CANARY one\n/* CANARY two */", shop.analyst)
    assert "CANARY" not in safe.sql


@pytest.mark.parametrize(
    ("sql", "hint"),
    [
        ("SELECT * FROM gold.ordrs", "gold.orders"),
        ("SELECT * FROM products2", "gold.products"),
        ("SELECT * FROM silver.customers", "gold.customers"),
        ("SELECT amuont FROM gold.orders", "amount"),
        ("SELECT o.regoin FROM gold.orders o", "region"),
        ("SELECT uper(name) FROM gold.products", "upper"),
    ],
)
def test_a_near_miss_is_named_to_the_model(shop: Shop, sql: str, hint: str) -> None:
    with pytest.raises(QueryRejected) as caught:
        shop.check(sql, shop.analyst)
    assert caught.value.repair is not None
    assert hint in caught.value.repair


def test_a_hidden_table_reads_like_one_that_does_not_exist(shop: Shop) -> None:
    told = []
    for name in ("hr.salaries", "hr.salariez"):
        with pytest.raises(QueryRejected) as caught:
            shop.check(f"SELECT * FROM {name}", shop.analyst)
        told.append((str(caught.value), caught.value.repair))
    assert told[0] == tuple(
        text.replace("salariez", "salaries") if text else text for text in told[1]
    )


@pytest.mark.parametrize("sql", ["DROP TABLE x", "SHOW TABLES", "SELECT current_user"])
def test_what_no_rewording_mends_goes_to_no_model(shop: Shop, sql: str) -> None:
    with pytest.raises(QueryRejected) as caught:
        shop.check(sql, shop.analyst)
    assert caught.value.repair is None


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT " + "(" * 400 + "1" + ")" * 400,
        "SELECT 1" + "+1" * 3000,
        "SELECT '" + "x" * 60_000 + "'",
        "SELECT 'a\x00b'",
        "SELECT \x1b[31m",
        "SELECT '\ud800'",
        "SELECT 1 FROM gold.products p" + " JOIN gold.products USING (id)" * 1200,
    ],
    ids=["brackets", "sum", "length", "nul", "escape", "surrogate", "joins"],
)
def test_what_is_too_large_or_no_text_is_refused(shop: Shop, sql: str) -> None:
    with pytest.raises(QueryRejected) as caught:
        shop.check(sql, shop.analyst)
    assert caught.value.rule == "size"


def test_brackets_in_text_are_not_depth(shop: Shop) -> None:
    assert shop.check("SELECT '" + "(" * 500 + "'", shop.analyst).sql


def test_the_narrowed_catalogue_gives_the_same(shop: Shop) -> None:
    sql = "SELECT name, city FROM gold.customers"
    narrowed = narrow(shop.catalogue, shop.analyst)
    assert (
        check(sql, catalogue=narrowed, grant=shop.analyst, row_limit=10).sql
        == check(sql, catalogue=shop.catalogue, grant=shop.analyst, row_limit=10).sql
    )


ORACLES = [
    "SELECT count(*) FROM gold.orders o JOIN range(3) r(j) ON CAST(o.note AS INT) = j",
    "SELECT count(*) FROM gold.orders WHERE CAST(note AS INTEGER) > 0",
    "SELECT max(CAST(note AS INTEGER)) FROM gold.orders WHERE id > 3 AND status <> 'x'",
    "SELECT id FROM gold.orders ORDER BY CAST(note AS INTEGER) LIMIT 3",
    "SELECT id FROM gold.orders QUALIFY row_number() OVER (ORDER BY CAST(note AS INTEGER)) = 1",
    "SELECT CAST(note AS INTEGER) AS n, count(*) FROM gold.orders GROUP BY n",
    "SELECT (SELECT max(j) FROM range(2) r(j) WHERE CAST(o.note AS INT) = j) FROM gold.orders o",
]


@pytest.mark.parametrize("sql", ORACLES)
def test_no_error_tells_of_rows_that_the_filter_hides(shop: Shop, sql: str) -> None:
    """Only notes of hidden rows are no numbers: the cast must never see one."""
    assert rows(shop.whole, shop.check(sql, shop.analyst).sql).num_rows >= 0
    with pytest.raises(duckdb.ConversionException):
        rows(shop.whole, shop.check(sql, shop.steward).sql)


def test_every_listed_function_exists(shop: Shop) -> None:
    known = {
        name
        for (name,) in shop.whole.execute(
            "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE internal"
        ).fetchall()
    }
    assert listed("scalar") | listed("window") | listed("table") <= known
