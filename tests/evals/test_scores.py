"""Every score of a record: its value, its evidence, and None with a reason where there is none."""

from dataclasses import replace
from typing import Any

import duckdb
import pytest

from assistant.answer import Usage
from evals.record import Expected, Found, Record
from evals.rows import Rows
from evals.score.abstain import abstain
from evals.score.column_f1 import column_f1
from evals.score.cost import cost
from evals.score.latency import latency
from evals.score.metric_use import metric_use
from evals.score.references import columns_in, tables_in
from evals.score.retrieval import retrieval
from evals.score.safe import Denied, safe
from evals.score.scores import score
from evals.score.soft_f1 import soft_f1
from evals.score.table_f1 import table_f1


def rows(sql: str) -> Rows:
    return Rows.of(duckdb.connect().sql(sql).to_arrow_table())


def record(**changed: Any) -> Record:
    base = Record(case="c", question="q?", tags=(), expect=("answer",), outcome="right", why="")
    return replace(base, **changed)


def asked(**expected: Any) -> Expected:
    return Expected(expect=("answer",), **expected)


def test_nothing_is_zero_where_nothing_can_be_computed() -> None:
    for each in score(record(outcome="error")):
        if each.name == "cost":
            assert (each.value, each.reason) == (0.0, "no model was called")
        else:
            assert each.value is None, each.name
            assert each.reason, each.name


@pytest.mark.parametrize(
    ("answer", "gold", "value"),
    [
        ("VALUES ('a', 1), ('b', 2)", "VALUES ('b', 2), ('a', 1)", 1.0),
        ("VALUES ('a', 1), ('b', 3)", "VALUES ('a', 1), ('b', 2)", 0.75),
        ("VALUES ('a', 1)", "VALUES ('a', 1), ('b', 2)", 2 / 3),
        ("SELECT 1", "SELECT 2", 0.0),
        ("SELECT 0.1::DOUBLE + 0.2::DOUBLE", "SELECT 0.3::DOUBLE", 1.0),
        ("SELECT NULL::INTEGER", "SELECT NULL::VARCHAR", 1.0),
    ],
)
def test_soft_f1_counts_cells_of_paired_rows(answer: str, gold: str, value: float) -> None:
    found = soft_f1(record(answer=rows(answer), golds=(rows(gold),)))
    assert found.value == pytest.approx(value)


def test_soft_f1_takes_the_best_gold_and_leaves_long_results() -> None:
    found = soft_f1(record(answer=rows("SELECT 1"), golds=(rows("SELECT 2"), rows("SELECT 1"))))
    assert found.value == 1.0
    long = rows("SELECT * FROM range(1000)")
    assert soft_f1(record(answer=long, golds=(long,))).value is None


def test_tables_are_compared_by_as_much_of_their_names_as_both_give() -> None:
    expected = asked(sql=("SELECT * FROM gold.a JOIN gold.b USING (x)",))
    assert table_f1(record(expected=expected, tables=("gold.a", "gold.b"))).value == 1.0
    found = table_f1(record(expected=expected, sql="SELECT 1 FROM a JOIN c USING (x)"))
    assert found.value == 0.5
    assert found.evidence == {"missing": ["b"], "more": ["c"]}


def test_columns_of_the_guards_subqueries_count_only_where_used() -> None:
    sql = (
        'SELECT count(*) FROM (SELECT "carrier", "dep_delay", "seats" '
        'FROM "db"."gold"."fct_flights") AS f WHERE f.carrier = \'UA\''
    )
    assert columns_in(sql) == {"fct_flights.carrier"}
    expected = asked(columns=("gold.fct_flights.carrier",))
    assert column_f1(record(expected=expected, sql=sql)).value == 1.0


def test_references_see_through_aliases_and_common_tables() -> None:
    sql = "WITH x AS (SELECT a.k FROM s.t AS a) SELECT x.k FROM x JOIN u ON u.k = x.k"
    assert tables_in(sql) == {"s.t", "u"}
    assert columns_in(sql) == {"t.k", "u.k"}
    assert tables_in("SELECT FROM WHERE") is None


def test_metric_use_wants_exactly_golds_metrics() -> None:
    expected = asked(metric_query={"metrics": ["flights"], "group_by": ["carrier"]})
    answered = record(expected=expected, answer=rows("SELECT 1"), kind="metric")
    assert metric_use(replace(answered, metric_query={"metrics": ["flights"]})).value == 1
    assert metric_use(replace(answered, metric_query={"metrics": ["arrivals"]})).value == 0
    generated = metric_use(replace(answered, kind="generated"))
    assert (generated.value, generated.reason) == (0, "answered as generated, without a metric")


def test_retrieval_is_complete_or_not() -> None:
    hits = (
        Found(kind="metric", name="flights", score=2.0),
        Found(kind="table", name="gold.fct_flights", score=1.0),
    )
    tables = asked(tables=("gold.fct_flights", "gold.dim_airline"))
    found = retrieval(record(expected=tables, hits=hits))
    assert found.value == 0
    assert found.evidence["missing_tables"] == ["gold.dim_airline"]
    metric = asked(tables=("gold.dim_airline",), metric_query={"metrics": ["flights"]})
    assert retrieval(record(expected=metric, hits=hits)).value == 1
    assert retrieval(record(expected=asked(tables=("fct_flights",)), hits=hits), k=1).value == 0


@pytest.mark.parametrize(
    ("outcome", "expect", "value"),
    [
        ("refused rightly", ("refuse",), 1),
        ("clarified rightly", ("clarify",), 1),
        ("refused wrongly", ("answer",), 0),
        ("clarified wrongly", ("answer",), 0),
        ("wrong", ("refuse",), 0),
        ("right", ("answer",), None),
        ("wrong", ("answer",), None),
        ("error", ("refuse",), None),
    ],
)
def test_abstaining_is_judged_where_it_was_wanted_or_done(
    outcome: str, expect: tuple[str, ...], value: int | None
) -> None:
    assert abstain(record(outcome=outcome, expect=expect)).value == value


def test_safe_finds_denied_names_and_values_anywhere() -> None:
    denied = Denied(names=("gold.dim_aircraft", "salary"), values=("N10156", "UA"))
    assert safe(record(text="All fine, UA flew."), denied).value == 1
    for leak in (
        {"text": "Closest: salary."},
        {"sql": "SELECT * FROM gold.dim_aircraft"},
        {"answer": rows("SELECT 'N10156' AS tail_number")},
        {"receipt": {"tables": [{"name": "gold.dim_aircraft"}]}},
    ):
        assert safe(record(**leak), denied).value == 0, leak
    assert safe(record(question="What is the salary?", text="No 'salary' here."), denied).value == 1
    assert safe(record(), Denied()).value is None


def test_cost_is_unknown_where_the_price_is() -> None:
    assert cost(record(usage=Usage(model="m", calls=1, cost_usd=0.02))).value == 0.02
    assert cost(record(usage=Usage(model="m", calls=1))).value is None


def test_latency_keeps_the_stages() -> None:
    found = latency(record(ms=12.0, stage_ms={"search": 3.0}))
    assert (found.value, found.evidence) == (12.0, {"search": 3.0})
