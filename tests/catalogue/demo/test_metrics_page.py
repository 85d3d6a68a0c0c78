"""The page of metrics says what the semantic model says."""

from pathlib import Path

import pytest

from catalogue.demo.metrics_page import metrics_page
from tests.demo import demo_directory

_PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"


@pytest.mark.timeout(300)
def test_the_page_of_metrics_is_up_to_date() -> None:
    assert _PAGE.read_text() == metrics_page(demo_directory())
