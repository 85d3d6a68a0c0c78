"""Records and rows: what goes through JSON lines comes back the same, and judges the same."""

import json
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from assistant.answer import Usage
from evals.record import Expected, Failure, Found, Record, Score
from evals.rows import Rows
from evals.score.exec_match import match

EVERY_TYPE = """
SELECT * FROM (VALUES
    (1::HUGEINT, 1.20::DECIMAL(9, 2), 'nan'::DOUBLE, DATE '2013-01-02', 'x', true),
    (170141183460469231731687303715884105727, NULL, '-inf'::DOUBLE, NULL, NULL, NULL)
) AS v(big, price, ratio, day, name, flag)
"""
ODD_TYPES = """
SELECT TIMESTAMP '2013-01-02 03:04:05.6' AS at, TIME '01:02:03' AS clock, '\\xAA'::BLOB AS raw,
    [1, NULL] AS list, {'a': 1.5} AS struct,
    MAP {'a': 1} AS map, INTERVAL 90 MINUTE AS took, 3 AS twice, 4 AS twice,
    TIMESTAMPTZ '2013-01-02 03:04:05+00' AS zoned
"""


def rows(sql: str) -> pa.Table:
    return duckdb.connect().sql(sql).to_arrow_table()


def through_json(record: Record) -> Record:
    written: dict[str, Any] = json.loads(json.dumps(record.to_dict(), allow_nan=False))
    return Record.from_dict(written)


@pytest.mark.parametrize("sql", [EVERY_TYPE, ODD_TYPES, "SELECT 1 AS n WHERE false"])
def test_rows_judge_the_same_after_json(sql: str) -> None:
    table = rows(sql)
    kept = Rows.from_dict(json.loads(json.dumps(Rows.of(table).__dict__, allow_nan=False)))
    assert kept == Rows.of(table)
    assert kept.to_table().column_names == table.column_names
    found = match(kept.to_table(), table, order_matters=True)
    assert found.is_equal, found.why


def test_rows_say_when_they_are_cut() -> None:
    kept = Rows.of(rows("SELECT unnest(range(10)) AS n"), at_most=3)
    assert kept.is_cut
    assert (len(kept.rows), kept.row_count) == (3, 10)


def test_a_record_comes_back_from_json_the_same() -> None:
    table = Rows.of(rows(EVERY_TYPE))
    record = Record(
        case="c",
        question="q",
        tags=("metric",),
        expect=("answer",),
        outcome="wrong",
        why="other rows",
        answer=table,
        golds=(table, table),
        earlier=("before",),
        expected=Expected(expect=("answer",), sql=("SELECT 1",), tables=("gold.t",)),
        metric_query={"metrics": ["flights"]},
        tables=("gold.t",),
        hits=(Found(kind="table", name="gold.t", score=0.5),),
        receipt={"role": "analyst"},
        usage=Usage(model="m", calls=1, input_tokens=3),
        stage_ms={"draft": 1.5},
        error=Failure(type="QueryRejected", message="no", rule="statement"),
        scores=(Score(name="soft_f1", value=None, reason="no gold"),),
    )
    assert through_json(record) == record


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"version": 0}, "version 0"),
        ({"colour": "red"}, "'colour' is no field"),
        ({"usage": {"tokens": 1}}, "not a record"),
        ({"answer": {"columns": []}}, "not a record"),
    ],
)
def test_a_foreign_record_is_refused(change: dict[str, Any], problem: str) -> None:
    plain = Record(case="c", question="q", tags=(), expect=("refuse",), outcome="error", why="")
    with pytest.raises(ValueError, match=problem):
        Record.from_dict({**plain.to_dict(), **change})
