"""JSON of rows and answers: what DuckDB returns goes in, what `json.dumps` accepts comes out."""

import json
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Confidence, Receipt, Refusal, Result
from assistant.present.encode import answer_to_dict, rows_to_json
from tests.assistant.present.samples import hugeints, rows

BIG = 170141183460469231731687303715884105727
NANOSECONDS = "2013-06-01T00:00:00.123456789"
NESTED = {"a": 1, "b": ["0.5"]}


def fetched(sql: str) -> Result:
    with duckdb.connect() as connection:
        relation = connection.sql(sql)
        types = tuple(str(kind) for kind in relation.types)
        return Result(table=relation.to_arrow_table(), sql=sql, duckdb_types=types)


@pytest.mark.parametrize(
    ("expression", "kind", "value"),
    [
        ("1::HUGEINT", "HUGEINT", 1),
        (f"{BIG}::HUGEINT", "HUGEINT", BIG),
        (f"{2 * BIG + 1}::UHUGEINT", "UHUGEINT", 2 * BIG + 1),
        ("sum(1)", "HUGEINT", 1),
        ("12345678901234567890123::BIGNUM", "BIGNUM", 12345678901234567890123),
        ("(-12345678901234567890123)::BIGNUM", "BIGNUM", -12345678901234567890123),
        ("1.50::DECIMAL(10,2)", "DECIMAL(10,2)", "1.50"),
        ("1::DECIMAL(38,0)", "DECIMAL(38,0)", "1"),
        ("0.5::DOUBLE", "DOUBLE", 0.5),
        ("true", "BOOLEAN", True),
        ("DATE '2013-06-01'", "DATE", "2013-06-01"),
        ("TIME '12:00:01.5'", "TIME", "12:00:01.500000"),
        ("TIMESTAMP '2013-06-01 14:05:00'", "TIMESTAMP", "2013-06-01T14:05:00"),
        ("TIMESTAMP_NS '2013-06-01 00:00:00.123456789'", "TIMESTAMP_NS", NANOSECONDS),
        ("TIMESTAMP_S '2013-06-01 14:05:00'", "TIMESTAMP_S", "2013-06-01T14:05:00"),
        ("INTERVAL '1 day 2.5 seconds'", "INTERVAL", "P1DT2.5S"),
        ("INTERVAL 0 DAY", "INTERVAL", "PT0S"),
        ("'101'::BIT", "BIT", "101"),
        ("'A'::BLOB", "BLOB", "QQ=="),
        ("'a'::ENUM('a', 'b')", "ENUM('a', 'b')", "a"),
        ("[1, NULL]", "INTEGER[]", [1, None]),
        ("{'a': 1::HUGEINT, 'b': [0.5]}", "STRUCT(a HUGEINT, b DECIMAL(2,1)[])", NESTED),
        ("MAP {'a': 1}", "MAP(VARCHAR, INTEGER)", {"a": 1}),
        ("MAP {1: 'a'}", "MAP(INTEGER, VARCHAR)", [[1, "a"]]),
        ("NULL", "NULL", None),
        ("NULL::INTEGER", "INTEGER", None),
    ],
)
def test_every_type_of_duckdb_becomes_json(expression: str, kind: str, value: Any) -> None:
    result = fetched(f"SELECT {expression} AS x")
    encoded = rows_to_json(result.table, result.duckdb_types)
    assert encoded.rows == [[value]]
    assert encoded.columns == [{"name": "x", "type": kind}]
    assert not encoded.findings
    json.dumps(encoded.rows, allow_nan=False)


@pytest.mark.parametrize(
    "expression",
    ["'nan'::DOUBLE", "'inf'::DOUBLE", "'-inf'::FLOAT", "'infinity'::DATE", "DATE '12000-01-01'"],
)
def test_what_json_cannot_hold_is_null_with_a_finding(expression: str) -> None:
    result = fetched(f"SELECT {expression} AS x UNION ALL SELECT NULL")
    encoded = rows_to_json(result.table, result.duckdb_types)
    assert encoded.rows == [[None], [None]]
    assert [finding.code for finding in encoded.findings] == ["not_finite"]
    assert "1 value of 'x'" in encoded.findings[0].message


def test_columns_of_one_name_are_all_kept() -> None:
    table = rows({"a": [1]}).table.append_column("a", hugeints(2))
    assert rows_to_json(table).rows == [[1, 2]]


def test_a_whole_decimal_of_unknown_type_counts_as_an_integer() -> None:
    encoded = rows_to_json(rows({"n": hugeints(7)}).table)
    assert encoded.rows == [[7]]
    assert encoded.columns[0]["type"] == "HUGEINT"


@given(st.lists(st.tuples(st.one_of(st.none(), st.text()), st.one_of(st.none(), st.floats()))))
def test_rows_are_always_json(values: list[tuple[str | None, float | None]]) -> None:
    import pyarrow as pa

    table = pa.table(
        {
            "t": pa.array([text for text, _ in values], pa.string()),
            "f": pa.array([number for _, number in values], pa.float64()),
        }
    )
    encoded = rows_to_json(table)
    assert len(encoded.rows) == len(values)
    json.dumps(encoded.rows, allow_nan=False)


def answer(**more: Any) -> Answer:
    return Answer(
        question="q",
        kind=more.pop("kind", "metric"),
        text="t",
        receipt=Receipt(id="r", confidence=Confidence(band="high", why="w")),
        conversation="c",
        **more,
    )


def test_an_answer_has_exactly_the_contracted_fields() -> None:
    told = answer_to_dict(answer(result=rows({"n": hugeints(7)}), sql="SELECT 1"))
    assert list(told) == [
        "question",
        "kind",
        "text",
        "sql",
        "conversation",
        "columns",
        "rows",
        "truncated",
        "chart",
        "clarification",
        "refusal",
        "receipt",
        "usage",
    ]
    assert set(told["receipt"]) == {
        "id",
        "governed",
        "health",
        "certification",
        "confidence",
        "tables",
        "metrics",
        "findings",
        "role",
        "masked",
        "lineage",
        "conventions",
        "sent_to_model",
    }
    assert set(told["usage"]["ms"]) == {"search", "draft", "guard", "run", "verify"}
    assert told["rows"] == [[7]]
    json.dumps(told, allow_nan=False)


def test_where_nothing_ran_there_are_no_columns_and_no_rows() -> None:
    told = answer_to_dict(answer(kind="refused", refusal=Refusal(reason="r", missing=("m",))))
    assert (told["columns"], told["rows"], told["sql"]) == ([], [], None)
    assert told["refusal"] == {"reason": "r", "missing": ["m"]}
    assert told["receipt"]["id"] == "r"


def test_values_that_json_cannot_hold_are_findings_of_the_receipt() -> None:
    told = answer_to_dict(answer(result=rows({"x": [float("nan")]})))
    assert [finding["code"] for finding in told["receipt"]["findings"]] == ["not_finite"]
