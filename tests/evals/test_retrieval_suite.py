"""The retrieval suite on the demo: its gold runs, and search finds what its questions need."""

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.settings import Settings
from evals.case import Case
from evals.gold import GoldResults
from evals.record import Expected, Found, Record
from evals.score.retrieval import retrieval
from evals.stats import wilson
from evals.suite import SHIPPED, load_suite

SUITE = load_suite(SHIPPED / "retrieval.yaml")
DEMO = Path(__file__).parents[2] / ".assistant" / "demo"
WANTED = 0.85
"""Complete recall@10; what the demo's search must not fall below."""


@pytest.fixture(scope="module")
def demo() -> Path:
    if not (DEMO / "nyc.duckdb").exists():
        pytest.skip("the demo is not built")
    return DEMO


def test_every_gold_returns_rows(demo: Path) -> None:
    assert len(SUITE.cases) >= 40
    with GoldResults(Settings.open(demo)) as gold:
        for case in SUITE.cases:
            assert all(table.num_rows for table in gold.of_case(case)), case.id


def test_search_finds_what_the_questions_need(demo: Path) -> None:
    scores = {}
    with Assistant.open(demo) as assistant:
        for case in SUITE.cases:
            hits = assistant.search(case.question, k=10)
            found = tuple(Found(kind=hit.kind, name=hit.name, score=hit.score) for hit in hits)
            scores[case.id] = retrieval(record(case, found))
    right = sum(bool(each.value) for each in scores.values())
    print(f"\ncomplete recall@10: {wilson(right, len(scores))}")
    for name, each in scores.items():
        if not each.value:
            print(f"  {name}: {each.evidence['missing_tables']}{each.evidence['missing_metrics']}")
    assert right / len(scores) >= WANTED


def record(case: Case, hits: tuple[Found, ...]) -> Record:
    assert case.gold is not None
    expected = Expected(expect=case.expect, tables=case.tables, metric_query=case.gold.metric_query)
    return Record(
        case=case.id,
        question=case.question,
        tags=case.tags,
        expect=case.expect,
        outcome="refused rightly",
        why="",
        expected=expected,
        hits=hits,
    )
