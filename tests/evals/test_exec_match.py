"""The judge: pairs of queries that return the same result or another one."""

from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from evals.score.exec_match import best_match, match

EQUAL = {
    "itself": ("SELECT 1 AS a", "SELECT 1 AS a"),
    "another column name": ("SELECT 1 AS flights", "SELECT 1 AS n"),
    "columns the other way round": ("SELECT 'JFK' AS o, 3 AS n", "SELECT 3 AS n, 'JFK' AS o"),
    "rows the other way round": ("VALUES ('a', 1), ('b', 2)", "VALUES ('b', 2), ('a', 1)"),
    "a further column in the answer": ("SELECT 0.5 AS rate", "SELECT 0.5 AS rate, 40 AS basis"),
    "integers of two widths": ("SELECT 7::TINYINT", "SELECT 7::HUGEINT"),
    "an integer and a whole float": ("SELECT 7", "SELECT 7.0::DOUBLE"),
    "an integer and a decimal": ("SELECT 7", "SELECT 7.00::DECIMAL(9, 2)"),
    "a decimal and a float": ("SELECT 0.25::DECIMAL(9, 2)", "SELECT 0.25::DOUBLE"),
    "the noise of floats": ("SELECT 0.1::DOUBLE + 0.2::DOUBLE", "SELECT 0.3::DOUBLE"),
    "noise around a whole number": ("SELECT 49", "SELECT 49.00000000000001::DOUBLE"),
    "zeros of either sign": ("SELECT 0.0::DOUBLE", "SELECT -0.0::DOUBLE"),
    "NULL and NULL": ("SELECT 'x', NULL::INTEGER", "SELECT 'x', NULL::DOUBLE"),
    "a group without a name": ("VALUES (NULL, 2), ('a', 1)", "VALUES ('a', 1), (NULL, 2)"),
    "not a number twice": ("SELECT 'nan'::DOUBLE", "SELECT 'nan'::FLOAT"),
    "a day and its midnight": (
        "SELECT DATE '2013-06-01'",
        "SELECT TIMESTAMP '2013-06-01 00:00:00'",
    ),
    "a day and its text": ("SELECT DATE '2013-06-01'", "SELECT '2013-06-01'"),
    "a midnight and its text": ("SELECT TIMESTAMP '2013-06-01'", "SELECT '2013-06-01T00:00:00'"),
    "duplicates as often": ("VALUES (1), (1), (2)", "VALUES (2), (1), (1)"),
    "two gold columns alike": ("SELECT 3 AS a, 3 AS b", "SELECT 3 AS x, 9 AS y, 3 AS z"),
    "a column that fits at second look": (
        "VALUES (1, 2, 'a'), (2, 1, 'b')",
        "VALUES (2, 1, 'a'), (1, 2, 'b')",
    ),
    "noise that sorts rows apart": (
        "VALUES ('x', 0.1::DOUBLE, 0.9::DOUBLE), ('x', 0.1000000001::DOUBLE, 0.5::DOUBLE)",
        "VALUES ('x', 0.1000000001::DOUBLE, 0.9::DOUBLE), ('x', 0.1::DOUBLE, 0.5::DOUBLE)",
    ),
    "nothing and nothing": ("SELECT 1 AS a WHERE false", "SELECT 2 AS b WHERE false"),
    "truth values": ("SELECT true", "SELECT true"),
    "a list of another number type": ("SELECT [1, NULL]", "SELECT [1.0::DOUBLE, NULL]"),
    "a struct in another order": ("SELECT {'a': 1, 'b': 'x'}", "SELECT {'b': 'x', 'a': 1.0}"),
    "a map": ("SELECT MAP {'a': 1}", "SELECT MAP {'a': 1.0}"),
    "noise around a whole float": ("SELECT 23.0::DOUBLE", "SELECT 22.9999999::DOUBLE"),
    "a moment and its text": (
        "SELECT TIMESTAMPTZ '2013-06-01 10:00:00+00'",
        "SELECT '2013-06-01 06:00:00-04'",
    ),
    "a time of day and its text": ("SELECT TIME '05:30:00'", "SELECT '05:30'"),
}
DIFFERENT = {
    "another number": ("SELECT 1", "SELECT 2"),
    "a count off by one": ("SELECT 10000000", "SELECT 10000001"),
    "a count off by a fraction": ("SELECT 58665", "SELECT 58665.02::DOUBLE"),
    "a share and its percentage": ("SELECT 0.755::DOUBLE", "SELECT 75.5::DOUBLE"),
    "a rate rounded": ("SELECT 0.7553047::DOUBLE", "SELECT 0.755::DOUBLE"),
    "minutes and hours": ("SELECT 90.0::DOUBLE", "SELECT 1.5::DOUBLE"),
    "a row more": ("VALUES (1)", "VALUES (1), (2)"),
    "a row less": ("VALUES (1), (2)", "VALUES (1)"),
    "no rows": ("SELECT 0", "SELECT 0 WHERE false"),
    "a column less": ("SELECT 'a', 1", "SELECT 1"),
    "duplicates more often": ("VALUES (1), (1), (2)", "VALUES (1), (2), (2)"),
    "values in other rows": ("VALUES ('a', 1), ('b', 2)", "VALUES ('a', 2), ('b', 1)"),
    "two names swapped": (
        "VALUES ('a', 'x', 1), ('b', 'y', 2)",
        "VALUES ('a', 'y', 1), ('b', 'x', 2)",
    ),
    "NULL and zero": ("SELECT NULL::INTEGER", "SELECT 0"),
    "NULL and empty text": ("SELECT NULL::VARCHAR", "SELECT ''"),
    "NULL and its word": ("SELECT NULL::VARCHAR", "SELECT 'NULL'"),
    "NULL and not a number": ("SELECT NULL::DOUBLE", "SELECT 'nan'::DOUBLE"),
    "a number and its text": ("SELECT 7", "SELECT '7'"),
    "a truth value and one": ("SELECT true", "SELECT 1"),
    "case of letters": ("SELECT 'JFK'", "SELECT 'jfk'"),
    "a day and the next": ("SELECT DATE '2013-06-01'", "SELECT DATE '2013-06-02'"),
    "a day and its noon": ("SELECT DATE '2013-06-01'", "SELECT TIMESTAMP '2013-06-01 12:00:00'"),
    "one column for two": ("SELECT 3 AS a, 3 AS b", "SELECT 3 AS x, 9 AS y"),
    "a whole float off by one": ("SELECT 10000000::DOUBLE", "SELECT 10000001::DOUBLE"),
    "wide whole numbers": ("SELECT 9007199254740993", "SELECT 9007199254740992"),
    "a list turned round": ("SELECT [1, 2]", "SELECT [2, 1]"),
    "a list with a gap": ("SELECT [1, NULL]", "SELECT [1]"),
    "a struct with another name": ("SELECT {'a': 1}", "SELECT {'b': 1}"),
    "signs": ("SELECT 6.9::DOUBLE", "SELECT -6.9::DOUBLE"),
}


