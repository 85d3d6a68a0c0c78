"""No page has a serious accessibility finding, in light or dark: axe-core looks at each."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.serving import ask, expect_heading, open_page, settle

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
QUESTION = "Which airline had the worst on-time rate in June 2013?"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not AXE.exists() and os.environ.get("CI") != "true",
        reason="axe-core is not installed: `make axe` fetches it",
    ),
]


@pytest.fixture(params=SCHEMES)
def schemed(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme=request.param
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def findings(page: Page) -> list[str]:
    """Return serious and critical findings with the elements that they name."""
    settle(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    return [
        f"{each['id']}: {node['html'][:300]} {node.get('failureSummary', '')[:300]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def test_the_first_visit(schemed: Page, app: str) -> None:
    open_page(schemed, app)
    assert findings(schemed) == []


def test_an_answer(schemed: Page, app: str) -> None:
    open_page(schemed, app)
    ask(schemed, QUESTION)
    assert findings(schemed) == []


def test_a_refusal(schemed: Page, app: str) -> None:
    open_page(schemed, app)
    ask(schemed, "What is the profit per passenger?")
    assert findings(schemed) == []


def test_a_choice_of_readings(schemed: Page, app: str) -> None:
    open_page(schemed, app)
    ask(schemed, "average delay in June")
    assert findings(schemed) == []


@pytest.mark.parametrize(
    "address", ["catalogue", "catalogue?table=gold.fct_flights", "catalogue?metric=on_time_rate"]
)
def test_the_catalogue(schemed: Page, app: str, address: str) -> None:
    schemed.goto(f"{app}/{address}")
    expect_heading(schemed, 1)
    assert findings(schemed) == []
