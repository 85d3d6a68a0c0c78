"""Analytic SQL passes, and its rows are those of the raw query over what the role may see."""

import pyarrow as pa
import pytest

from tests.assistant.guard.shop import FIXTURES, Shop, blocks, rows

BENIGN = dict(blocks("benign.sql"))


def raw(sql: str) -> str:
    """Spell a bare table name out, and leave out the name of the whole database."""
    named = sql.replace("FROM customers ORDER BY 1", "FROM gold.customers ORDER BY 1")
    return named.replace('"shop".', "").replace("shop.gold", "gold")


@pytest.mark.parametrize("title", BENIGN)
def test_a_benign_query_gives_the_rows_of_the_raw_query(shop: Shop, title: str) -> None:
    sql = BENIGN[title]
    assert_same(shop.guarded(sql, shop.steward), rows(shop.whole, raw(sql)))


@pytest.mark.parametrize("title", BENIGN)
def test_a_benign_query_gives_the_rows_the_role_may_see(shop: Shop, title: str) -> None:
    sql = BENIGN[title]
    assert_same(shop.guarded(sql, shop.analyst), rows(shop.seen, raw(sql)))


def assert_same(found: pa.Table, expected: pa.Table) -> None:
    """The same columns and the same rows; those without an order are sorted."""
    assert found.column_names == expected.column_names
    assert sorted(map(repr, found.to_pylist())) == sorted(map(repr, expected.to_pylist()))


def test_idioms_give_the_rows_the_role_may_see(shop: Shop) -> None:
    """One query a line: the corners of DuckDB's SQL that no block of its own shows."""
    for sql in (FIXTURES / "idioms.sql").read_text(encoding="utf-8").splitlines():
        assert_same(shop.guarded(sql, shop.analyst), rows(shop.seen, sql))
