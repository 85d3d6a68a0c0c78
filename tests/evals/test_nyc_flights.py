"""The demo's suite: big enough, true on the demo, and said twice the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.settings import Settings
from catalogue.model import MetricQuery
from evals.case import Case
from evals.gold import GoldResults
from evals.score.exec_match import best_match
from evals.suite import SHIPPED, load_suite

SUITE = load_suite(SHIPPED / "nyc_flights.yaml")
DEMO = Path(__file__).parents[2] / ".assistant" / "demo"
MARKED = [case for case in SUITE.cases if case.gold]
METRICS = 25


def queries(cases: list[Case]) -> list[MetricQuery]:
    return [case.gold.query for case in cases if case.gold and case.gold.query]


@pytest.fixture(scope="module")
def gold() -> Iterator[GoldResults]:
    if not (DEMO / "nyc.duckdb").exists() or not (DEMO / "target" / "manifest.json").exists():
        pytest.skip("the demo is not built")
    with GoldResults(Settings.open(DEMO)) as results:
        yield results


def test_the_suite_asks_enough() -> None:
    assert sum(case.expect == ("answer",) for case in SUITE.cases) >= 75
    assert sum("answer" not in case.expect for case in SUITE.cases) >= 30


def test_the_suite_asks_for_every_metric() -> None:
    asked = {metric for query in queries(MARKED) for metric in query.metrics}
    assert len(asked) == METRICS


def test_every_gold_has_sql_of_its_own() -> None:
    assert not [case.id for case in MARKED if case.gold and not case.gold.sql]


@pytest.mark.parametrize("case", MARKED, ids=lambda case: case.id)
def test_gold_sql_returns_values(gold: GoldResults, case: Case) -> None:
    for table in gold.of_case(case):
        assert table.num_rows
        assert any(value is not None for column in table.columns for value in column.to_pylist())


@pytest.mark.parametrize("case", MARKED, ids=lambda case: case.id)
def test_the_metric_query_says_what_the_sql_says(gold: GoldResults, case: Case) -> None:
    assert case.gold is not None
    if case.gold.query is None:
        pytest.skip("no metric says this")
    compiled = gold.run(gold.compile(case.gold.query))
    found = best_match(compiled, gold.of_case(case), order_matters=case.order_matters)
    assert found.is_equal, found.why