def rows(sql: str) -> pa.Table:
    return duckdb.connect().sql(sql).to_arrow_table()


@pytest.mark.parametrize(("gold", "answer"), EQUAL.values(), ids=EQUAL.keys())
def test_match_finds_the_same_result(gold: str, answer: str) -> None:
    found = match(rows(answer), rows(gold))
    assert found.is_equal, found.why


@pytest.mark.parametrize(("gold", "answer"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_match_finds_another_result(gold: str, answer: str) -> None:
    found = match(rows(answer), rows(gold))
    assert not found.is_equal
    assert found.why


def test_match_keeps_to_the_order_where_order_matters() -> None:
    gold = rows("SELECT * FROM (VALUES ('b', 2), ('a', 1)) AS v(name, n) ORDER BY n DESC")
    turned = rows("SELECT * FROM (VALUES ('b', 2), ('a', 1)) AS v(name, n) ORDER BY n")
    assert match(turned, gold).is_equal
    assert not match(turned, gold, order_matters=True).is_equal
    assert match(gold, gold, order_matters=True).is_equal


def test_match_names_the_columns_that_stand_for_gold() -> None:
    found = match(rows("SELECT 40 AS basis, 0.5 AS rate, 'x' AS name"), rows("SELECT 'x', 0.5"))
    assert found.columns == ("name", "rate")


def test_match_names_the_gold_column_it_misses() -> None:
    assert "'rate'" in match(rows("SELECT 1 AS n"), rows("SELECT 0.5 AS rate")).why


def test_tolerance_is_relative_and_can_be_set() -> None:
    gold, rounded = rows("SELECT 0.7553047::DOUBLE"), rows("SELECT 0.7553::DOUBLE")
    assert match(rounded, gold, tolerance=1e-4).is_equal


@pytest.mark.parametrize(
    ("gold", "answer", "is_equal"),
    [
        ("23.0::DOUBLE", "23.2::DOUBLE", True),
        ("100000.0::DOUBLE", "100400.0::DOUBLE", True),
        ("23.45::DOUBLE", "23", False),
        ("23.45::DECIMAL(9, 2)", "23.40::DOUBLE", True),
        ("23.0::DOUBLE", "23.4::DOUBLE", False),
        ("1000", "1001", False),
    ],
)
def test_a_wish_for_tolerance_goes_by_type_not_by_value(
    gold: str, answer: str, is_equal: bool
) -> None:
    found = match(rows(f"SELECT {answer}"), rows(f"SELECT {gold}"), tolerance=0.01)
    assert found.is_equal is is_equal


def test_columns_of_the_same_values_in_other_rows_are_told_apart_in_time() -> None:
    bits = [f"(i >> {at}) & 1" for at in range(9)]
    gold = rows(f"SELECT {', '.join(bits)} FROM range(512) AS t(i)")
    turned = rows(f"SELECT {', '.join(reversed(bits))} FROM range(512) AS t(i) WHERE i <> 6")
    answer = pa.concat_tables([turned, turned.slice(0, 1)])
    assert match(gold.select(list(reversed(range(9)))), gold).is_equal
    assert not match(answer, gold).is_equal


def test_match_reads_decimals_wider_than_python_computes_with() -> None:
    wide = pa.table({"n": pa.array([Decimal("1" + "0" * 37)], pa.decimal128(38, 0))})
    assert match(wide, wide).is_equal


def test_best_match_takes_any_of_several_golds() -> None:
    golds = [rows("SELECT 'United'"), rows("SELECT 'UA'")]
    assert best_match(rows("SELECT 'UA'"), golds).is_equal
    assert not best_match(rows("SELECT 'DL'"), golds).is_equal


def test_best_match_needs_a_gold() -> None:
    with pytest.raises(ValueError, match="no gold result"):
        best_match(rows("SELECT 1"), [])
