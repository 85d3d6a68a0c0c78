"""Analytic SQL passes, and its rows are those of the raw query over what the role may see."""

import pyarrow as pa
import pytest

from tests.assistant.guard.shop import Shop, blocks, rows

BENIGN = dict(blocks("benign.sql"))


def raw(shop: Shop, sql: str) -> str:
    """Spell bare and foreign table names out: the raw database knows no bare `customers`."""
    return sql.replace('"shopless".', "").replace(
        "FROM customers ORDER BY 1", "FROM gold.customers ORDER BY 1"
    )


@pytest.mark.parametrize("title", BENIGN)
def test_a_benign_query_gives_the_rows_of_the_raw_query(shop: Shop, title: str) -> None:
    sql = BENIGN[title].replace('"shopless".', "")
    assert same(shop.guarded(sql, shop.steward), rows(shop.whole, raw(shop, sql)))


@pytest.mark.parametrize("title", BENIGN)
def test_a_benign_query_gives_the_rows_the_role_may_see(shop: Shop, title: str) -> None:
    sql = BENIGN[title].replace('"shopless".', "")
    assert same(shop.guarded(sql, shop.analyst), rows(shop.seen, raw(shop, sql)))


def same(found: pa.Table, expected: pa.Table) -> bool:
    """True for the same columns and the same rows; rows without an order are sorted."""
    assert found.column_names == expected.column_names
    assert sorted(map(repr, found.to_pylist())) == sorted(map(repr, expected.to_pylist()))
    return True
