"""The retrieval suite on the demo: it asks enough, and its gold runs."""

from pathlib import Path

import pytest

from assistant.settings import Settings
from evals.gold import GoldResults
from evals.suite import SHIPPED, load_suite

SUITE = load_suite(SHIPPED / "retrieval.yaml")
DEMO = Path(__file__).parents[2] / ".assistant" / "demo"


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
